"""What the till says about what was done: one line, and whether it can be undone."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.forms import Form
from django.utils.translation import gettext as _

from loyalty.actors import Actor
from loyalty.models import Counter
from members import kinds, rooms
from members.ledger.models import Account, Operation
from members.models import Membership
from members.operations import latest_at
from rewards.models import Claim
from rewards.points import units
from stampcards.counter.forms import UndoForm

# What a line about a claim needs of it.
TOLD_OF = ("account__programme", "account__rule_version", "reservation__drop")


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


def given(membership: Membership, answer: dict[str, Any], key: UUID) -> Said:
    """What every programme gave, and where the card stands now."""
    name, parts = name_of(membership), _parts(answer)
    lines = [kinds.kind(part["kind"]).told(part) for part in parts if _is_of_a_kind(part)]
    said = _("%(name)s: %(what)s") % {"name": name, "what": " ".join(lines)}
    others = [_of_a_room(part, name) for part in parts if not _is_of_a_kind(part)]
    return Said(" ".join([said, *others]).strip(), undo=key)


def _is_of_a_kind(part: dict[str, Any]) -> bool:
    """Is it what a programme gave? Other rooms have something to tell, too."""
    return part["kind"] in settings.PROGRAMME_KINDS


def _of_a_room(part: dict[str, Any], name: str) -> str:
    """Maja is Gold now."""
    return " ".join(
        filter(None, (told(part, name) for told in rooms.answering("told_at_the_till")))
    )


def _parts(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """What an operation gave in each programme. Stamps stand in the answer itself."""
    own = [{"kind": "stamps", **answer}] if "given" in answer else []
    return [*own, *answer.get("also", [])]


def handed_out(membership: Membership, claim: Claim, key: UUID) -> Said:
    """Where the card stands now. Needs of the claim what is in TOLD_OF."""
    account = claim.account
    if account and account.membership_id != membership.pk:  # earned before two cards became one
        same = membership.accounts.filter(programme=account.programme_id)
        account = same.select_related("programme", "rule_version").first()
    if claim.source == Claim.Source.EARLY:
        return Said(f"{name_of(membership)}: {_given_out(claim.title, seat=is_seat(claim))}", key)
    if account is None:
        return Said(_("Handed out."), undo=key)
    standing = _standing(account)
    if claim.source == Claim.Source.CARD:
        words = _("Handed out. New card: %(standing)s.")
    else:
        words = _("Handed out. Now %(standing)s.")
    return Said(words % {"standing": standing}, undo=key)


def is_seat(claim: Claim) -> bool:
    """Was it reserved at an event? Needs claim.reservation and its drop, if it has one."""
    return claim.source == Claim.Source.EARLY and claim.reservation.drop.is_event


def of_level(membership: Membership, title: str, key: UUID) -> Said:
    """What went over the counter for a level."""
    told = {"name": name_of(membership), "reward": title}
    return Said(_("%(name)s: %(reward)s handed out.") % told, undo=key)


def redeemed(membership: Membership, answer: dict[str, Any], key: UUID) -> Said:
    """What went over the counter for points, and how many are left."""
    told = {
        "name": name_of(membership),
        "reward": answer["title"],
        "standing": units.words(answer["after"], *answer["unit"]),
    }
    return Said(_("%(name)s: %(reward)s handed out. Now %(standing)s.") % told, undo=key)


def undone(membership: Membership, undone: Operation) -> Said:
    if undone.kind == "merge":
        return parted(undone)
    touched = Q(entries__operation=undone) | Q(claims__hand_overs__operation=undone)
    accounts = Account.objects.filter(touched, membership=membership)
    accounts = accounts.select_related("programme", "rule_version").order_by("programme")
    lines = [_standing(account) for account in accounts.distinct()]
    if not lines:
        return Said(_("Undone."))
    told = {"name": name_of(membership), "standing": ", ".join(lines)}
    return Said(_("Undone. %(name)s has %(standing)s.") % told)


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
        account.programme.name: _standing(account) for account in accounts.order_by("programme")
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


def card_before(counter: Counter, code: str, key: str) -> Membership | None:
    """The card of these letters, if this counter did something on it under this key.

    It may be part of another one by now: whoever got no answer then asks once more, and is told
    what was done.
    """
    done = done_here(counter, key)
    card = done and done.membership
    return card if card and card.counter_code == code.upper() else None


def of_operation(operation: Operation) -> Said | None:
    """The line again, from what was stored."""
    card, answer = operation.membership, operation.answer
    if card is None or answer is None:
        return None
    if operation.kind in _giving():
        return given(card, answer, operation.key)
    if operation.kind == "hand_over":
        claims = Claim.objects.select_related(*TOLD_OF)
        return handed_out(card, claims.get(pk=answer["claim"]), operation.key)
    if operation.kind == "redeem_now":
        return redeemed(card, answer, operation.key)
    if operation.kind == "take_perk":
        return of_level(card, answer["title"], operation.key)
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
    at_events = Claim.objects.filter(reservation__drop__starts_at__isnull=False)
    seats = set(at_events.filter(hand_overs__operation__in=done).values_list("pk", flat=True))
    return [
        Deed(
            operation=operation,
            name=name_of(operation.membership) if operation.membership else "",
            what=what,
            undone=str(operation.key) in gone,
            form=UndoForm(initial={"listed": True}, auto_id=f"undo{operation.pk}_%s"),
        )
        for operation in done
        if (what := _what(operation, seats))
    ]


def _what(operation: Operation, seats: set[int]) -> str:
    answer = operation.answer or {}
    if operation.kind in _giving():
        own = filter(_is_of_a_kind, _parts(answer))
        return ", ".join(kinds.kind(part["kind"]).deed(part) for part in own)
    if operation.kind in ("hand_over", "redeem_now", "take_perk"):
        return _given_out(answer["title"], seat=answer["claim"] in seats)
    if operation.kind == "merge":
        return _("Merged with another card")
    return ""


def _given_out(title: str, *, seat: bool) -> str:
    if seat:
        return _("Checked in: %(event)s") % {"event": title}
    return _("Handed out: %(reward)s") % {"reward": title}


def _standing(account: Account) -> str:
    """4 of 9."""
    words: str = kinds.kind(account.programme.kind).standing(account)
    return words


def _giving() -> set[str]:
    """What gives something: each kind's deeds, and what a manager counts afterwards."""
    return {"count_late"}.union(*(kinds.kind(name).DEEDS for name in settings.PROGRAMME_KINDS))
