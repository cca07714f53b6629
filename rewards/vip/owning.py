"""What an owner does: plans a drop, changes it, schedules it, closes it early; picks people.

Each is an operation, so that a double tap does it once and it is known who did it and when. What
members have reserved is theirs, whatever is changed.
"""

from typing import TypedDict
from uuid import UUID

from loyalty import clock
from loyalty.actors import Actor
from loyalty.journal import operations as journal
from loyalty.pictures.encoding import Encoded
from loyalty.pictures.models import Picture
from loyalty.pictures.operations import change_picture
from members import visits
from members.ledger import posting
from members.ledger.models import Operation, local_day
from members.models import Membership
from rewards.models import Claim
from rewards.vip import facts, places, plans, telling
from rewards.vip.models import Drop, Opening, Reservation, Vip
from rewards.vip.plans import OpensTo, Plan
from rewards.vip.refusals import (
    AlreadyOpen,
    AlreadyScheduled,
    BelowReserved,
    Closed,
    NotScheduled,
    OtherKind,
)
from rewards.vip.waiting import fill


class Planned(TypedDict):
    drop: int


class Changed(Planned):
    moved: list[int]  # seats (reservations) whose evening starts at another time now


class Picked(TypedDict):
    vip: int  # 0: nothing was to be done


@posting.operation("plan_drop")
def add_drop(
    op: Operation,
    *,
    plan: Plan,
    picture: Encoded | Picture | None = None,
    key: UUID,
    actor: Actor,
) -> Planned:
    """A draft, which nobody sees. Refused: as `plans.check`, and OpensInThePast."""
    plans.check(plan)
    plans.check_future(plan, op.occurred_at)
    wanted = plan.stored(op.shop)
    drop = Drop.objects.create(
        shop=op.shop, left=wanted["quantity"], created_at=op.occurred_at, **wanted
    )
    _open_to(drop, plan)
    change_picture(drop, picture)
    journal.write(actor, "drop_added", about=drop.name)
    return {"drop": drop.pk}


def change_drop(
    *,
    drop: Drop,
    plan: Plan,
    picture: Encoded | Picture | None = None,
    key: UUID,
    actor: Actor,
) -> Planned:
    """What holds from now on. More of it is more left; a waiting list moves up at once.

    What is reserved is never kept shorter than was promised. Refused: as `plans.check`,
    OpensInThePast for openings that were not there before, BelowReserved, OtherKind once it is
    scheduled, Closed. The guests of an event that starts at another time are told.
    """
    done = _change_drop(drop=drop, plan=plan, picture=picture, key=key, actor=actor)
    drop.refresh_from_db()
    telling.tell_new_start(drop, done["moved"], actor.at or clock.now())
    fill(drop, after=key, at=actor.at)
    return done


@posting.operation("change_drop")
def _change_drop(
    op: Operation,
    *,
    drop: Drop,
    plan: Plan,
    picture: Encoded | Picture | None,
    key: UUID,
    actor: Actor,
) -> Changed:
    drop = places.lock(drop)
    known = frozenset(plans.of(drop).openings) if drop.scheduled_at else frozenset[OpensTo]()
    if drop.closed_at:
        raise Closed
    if drop.scheduled_at and drop.kind != plan.kind:
        raise OtherKind
    plans.check(plan)
    plans.check_future(plan, op.occurred_at, known)
    before = facts.of_drop(drop)
    wanted = plan.stored(op.shop)
    wanted["left"] = _left(drop, wanted["quantity"])
    moved = drop.starts_at != wanted["starts_at"]
    seats = telling.start_has_changed(drop) if moved else []
    for name, value in wanted.items():
        setattr(drop, name, value)
    drop.save(update_fields=list(wanted))
    _open_to(drop, plan)
    _keep_as_long(op, drop)
    change_picture(drop, picture)
    after = facts.of_drop(drop)
    journal.write(actor, "drop_changed", about=drop.name, before=before, after=after)
    return {"drop": drop.pk, "moved": seats}


