"""What the till says about what was done: one line, and whether it can be undone."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.actors import Actor
from loyalty.models import Counter
from members import rooms
from members.ledger.models import Account, Operation
from members.models import Membership
from members.operations import latest_at
from rewards.models import Claim
from stampcards.counter.forms import UndoForm
from stampcards.rules import StampRules

STAMPED = ("add_stamps", "count_late")  # what gave stamps: the counter, or a manager afterwards


@dataclass(frozen=True)
class Said:
    """The line after an action. `undo` is the key of what can be taken back."""

    text: str
    undo: UUID | None = None
    good: bool = True
    form: UndoForm = field(default_factory=UndoForm)


def name_of(membership: Membership) -> str:
    """How staff call a customer: Maja, or Member 482 913."""
    return membership.name or _("Member %(code)s") % {"code": membership.spoken_code}


def stamped(membership: Membership, answer: Any, key: UUID) -> Said:
    extra = answer.get("extra", "")
    n = answer["given"] - bool(extra)
    told = {
        "name": name_of(membership),
        "n": n,
        "extra": extra,
        "done": answer["after"],
        "need": answer["need"],
    }
    if extra:
        words = ngettext(
            "%(name)s: %(n)d stamp, %(extra)s +1. Now %(done)d of %(need)d.",
            "%(name)s: %(n)d stamps, %(extra)s +1. Now %(done)d of %(need)d.",
            n,
        )
    else:
        words = ngettext(
            "%(name)s: %(n)d stamp. Now %(done)d of %(need)d.",
            "%(name)s: %(n)d stamps. Now %(done)d of %(need)d.",
            n,
        )
    return Said(words % told, undo=key)


def handed_out(membership: Membership, claim: Claim, key: UUID) -> Said:
    """Where the card stands now. Needs claim.account with its rule_version."""
    account = claim.account
    if account and account.membership_id != membership.pk:  # earned before two cards became one
        same = membership.accounts.filter(programme=account.programme_id)
        account = same.select_related("rule_version").first()
    if account is None:
        return Said(_("Handed out."), undo=key)
    told = {"done": account.balance, "need": _need(account)}
    return Said(_("Handed out. New card: %(done)d of %(need)d.") % told, undo=key)


def undone(membership: Membership, undone: Operation) -> Said:
    if undone.kind == "merge":
        return parted(undone)
    touched = Q(entries__operation=undone) | Q(claims__hand_overs__operation=undone)
    accounts = Account.objects.filter(touched, membership=membership)
    account = accounts.select_related("rule_version").first()
    if account is None:
        return Said(_("Undone."))
    told = {"name": name_of(membership), "done": account.balance, "need": _need(account)}
    return Said(_("Undone. %(name)s has %(done)d of %(need)d.") % told)


def merged(kept: Membership, key: UUID) -> Said:
    """Where the card stands that two became."""
    lines = standings(kept)
    told = {"name": name_of(kept), "standing": ", ".join(lines)}
    if len(lines) == 1:
        return Said(_("Merged. %(name)s has %(standing)s.") % told, undo=key)
    return Said(_("Merged. %(name)s: %(standing)s.") % told, undo=key)


def parted(merge: Operation) -> Said:
    answer = merge.answer or {}
    cards = Membership.objects.in_bulk([answer["gone"], answer["membership"]])
    told = {
        "name": name_of(cards[answer["membership"]]),
        "other": name_of(cards[answer["gone"]]),
    }
    return Said(_("Undone. %(name)s and %(other)s are two cards again.") % told)


def standings(membership: Membership) -> list[str]:
    """4 of 9; of several cards each with its name."""
    accounts = membership.accounts.select_related("programme", "rule_version")
    told = {
        account.programme.name: rooms.kind(account.programme.kind).standing(account)
        for account in accounts.order_by("programme")
    }
    if len(told) == 1:
        return list(told.values())
    return [_("%(card)s: %(standing)s") % {"card": c, "standing": s} for c, s in told.items()]


def wrong(form: Form) -> Said:
    """Why a form without visible fields was not done."""
    lines = [str(line) for lines in form.errors.values() for line in lines]
    return Said(" ".join(dict.fromkeys(lines)), good=False)


def done_here(counter: Counter, key: str) -> Operation | None:
    """What this counter did under a key; None for anybody else's, or for no key at all."""
    if not key:
        return None
    try:
        here = Operation.objects.filter(counter=counter, key=UUID(key))
    except ValueError:
        return None
    done = here.filter(answer__refused__isnull=True, membership__isnull=False)
    return done.select_related("membership").first()


def of_operation(operation: Operation) -> Said | None:
    """The line again, from what was stored."""
    card, answer = operation.membership, operation.answer
    if card is None or answer is None:
        return None
    if operation.kind in STAMPED:
        return stamped(card, answer, operation.key)
    if operation.kind == "hand_over":
        claims = Claim.objects.select_related("account__rule_version")
        return handed_out(card, claims.get(pk=answer["claim"]), operation.key)
    if operation.kind == "merge":
        return merged(card, operation.key)
    if operation.kind == "undo":
        return undone(card, Operation.objects.get(key=answer["undone"]))
    return None


@dataclass(frozen=True)
class Deed:
    """A line of the last ten."""

    operation: Operation
    name: str
    what: str
    undone: bool
    form: UndoForm


def last_deeds(counter: Counter, now: Any) -> list[Deed]:
    """What this counter did last today, newest first."""
    done = latest_at(Actor.of_counter(counter), now)
    keys = {str(operation.key) for operation in done}
    undos = Operation.objects.filter(
        kind="undo", membership__in=[operation.membership_id for operation in done]
    ).values_list("answer", flat=True)
    gone = keys & {answer.get("undone") for answer in undos if answer}
    return [
        Deed(
            operation=operation,
            name=name_of(operation.membership) if operation.membership else "",
            what=what,
            undone=str(operation.key) in gone,
            form=UndoForm(initial={"listed": True}, auto_id=f"undo{operation.pk}_%s"),
        )
        for operation in done
        if (what := _what(operation))
    ]


def _what(operation: Operation) -> str:
    answer = operation.answer or {}
    if operation.kind in STAMPED:
        n = answer["given"]
        return ngettext("%(n)d stamp", "%(n)d stamps", n) % {"n": n}
    if operation.kind == "hand_over":
        return _("Handed out: %(reward)s") % {"reward": answer["title"]}
    if operation.kind == "merge":
        return _("Merged with another card")
    return ""


def _need(account: Account) -> int:
    return StampRules.read(account.rule_version.rules).need
