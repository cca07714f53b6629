"""What operations did, as their shop reads it: on the page of one card, and in the log of all."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from loyalty import money
from loyalty.actors import Channel
from loyalty.dashboard.members.forms import WHY_CORRECTED, WHY_TAKEN_BACK
from loyalty.journal.models import Change
from loyalty.models import Person, Shop, StaffMember
from members import kinds
from members.card.happenings import in_words
from members.card.history import words_of
from members.ledger.models import LedgerEntry, Operation
from members.models import Membership, Programme
from rewards.models import Claim, HandOver
from rewards.room import words_of_hand_over
from rewards.tiers.models import TierMove
from rewards.tiers.words import of_move

Kind = LedgerEntry.Kind
EARLY = Claim.Source.EARLY
# Done to a card without an entry. Functions, because the reader's language is known only later.
DEEDS = {
    "merge": lambda answer: _("Another card became part of this one"),
    "replace_codes": lambda answer: _("New code"),
    "save_card": lambda answer: _("Saved with an e-mail"),
    "let_go": lambda answer: _("Let a reservation go"),
    "move_to_phone": lambda answer: _("Moved from paper to a phone"),
    "choose_for_card": lambda answer: _("Reward chosen: %(reward)s") % {"reward": answer["title"]},
}


@dataclass(frozen=True)
class Part:
    """One thing an operation did."""

    words: str
    change: str = ""  # "+1 stamp"
    programme: str = ""  # its name, where there are several of a kind


class Deeds:
    """All that is known of a few operations, read at once: as `card` saw them, where one is given;
    otherwise each as the card it was asked for, or made, saw it."""

    def __init__(
        self, shop: Shop, operations: list[Operation], card: Membership | None = None
    ) -> None:
        self.shop, self.card, self.operations = shop, card, operations
        signed_in = StaffMember.objects.filter(shop=shop, role__isnull=False)
        self.names = dict(signed_in.values_list("role__person", "name"))
        entries = in_words(LedgerEntry.objects.filter(operation__in=operations)).order_by("pk")
        own = entries.filter(self._own("account__membership"))
        self.entries = _by_operation(own, "operation_id")
        self.several = self._several_of_a_kind()
        handed = HandOver.objects.select_related(
            "claim__reservation__drop", "undone_by__staff", "undone_by__actor"
        )
        self.handed = _by_operation(handed.filter(operation__in=operations), "operation_id")
        self.back = _by_operation(handed.filter(undone_by__in=operations), "undone_by_id")
        issued = Claim.objects.filter(operation__in=operations).exclude(source=Claim.Source.POINTS)
        self.issued = _by_operation(issued, "operation_id")
        moves = TierMove.objects.filter(self._own("membership"), operation__in=operations)
        self.moves = _by_operation(moves.select_related("tier", "before"), "operation_id")
        reversals = LedgerEntry.objects.filter(reverses__operation__in=operations)
        reversals = reversals.select_related("reverses", "operation__staff", "operation__actor")
        self.reversals = {back.reverses.operation_id: back for back in reversals if back.reverses}
        self.unreserved = {(back.answer or {})["undone"]: back for back in self._unreserved()}

    def _unreserved(self) -> QuerySet[Operation]:
        """What took a reservation back has no entry that would name it."""
        issued = chain.from_iterable(self.issued.values())
        reserving = [claim.operation_id for claim in issued if claim.source == EARLY]
        taken = [op for op in self.operations if op.pk in reserving]
        cards = [self.card.pk] if self.card else [op.membership_id for op in taken]
        undos = Operation.objects.filter(membership__in=cards, kind="undo")
        undos = undos.filter(answer__undone__in=[str(op.key) for op in taken])
        return undos.select_related("staff", "actor")

    def _own(self, card: str) -> Q:
        if self.card:
            return Q(**{card: self.card})
        return Q(**{card: F("operation__membership")}) | Q(operation__membership=None)

    def _several_of_a_kind(self) -> list[str]:
        collecting = Programme.objects.filter(shop=self.shop)
        if self.card:
            collecting = collecting.filter(accounts__membership=self.card)
        kinds = Counter(collecting.values_list("kind", flat=True))
        return [kind for kind, n in kinds.items() if n > 1]

    def parts(self, operation: Operation) -> Iterator[Part]:
        yield from self._booked(self.entries[operation.pk])
        if self.card and operation.membership_id not in (None, self.card.pk):
            return  # it stands on another card, and booked here as well
        if deed := DEEDS.get(operation.kind):
            yield Part(deed(operation.answer or {}))
        for claim in self.issued[operation.pk]:
            yield Part(_issued(claim))
        for given in self.handed[operation.pk]:
            yield Part(words_of_hand_over(given.claim))
        for move in self.moves[operation.pk]:
            yield Part(_moved(move))
        for given in self.back[operation.pk]:
            yield Part(_("Back on the card: %(reward)s") % {"reward": given.claim.title})

    def _booked(self, entries: list[LedgerEntry]) -> Iterator[Part]:
        """What was moved lot by lot is one thing to whoever reads it."""
        for (words, programme), alike in groupby(
            entries, lambda e: (_words(e), e.account.programme)
        ):
            several = list(alike)
            change = _change(several[0], sum(entry.amount for entry in several))
            yield Part(words, change, programme.name if programme.kind in self.several else "")

    def paid(self, operation: Operation) -> str:
        """74 kr, or ""."""
        visits = (entry.visit for entry in self.entries[operation.pk] if entry.visit)
        amount = next((visit.amount_minor for visit in visits if visit.amount_minor), None)
        return money.shown(amount, self.shop.currency) if amount else ""

    def undone(self, operation: Operation) -> str:
        """Taken back by Ingrid: Refund; or ""."""
        if back := self.reversals.get(operation.pk):
            return self._undone_words(back.operation, back.reason)
        for given in self.handed[operation.pk]:
            if given.undone_by:
                return self._undone_words(given.undone_by, reason_of(given.undone_by))
        if taken := self.unreserved.get(str(operation.key)):
            return self._undone_words(taken, reason_of(taken))
        return ""

    def _undone_words(self, back: Operation, reason: str) -> str:
        told = {"name": self.who(back) or _("the shop"), "reason": WHY_TAKEN_BACK.get(reason, "")}
        if reason in WHY_TAKEN_BACK:
            return _("Taken back by %(name)s: %(reason)s") % told
        if back.kind == "lapse_claim":
            return _("Ran out unused")
        return _("Undone by %(name)s") % told

    def who_and_where(self, operation: Operation) -> str:
        """Storgata, Ola."""
        place = operation.counter.location.name if operation.counter else ""
        return ", ".join(filter(None, [place, self.who(operation)]))

    def who(self, found: Operation | Change) -> str:
        """The first name of who did it; "" for what happened by itself."""
        if found.staff:
            return found.staff.name
        if found.channel == Channel.CARD:
            return _("the customer")
        return self.name_of(found.actor) if found.actor else ""

    def name_of(self, person: Person) -> str:
        """As colleagues know them; whoever was invited never told their name anywhere else."""
        return self.names.get(person.pk) or person.name

    def still_reserved(self, operation: Operation) -> bool:
        """Does it hold something that was reserved, and not handed out?"""
        issued = self.issued[operation.pk]
        return any(one.source == EARLY and one.state == Claim.State.READY for one in issued)


def _by_operation(things: Iterable[Any], name: str) -> dict[int, list[Any]]:
    sorted_out: dict[int, list[Any]] = defaultdict(list)
    for thing in things:
        sorted_out[getattr(thing, name)].append(thing)
    return sorted_out


def _issued(claim: Claim) -> str:
    if claim.source == EARLY:
        return _("Reserved: %(item)s") % {"item": claim.title}
    return _("Reward ready: %(reward)s") % {"reward": claim.title}


def _moved(move: TierMove) -> str:
    words = of_move(move)
    return _("%(what)s, taken back since") % {"what": words} if move.undone_by_id else words


def _words(entry: LedgerEntry) -> str:
    """Why. A plain purchase needs no words: the place stands beside it."""
    if entry.kind == Kind.EARN and entry.visit and not entry.reason:
        return ""
    if entry.kind == Kind.ADJUST and entry.reason in WHY_CORRECTED:
        return _("Corrected: %(reason)s") % {"reason": WHY_CORRECTED[entry.reason]}
    if entry.kind == Kind.REVERSE and entry.operation.kind == "undo":
        if entry.reverses and entry.reverses.kind == Kind.TRANSFER:
            return _("Two cards again")
        return _taken_back(entry)
    return words_of(entry)


def _taken_back(entry: LedgerEntry) -> str:
    """What was not there any more is owed since."""
    owed = entry.reverses.amount + entry.amount if entry.reverses else 0
    if entry.amount > 0 or owed <= 0:
        return _("Taken back")
    return _("Taken back. Owed: %(amount)s") % {"amount": _amount(entry, owed)}


def _change(entry: LedgerEntry, n: int) -> str:
    """+1 stamp, or −9 stamps with a true minus; "" for nothing: all of it was spent."""
    return with_sign(_amount(entry, abs(n)), n) if n else ""


def _amount(entry: LedgerEntry, n: int) -> str:
    return kinds.kind(entry.account.programme.kind).amount_words(entry.rule_version, n)


def with_sign(amount: str, n: int) -> str:
    return f"−{amount}" if n < 0 else f"+{amount}"


def reason_of(operation: Operation) -> str:
    """The code of what was chosen from a list; ""."""
    return (operation.answer or {}).get("reason", "")
