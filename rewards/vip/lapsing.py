"""What was reserved and not collected in time is there for others again."""

from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID

from django_scopes import scope, scopes_disabled

from loyalty import keys
from loyalty.actors import Actor, Channel
from members.ledger import posting
from members.ledger.models import Operation, local_day
from members.models import Membership
from rewards.models import Claim, HandOver
from rewards.vip import places, telling
from rewards.vip.models import Reservation
from rewards.vip.waiting import fill

# A hand-over undone after the limit was the shop's mistake: so long it is kept once more.
GRACE = timedelta(days=1)


class Lapsed(TypedDict):
    claim: int  # 0: it was collected, or let go, a moment ago


def lapse(now: datetime) -> int:
    """Take back what was kept long enough, in every shop. Late or twice does no harm.

    The key comes from the claim and its limit: what an undo keeps once more can lapse again.
    """
    with scopes_disabled():
        late = Reservation.objects.ready().filter(claim__use_by__lt=now)
        found = list(late.select_related("claim", "membership", "drop", "shop").order_by("pk"))
    return sum(_lapse(one, now) for one in found)


def _lapse(late: Reservation, now: datetime) -> bool:
    limit = late.claim and late.claim.use_by
    with scope(shop=late.shop):
        key = keys.derived("lapse_early", late.claim_id, late.membership_id, limit)
        done = lapse_one(
            membership=late.membership,
            reservation=late,
            key=key,
            actor=Actor(late.shop, Channel.JOB, at=now),
        )
        fill(late.drop, after=key, at=now)
    return bool(done["claim"])


@posting.operation("lapse_early")
def lapse_one(
    op: Operation, *, membership: Membership, reservation: Reservation, key: UUID, actor: Actor
) -> Lapsed:
    """One reservation whose limit is over, unless its member came in the meantime."""
    drop = places.lock(reservation.drop)
    late = Claim.objects.filter(reservation=reservation, membership=membership)
    claim = late.filter(use_by__lt=op.occurred_at).first()
    if claim is None or not places.free(drop, claim, Claim.State.EXPIRED):
        return {"claim": 0}
    telling.is_theirs_no_more(reservation)
    return {"claim": claim.pk}


def keep_once_more(op: Operation, undone: Operation) -> None:
    """A hand-over is undone after the pick-up limit: its member gets another day.

    Not for a seat in what is over.
    """
    handed = HandOver.objects.filter(operation=undone, undone_by=None)
    things = Claim.objects.reserved().filter(reservation__drop__starts_at=None)
    late = list(things.filter(hand_overs__in=handed, use_by__lt=op.occurred_at))
    if not late:
        return
    until = op.occurred_at + GRACE
    kept = Claim.objects.filter(pk__in=[claim.pk for claim in late])
    kept.update(use_by=until, expires_on=local_day(op.shop, until))
    telling.limit_has_changed(late)
