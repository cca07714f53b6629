"""The waiting list of an event moves up."""

from collections.abc import Iterator
from datetime import datetime
from typing import cast
from uuid import UUID

from django_scopes import scope, scopes_disabled

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members.ledger import posting
from members.ledger.models import Operation
from members.messages import operations as messages
from members.messages.models import Message
from members.models import Membership
from rewards.vip import places
from rewards.vip.models import Drop, Reservation
from rewards.vip.places import Held

NOBODY: Held = {"reservation": 0, "claim": 0}


def fill(drop: Drop, *, after: object, at: datetime | None = None) -> int:
    """Give free places of an event to those who wait longest and may still come. Counts places.

    `after`: what freed them; the same again gives nothing more. What a crash leaves undone, the
    next one to free a place does, or the worker.
    """
    now = at or clock.now()
    if not drop.is_event or _is_too_late(drop, now):
        return 0
    with scope(shop=drop.shop):
        return sum(
            bool(
                move_up(
                    membership=one.membership,
                    reservation=one,
                    key=keys.derived("move_up", one.pk, after),
                    actor=Actor(drop.shop, Channel.JOB, at=now),
                )["claim"]
            )
            for one in _next_in_line(drop, now)
        )


def fill_places(now: datetime) -> None:
    """The same of every event with a place and somebody who waits, in every shop."""
    with scopes_disabled():
        waited_for = Reservation.objects.waiting().values("drop")
        drops = Drop.objects.current(now).with_some_left().filter(pk__in=waited_for)
        found = list(drops.select_related("shop").order_by("pk"))
    for drop in found:
        fill(drop, after=now.isoformat(), at=now)


def _next_in_line(drop: Drop, now: datetime) -> Iterator[Reservation]:
    """While there are places: whoever waits longest, each once."""
    asked: list[int] = []
    while Drop.objects.with_some_left().filter(pk=drop.pk).exists():
        waiting = places.in_line(drop, now).exclude(pk__in=asked)
        found = waiting.select_related("membership").first()
        if found is None:
            return
        asked.append(found.pk)
        yield found


def _is_too_late(drop: Drop, now: datetime) -> bool:
    """Who waits stays at home: it is closed, or has begun."""
    return drop.is_over(now) or (drop.starts_at is not None and drop.starts_at <= now)


@posting.operation("move_up")
def move_up(
    op: Operation, *, membership: Membership, reservation: Reservation, key: UUID, actor: Actor
) -> Held:
    """A place is free, and this member has waited longest for one. They are told."""
    drop = places.lock(reservation.drop)
    now = op.occurred_at
    if drop.left == 0 or _is_too_late(drop, now):
        return NOBODY
    waiting = places.in_line(drop, now).filter(membership=membership, pk=reservation.pk).first()
    if waiting is None:
        return NOBODY
    claim = places.issue(op, drop, membership)
    waiting.state, waiting.claim, waiting.operation = Reservation.State.HELD, claim, op
    waiting.save(update_fields=["state", "claim", "operation"])
    messages.tell(
        membership,
        template="rewards/vip/mail/place",
        values={
            "name": drop.name,
            "at": cast(datetime, drop.starts_at).isoformat(),  # every event has a start
            "zone": op.shop.time_zone,
        },
        purpose=Message.Purpose.SERVICE,
        once=f"place-{waiting.pk}",
        at=now,
        until=drop.starts_at,
    )
    return {"reservation": waiting.pk, "claim": claim.pk}
