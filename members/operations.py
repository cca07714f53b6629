"""What can happen to a card: made, named, tied to a person, given new codes, undone."""

from datetime import datetime, timedelta
from typing import Any, TypedDict
from uuid import UUID

from django.db import IntegrityError
from django_scopes import scope

from loyalty import codes, keys
from loyalty.actors import Actor, Channel
from loyalty.calendar import midnight
from loyalty.models import Person, Shop
from members import rooms
from members.card_codes import free_short_code, retire_codes
from members.ledger import accounts, posting, reversing
from members.ledger.models import LedgerEntry, Operation, local_day
from members.merging import Undone, merge, undo_merge
from members.models import Membership, Programme
from members.refusals import (
    NothingToUndo,
    NotMergeable,
    SavedByAnother,
    ShopPaused,
    TooLateToUndo,
    TooLateToVoid,
    VoidNeedsReason,
)

UNDOABLE_AT_A_COUNTER = 10  # the latest of the day
# Done at a counter, and nothing to undo there.
NO_DEEDS = ["undo", "join", "enrol", "take_up", "move_back", "cancel_claim"]
FINAL = ("undo", "merge", "cancel_claim", "lapse_claim")  # what undoes something, or is undone else
VOIDABLE_FOR = timedelta(days=30)  # by a manager (ux-screens 6)
VOID_REASONS = ("refund", "mistake", "other")
LINK_BITS = 192  # of a private link


class Joined(TypedDict):
    membership: int


@posting.operation("join")
def join(
    op: Operation,
    *,
    source: Membership.Source,
    source_detail: str = "",
    language: str,
    person: Person | None = None,
    key: UUID,
    actor: Actor,
) -> Joined:
    """Make a card and open its programmes. The same key, or the same person, makes one card.

    Refused: ShopPaused, also while everything one could collect in is on pause.
    """
    programmes = open_programmes(op)
    if person and (card := _card_of(person)):
        return {"membership": card.pk}
    membership = take_in(
        op,
        programmes,
        person=person,
        name=person.name if person else "",
        counter_code=codes.counter_code(),
        short_code=free_short_code(),
        language=language,
        source=source,
        source_detail=source_detail,
    )
    return {"membership": membership.pk}


def open_programmes(op: Operation) -> list[Programme]:
    """The programmes a new member collects in: those that are on, and whose end is not there.

    Refused: ShopPaused.
    """
    today = local_day(op.shop, op.occurred_at)
    offered = list(Programme.objects.on().goes_on(today).in_order())
    none_runs = all(programme.paused_since for programme in offered)
    if op.shop.paused_since or (none_runs and Programme.objects.exists()):
        raise ShopPaused(shop=op.shop.name)
    return offered


def take_in(op: Operation, programmes: list[Programme], **card: Any) -> Membership:
    """A new member with these fields, an account in each programme, and what joining gives."""
    membership = new_card(op, programmes, **card)
    for joined in rooms.answering("joined"):
        joined(op, membership)
    return membership


def new_card(op: Operation, programmes: list[Programme], **card: Any) -> Membership:
    """A card with these fields and an empty account in each programme; nothing is given."""
    membership = Membership.objects.create(
        shop=op.shop,
        private=keys.secret(bits=LINK_BITS),
        joined_at=op.occurred_at,
        accepted_rules_at=op.occurred_at,
        **card,
    )
    for programme in programmes:
        accounts.open_for(op, membership, programme)
    return membership


def _card_of(person: Person) -> Membership | None:
    # One person joins in two tabs: the second waits here until the first has its card.
    list(Person.objects.select_for_update(no_key=True).filter(pk=person.pk).values_list("pk"))
    return Membership.objects.current().filter(person=person).first()


def rename(membership: Membership, name: str) -> None:
    """What the shop calls this customer. An empty name is an answer too."""
    membership.name, membership.named = name, True
    membership.save(update_fields=["name", "named"])


class NewCodes(TypedDict):
    counter_code: str
    short_code: str


@posting.operation("replace_codes")
def replace_codes(op: Operation, *, membership: Membership, key: UUID, actor: Actor) -> NewCodes:
    """Give a card new codes. The old ones are dead from this moment."""
    membership.refresh_from_db(fields=["counter_code", "short_code"])
    retire_codes(op, membership, membership)
    membership.counter_code = codes.counter_code()
    membership.short_code = free_short_code()
    membership.save(update_fields=["counter_code", "short_code"])
    return {"counter_code": membership.counter_code, "short_code": membership.short_code}


class Saved(TypedDict):
    membership: int
    merged: bool