@posting.operation("schedule_drop")
def schedule(op: Operation, *, drop: Drop, key: UUID, actor: Actor) -> Planned:
    """From now on it is announced, and opens by itself.

    Refused: AlreadyScheduled, OpensInThePast, if a draft lay too long, and as `plans.check`.
    """
    drop = places.lock(drop)
    if drop.scheduled_at:
        raise AlreadyScheduled
    plan = plans.of(drop)
    plans.check(plan)
    plans.check_future(plan, op.occurred_at)
    drop.scheduled_at = op.occurred_at
    drop.save(update_fields=["scheduled_at"])
    journal.write(actor, "drop_scheduled", about=drop.name)
    return {"drop": drop.pk}


@posting.operation("unschedule_drop")
def unschedule(op: Operation, *, drop: Drop, key: UUID, actor: Actor) -> Planned:
    """A draft again, until it opens. Refused: NotScheduled, AlreadyOpen, also if it was put off
    since and somebody has answered."""
    drop = places.lock(drop)
    if drop.scheduled_at is None:
        raise NotScheduled
    opened = drop.openings.filter(at__lte=op.occurred_at)
    if opened.exists() or Reservation.objects.filter(drop=drop).exists():
        raise AlreadyOpen
    drop.scheduled_at = None
    drop.save(update_fields=["scheduled_at"])
    journal.write(actor, "drop_unscheduled", about=drop.name)
    return {"drop": drop.pk}


@posting.operation("close_drop")
def close_early(op: Operation, *, drop: Drop, key: UUID, actor: Actor) -> Planned:
    """Nobody can reserve it or answer any more; what is reserved stays so until its limit.

    Twice changes nothing. Refused: NotScheduled.
    """
    drop = places.lock(drop)
    if drop.scheduled_at is None:
        raise NotScheduled
    if drop.closed_at is None:
        drop.closed_at = op.occurred_at
        drop.save(update_fields=["closed_at"])
        telling.call_off(drop.openings.all())
        journal.write(actor, "drop_closed", about=drop.name)
    return {"drop": drop.pk}


@posting.operation("pick")
def pick(op: Operation, *, membership: Membership, key: UUID, actor: Actor) -> Picked:
    """From now on this member is one of the shop's own. Twice changes nothing.

    Refused: CardIsAnother.
    """
    visits.must_be_in_use(op, membership)
    if Vip.objects.filter(membership=membership, until=None).exists():
        return {"vip": 0}
    vip = Vip.objects.create(
        shop=op.shop, membership=membership, since=op.occurred_at, by=actor.person
    )
    return {"vip": vip.pk}


@posting.operation("unpick")
def unpick(op: Operation, *, membership: Membership, key: UUID, actor: Actor) -> Picked:
    """They are not, from now on. What they reserved stays theirs; the log keeps both names."""
    standing = Vip.objects.filter(membership=membership, until=None)
    found = standing.first()
    standing.update(until=op.occurred_at, ended_by=actor.person)
    return {"vip": found.pk if found else 0}


def _left(drop: Drop, quantity: int | None) -> int | None:
    """How many nobody has, of so many altogether. Refused: BelowReserved."""
    if quantity is None:
        return None
    held = Reservation.objects.filter(drop=drop).held().count()
    if quantity < held:
        raise BelowReserved(held=held)
    return quantity - held


def _open_to(drop: Drop, plan: Plan) -> None:
    """The openings as planned. One that stays as it was keeps its row: its members were told."""
    rows = {OpensTo.of(row): row.pk for row in drop.openings.select_related("tier")}
    wanted = [opening.plain for opening in plan.openings]
    gone = drop.openings.filter(pk__in=[rows[each] for each in rows if each not in wanted])
    telling.call_off(gone)
    gone.delete()
    for opening in wanted:
        if opening not in rows:
            Opening.objects.create(shop=drop.shop, drop=drop, **opening.stored())


def _keep_as_long(op: Operation, drop: Drop) -> None:
    """A place in an event is kept until its new end; a thing never shorter than was promised."""
    ready = Claim.objects.filter(reservation__drop=drop, state=Claim.State.READY)
    until = places.kept_until(drop, op.occurred_at)
    if not drop.is_event:
        if drop.hold_hours:
            return
        ready = ready.filter(use_by__lt=until) if until else ready
    telling.limit_has_changed(ready.exclude(use_by=until))
    ready.update(use_by=until, expires_on=local_day(op.shop, until) if until else None)
