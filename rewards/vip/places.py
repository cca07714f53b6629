"""How many of a drop are left, and who has them. All of it under the lock of the drop."""

from datetime import datetime, timedelta
from typing import TypedDict

from django.db.models import F, QuerySet

from members.ledger.models import Operation, local_day
from members.models import Membership
from rewards.catalogue.refusals import SoldOut
from rewards.models import Claim
from rewards.operations import issue_claim
from rewards.vip import audience
from rewards.vip.models import Drop, Reservation
from rewards.vip.moments import next_midnight

State = Reservation.State


class Held(TypedDict):
    reservation: int
    claim: int


def lock(drop: Drop) -> Drop:
    """The drop as it is now; whoever else wants one of it waits.

    Two members count what one of them has had, a limit is lowered while somebody reserves: what
    is decided here is about several rows, and an update of one of them cannot decide it. Who
    locks a card as well locks the card first.
    """
    drops = Drop.objects.select_for_update(no_key=True, of=("self",))
    return drops.select_related(None).get(pk=drop.pk)


def hold(op: Operation, drop: Drop, membership: Membership, why: str) -> Held:
    """One of what is left is kept for a member, as part of an operation. Refused: SoldOut."""
    claim = issue(op, drop, membership)
    kept = note(op, drop, membership, state=State.HELD, why=why, claim=claim)
    return {"reservation": kept.pk, "claim": claim.pk}


def issue(op: Operation, drop: Drop, membership: Membership) -> Claim:
    """The right to one of what is left. Refused: SoldOut."""
    take_one(drop)
    use_by = kept_until(drop, op.occurred_at)
    return issue_claim(
        op,
        membership=membership,
        source=Claim.Source.EARLY,
        title=drop.name,
        terms=drop.price,
        value_minor=0,
        expires_on=local_day(op.shop, use_by) if use_by else None,
        use_by=use_by,
    )


def take_one(drop: Drop) -> None:
    """One of those that are left, if they are counted. Refused: SoldOut."""
    if drop.quantity is None:
        return
    if not Drop.objects.filter(pk=drop.pk, left__gt=0).update(left=F("left") - 1):
        raise SoldOut


def free(drop: Drop, claim: Claim, state: Claim.State) -> bool:
    """End a claim that is ready, and let somebody else have it. False: it is not ready."""
    ready = Claim.objects.filter(pk=claim.pk, state=Claim.State.READY)
    if not ready.update(state=state):
        return False
    Drop.objects.filter(pk=drop.pk, quantity__isnull=False).update(left=F("left") + 1)
    return True


def kept_until(drop: Drop, now: datetime) -> datetime | None:
    """Until when something reserved now is kept, a place until the end. None: no such limit."""
    if drop.is_event:
        ends = drop.ends_at or (drop.starts_at and next_midnight(drop.shop, drop.starts_at))
        return ends or None
    held = now + timedelta(hours=drop.hold_hours) if drop.hold_hours else None
    limits = [limit for limit in (held, drop.collect_by) if limit]
    return min(limits, default=None)


def is_full(drop: Drop, now: datetime) -> bool:
    """Is every place taken, or wanted by somebody who waits for it already?"""
    left = Drop.objects.values_list("left", flat=True).get(pk=drop.pk)
    if left is None:
        return False
    return left <= in_line(drop, now).count()


def in_line(drop: Drop, now: datetime) -> "QuerySet[Reservation]":
    """Who waits and may still come, longest first."""
    may = audience.entitled(drop.openings.select_related("tier"), now)
    return Reservation.objects.filter(drop=drop, membership__in=may).waiting()


def note(
    op: Operation,
    drop: Drop,
    membership: Membership,
    *,
    state: Reservation.State,
    why: str = "",
    claim: Claim | None = None,
) -> Reservation:
    """Write down what a member said, or has."""
    return Reservation.objects.create(
        shop=op.shop,
        drop=drop,
        membership=membership,
        state=state,
        claim=claim,
        why=why,
        asked_at=op.occurred_at,
        operation=op,
    )


def leave(waiting: Reservation) -> None:
    """The waiting list gets shorter."""
    waiting.state = State.OVER
    waiting.save(update_fields=["state"])
