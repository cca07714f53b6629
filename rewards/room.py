"""What rewards answer when the house asks."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, F, Q

from members.ledger.models import Operation
from members.models import Membership
from rewards import operations
from rewards.models import Claim, HandOver


def may_undo(op: Operation, undone: Operation) -> None:
    operations.take_back_rewards(op, undone)


def undone(op: Operation, undone: Operation) -> bool:
    return operations.make_ready_again(op, undone)


def merged(op: Operation, gone: Membership, kept: Membership) -> None:
    operations.move_claims(op, gone, kept)


def tick(now: datetime) -> None:
    operations.expire_claims(now)


def audit() -> Iterator[str]:
    """A reward handed over has one hand-over that stands; no other has any."""
    standing = Count("hand_overs", filter=Q(hand_overs__undone_by=None))
    claims = Claim.objects.annotate(standing=standing)
    used = Q(state=Claim.State.HANDED_OVER)
    for claim in claims.exclude(used & Q(standing=1) | ~used & Q(standing=0)):
        yield f"claim {claim.pk} is {claim.state} with {claim.standing} hand-overs"
    for hand_over in HandOver.objects.exclude(claim__shop=F("shop")):
        yield f"hand-over {hand_over.pk} reaches into another shop"