def save_card(
    *,
    membership: Membership,
    person: Person,
    instead_of: int | None = None,
    key: UUID,
    actor: Actor,
) -> Saved:
    """Tie a card to a person who proved their e-mail. If they have one here, the two become one.

    `instead_of` is the person (pk) it belonged to when this was asked for; None: nobody.
    Refused: NotMergeable, SavedByAnother.
    """
    other = _other_card(person, membership, actor.shop)
    if other is None:
        try:
            return _tie(
                membership=membership, person=person, instead_of=instead_of, key=key, actor=actor
            )
        except IntegrityError:  # a second tab tied another card to them a moment ago
            other = _other_card(person, membership, actor.shop)
            if other is None:
                raise
    if membership.person_id not in (None, instead_of, person.pk):
        raise SavedByAnother
    merge(kept=other, gone=membership, key=key, actor=actor)
    return {"membership": other.pk, "merged": True}


def _other_card(person: Person, membership: Membership, shop: Shop) -> Membership | None:
    with scope(shop=shop):
        theirs = Membership.objects.current().filter(person=person)
        return theirs.exclude(pk=membership.pk).first()


@posting.operation("save_card")
def _tie(
    op: Operation,
    *,
    membership: Membership,
    person: Person,
    instead_of: int | None,
    key: UUID,
    actor: Actor,
) -> Saved:
    membership.refresh_from_db(fields=["merged_into", "person"])  # somebody may have been quicker
    if membership.merged_into_id:
        raise NotMergeable
    if membership.person_id not in (None, instead_of, person.pk):
        raise SavedByAnother
    membership.person = person
    membership.save(update_fields=["person"])
    return {"membership": membership.pk, "merged": False}


def undo(*, membership: Membership, undone: Operation, key: UUID, actor: Actor) -> Undone:
    """Reverse a whole operation of this card. The original stays; the member sees a correction.

    At a counter: its own latest actions of today, if nothing of it was used since; and for a day
    what made two cards one. Refused: NothingToUndo, TooLateToUndo, MergeStands, AlreadySpent,
    and what the rooms refuse.
    """
    if undone.kind == "merge":
        return undo_merge(undone=undone, key=key, actor=actor)
    return _undo(membership=membership, undone=undone, key=key, actor=actor)


@posting.operation("undo")
def _undo(
    op: Operation, *, membership: Membership, undone: Operation, key: UUID, actor: Actor
) -> Undone:
    _must_stand(membership, undone)
    if actor.channel == Channel.COUNTER and undone not in latest_at(actor, op.occurred_at):
        raise TooLateToUndo
    return _take_back(op, undone)


class Voided(Undone):
    reason: str  # a hand-over has no entry to keep it


@posting.operation("undo")
def void(
    op: Operation,
    *,
    membership: Membership,
    undone: Operation,
    reason: str,
    key: UUID,
    actor: Actor,
) -> Voided:
    """A manager takes back anything of the last 30 days, for a reason, also what was spent since.

    What is not there any more is owed, and taken from what comes next. `reason`: one of
    VOID_REASONS. Refused: NothingToUndo, VoidNeedsReason, TooLateToVoid, AlreadySpent for what
    went to another card, and what the rooms refuse.
    """
    _must_stand(membership, undone)
    if reason not in VOID_REASONS:
        raise VoidNeedsReason
    if op.occurred_at > undone.occurred_at + VOIDABLE_FOR:
        raise TooLateToVoid
    return {**_take_back(op, undone, owe=True, reason=reason), "reason": reason}


def _must_stand(membership: Membership, undone: Operation) -> None:
    if undone.membership_id != membership.pk or undone.kind in FINAL:
        raise NothingToUndo
    if LedgerEntry.objects.filter(reverses__operation=undone).exists():
        raise NothingToUndo


def _take_back(
    op: Operation, undone: Operation, *, owe: bool = False, reason: str = "undo"
) -> Undone:
    for may_undo in rooms.answering("may_undo"):
        may_undo(op, undone)
    touched = reversing.reverse(op, undone, owe=owe, reason=reason)
    elsewhere = [after(op, undone) for after in rooms.answering("undone")]
    if not touched and not any(elsewhere):
        raise NothingToUndo
    for account in touched:
        for settle in rooms.answering("settle"):
            settle(op, account)
    return {"undone": str(undone.key)}


def latest_at(actor: Actor, now: datetime) -> list[Operation]:
    """What this counter did last today, newest first: what it may undo."""
    today = midnight(local_day(actor.shop, now), actor.shop.zone)
    done = Operation.objects.filter(
        counter=actor.counter,
        occurred_at__gte=today,
        occurred_at__lt=today + timedelta(days=2),
        answer__refused__isnull=True,
    ).exclude(kind__in=NO_DEEDS)
    return list(done.select_related("membership", "staff").order_by("-pk")[:UNDOABLE_AT_A_COUNTER])
