"""What came of taking something back, or of correcting a balance: the line a manager reads next."""

from collections import defaultdict
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.dashboard.deeds import with_sign
from loyalty.refusals import Refused
from members import kinds
from members.adjusting import Adjusted
from members.card.happenings import in_words
from members.ledger import posting
from members.ledger.models import Account, LedgerEntry, Operation
from members.models import Membership
from rewards.models import HandOver
from stampcards.operations import CARD_FULL

Kind = LedgerEntry.Kind


class LaterFirst(Refused):
    """What happened since stands on it: a later card was filled, or the card became another."""

    code = "later_first"

    def __str__(self) -> str:
        return _("What came later stands on this. Take that back first, or correct the balance.")


def taken_back(key: UUID) -> str:
    """Taken back: 7 points. 3 are owed."""
    back = Operation.objects.get(key=key)
    reversals = in_words(LedgerEntry.objects.filter(operation=back, kind=Kind.REVERSE))
    by_account: dict[int, list[LedgerEntry]] = defaultdict(list)
    for entry in reversals.order_by("account__programme", "seq"):
        by_account[entry.account_id].append(entry)
    taken, owed, given = [], [], []
    for entries in by_account.values():
        taken.append((entries[0], _taken(entries)))
        owed.append((entries[0], _earned(entries) - _taken(entries)))
        given.append((entries[0], _given(entries)))
    titles = HandOver.objects.filter(undone_by=back).values_list("claim__title", flat=True)
    sentences = [
        _sentence(_("Taken back: %(what)s."), taken),
        _owed(owed, alone=_amounts(taken) != []),
        _sentence(_("Given back: %(what)s."), given),
        *(_("Back on the card: %(reward)s.") % {"reward": title} for title in titles),
    ]
    return " ".join(filter(None, sentences)) or _("Taken back.")


def corrected(card: Membership, answer: Adjusted) -> str:
    """Corrected: +5 points. Now 69 points."""
    accounts = Account.objects.select_related("programme", "rule_version", "shop")
    account = accounts.get(membership=card, programme=answer["programme"])
    kind = kinds.kind(account.programme.kind)
    amount = kind.amount_words(account.rule_version, abs(answer["amount"]))
    told = {"change": with_sign(amount, answer["amount"]), "standing": kind.standing(account)}
    return _("Corrected: %(change)s. Now %(standing)s.") % told


def owed_words(n: int) -> str:
    """8 owed after a correction."""
    return ngettext("%(n)d owed after a correction", "%(n)d owed after a correction", n) % {"n": n}


def _credits(entries: list[LedgerEntry]) -> list[LedgerEntry]:
    """What had been earned, and what was taken from it at once for an older debt."""
    return [
        entry
        for entry in entries
        if entry.reverses and (entry.reverses.amount > 0 or entry.reverses.reason == posting.OWED)
    ]


def _earned(entries: list[LedgerEntry]) -> int:
    return sum(max(entry.reverses.amount, 0) for entry in _credits(entries) if entry.reverses)


def _taken(entries: list[LedgerEntry]) -> int:
    """What left the balance."""
    return -sum(entry.amount for entry in _credits(entries))


def _given(entries: list[LedgerEntry]) -> int:
    """What returned to it. That a card filled is no spending of its owner's."""
    kept = _credits(entries)
    spent = [entry for entry in entries if entry not in kept and entry.reverses]
    return sum(
        entry.amount for entry in spent if entry.reverses and entry.reverses.reason != CARD_FULL
    )


def _owed(owed: list[tuple[LedgerEntry, int]], *, alone: bool) -> str:
    if len(owed) == 1 and alone:
        n = owed[0][1]
        return ngettext("%(n)d is owed.", "%(n)d are owed.", n) % {"n": n} if n else ""
    return _sentence(_("Owed after this: %(what)s."), owed)


def _sentence(words: str, amounts: list[tuple[LedgerEntry, int]]) -> str:
    what = _amounts(amounts)
    return words % {"what": ", ".join(what)} if what else ""


def _amounts(amounts: list[tuple[LedgerEntry, int]]) -> list[str]:
    return [
        kinds.kind(entry.account.programme.kind).amount_words(entry.rule_version, n)
        for entry, n in amounts
        if n > 0
    ]
