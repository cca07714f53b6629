"""A manager takes back what a member reserved, as anything else that was done on a card."""

from django.db.models import QuerySet

from members.ledger.models import Operation
from members.refusals import NothingToUndo
from rewards.models import Claim
from rewards.vip import places, telling
from rewards.vip.models import Reservation

RESERVING = ("reserve", "reply", "move_up")


def give_back(op: Operation, undone: Operation) -> None:
    """Somebody else can have it. What was let go or has lapsed was given back then.

    Refused: NothingToUndo. What has left the shop, `rewards` refuses.
    """
    if undone.kind not in RESERVING:
        return
    for one in _reserved_by(undone).select_related("drop", "claim"):
        if one.claim is None or one.claim.state not in Claim.STANDING:
            raise NothingToUndo
        if places.free(places.lock(one.drop), one.claim, Claim.State.CANCELLED):
            telling.is_theirs_no_more(one)


def was_reserved_by(undone: Operation) -> bool:
    """Was there something to give back? Asked after `give_back` did not refuse."""
    return undone.kind in RESERVING and _reserved_by(undone).exists()


def _reserved_by(undone: Operation) -> "QuerySet[Reservation]":
    return Reservation.objects.filter(operation=undone, claim__isnull=False)
