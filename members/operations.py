"""What can happen to a card: made, named, tied to a person, given new codes, merged, undone."""

from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _
from django_scopes import scope

from loyalty import codes, keys
from loyalty.actors import Actor, Channel
from loyalty.models import Person, Shop
from loyalty.refusals import Refused
from members import rooms
from members.ledger import accounts, posting
from members.ledger.models import LedgerEntry, Operation, local_day
from members.models import Membership, Programme, RetiredCode

UNDOABLE_AT_A_COUNTER = 10  # the latest of the day


class ShopPaused(Refused):
    """The shop takes no new members right now."""

    code = "shop_paused"

    def __str__(self) -> str:
        return _("%(shop)s is not taking new members right now.") % self.values


class NothingToUndo(Refused):
    """It was undone before, or is an undo itself."""

    code = "nothing_to_undo"

    def __str__(self) -> str:
        return _("This was undone already.")


class TooLateToUndo(Refused):
    """Not among this counter's latest actions of today."""

    code = "too_late_to_undo"

    def __str__(self) -> str:
        return _("Only today's latest 10 can be undone here. Ask the owner.")


class NotMergeable(Refused):
    """Two cards of one shop become one; not a card with itself, and not twice."""

    code = "not_mergeable"

    def __str__(self) -> str:
        return _("These two cards are already one.")


class SavedByAnother(Refused):
    """The card belongs to somebody else: holding its link does not give it away."""

    code = "saved_by_another"

    def __str__(self) -> str:
        return _("This card is saved. Sign in with its e-mail to change it.")


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
    programmes = list(Programme.objects.in_order())
    on_pause = bool(programmes) and all(programme.paused_since for programme in programmes)
    if actor.shop.paused_since or on_pause:
        raise ShopPaused(shop=actor.shop.name)
    if person and (card := _card_of(person)):
        return {"membership": card.pk}
    membership = Membership.objects.create(
        shop=op.shop,
        person=person,
        name=person.name if person else "",
        private=keys.secret(bits=192),
        counter_code=codes.counter_code(),
        short_code=_free_short_code(),
        language=language,
        source=source,
        source_detail=source_detail,
        joined_at=op.occurred_at,
        accepted_rules_at=op.occurred_at,
    )
    for programme in programmes:
        accounts.open_for(op, membership, programme)
    for joined in rooms.answering("joined"):
        joined(op, membership)
    return {"membership": membership.pk}


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
    _retire_codes(op, membership, membership)
    membership.counter_code = codes.counter_code()
    membership.short_code = _free_short_code()
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
    merge(gone=membership, kept=other, key=key, actor=actor)
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


class Merged(TypedDict):
    membership: int


@posting.operation("merge")
def merge(op: Operation, *, gone: Membership, kept: Membership, key: UUID, actor: Actor) -> Merged:
    """Make one card of two: every line kept, dates kept, the welcome counted once.

    The codes and the link of the card that is gone lead to the one that is kept.
    Refused: NotMergeable.
    """
    gone.refresh_from_db()  # under the lock: somebody may have been quicker
    kept.refresh_from_db()
    if gone.pk == kept.pk or gone.merged_into_id or kept.merged_into_id:
        raise NotMergeable
    for merged in rooms.answering("merged"):
        merged(op, gone, kept)
    _retire_codes(op, gone, kept)
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    kept.name = kept.name or gone.name
    kept.person = kept.person or gone.person
    kept.save(update_fields=["name", "person"])
    return {"membership": kept.pk}


class Undone(TypedDict):
    undone: str


@posting.operation("undo")
def undo(
    op: Operation, *, membership: Membership, undone: Operation, key: UUID, actor: Actor
) -> Undone:
    """Reverse a whole operation of this card. The original stays; the member sees a correction.

    At a counter: its own latest actions of today, if nothing of it was used since.
    Refused: NothingToUndo, TooLateToUndo, AlreadySpent, and what the rooms refuse.
    """
    if undone.membership_id != membership.pk or undone.kind == "undo":
        raise NothingToUndo
    if LedgerEntry.objects.filter(reverses__operation=undone).exists():
        raise NothingToUndo
    if actor.channel == Channel.COUNTER and undone not in latest_at(actor, op.occurred_at):
        raise TooLateToUndo
    for may_undo in rooms.answering("may_undo"):
        may_undo(op, undone)
    touched = posting.reverse(op, undone)
    elsewhere = [after(op, undone) for after in rooms.answering("undone")]
    if not touched and not any(elsewhere):
        raise NothingToUndo
    for account in touched:
        for settle in rooms.answering("settle"):
            settle(op, account)
    return {"undone": str(undone.key)}


def latest_at(actor: Actor, now: datetime) -> list[Operation]:
    """What this counter did last today, newest first: what it may undo."""
    midnight = datetime.combine(local_day(actor.shop, now), datetime.min.time(), actor.shop.zone)
    done = Operation.objects.filter(
        counter=actor.counter,
        occurred_at__gte=midnight,
        occurred_at__lt=midnight + timedelta(days=2),
        answer__refused__isnull=True,
    ).exclude(kind="undo")
    return list(done.select_related("membership", "staff").order_by("-pk")[:UNDOABLE_AT_A_COUNTER])


def _free_short_code() -> str:
    """A code no card of this shop has or had. Of two who choose alike, the database stops one."""
    while True:
        short = codes.short_code()
        taken = Membership.objects.filter(short_code=short)
        retired = RetiredCode.objects.filter(short_code=short)
        if not taken.exists() and not retired.exists():
            return short


def _retire_codes(op: Operation, card: Membership, leads_to: Membership) -> None:
    RetiredCode.objects.create(
        shop=op.shop,
        membership=leads_to,
        counter_code=card.counter_code,
        short_code=card.short_code,
        retired_at=op.occurred_at,
    )
