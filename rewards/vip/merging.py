"""Two cards become one, and two again: what was reserved goes with the card it is on."""

from typing import TypedDict

from members.ledger.models import Operation
from members.models import Membership
from rewards.models import Claim, HandOver
from rewards.vip import places, telling
from rewards.vip.models import Drop, Reservation, Vip

State = Reservation.State


class Moved(TypedDict):
    reservations: list[int]
    gave_up: list[int]  # places in a waiting list, where one of the two was enough
    picked: list[int]


def follow(op: Operation, gone: Membership, kept: Membership) -> Moved:
    """Reservations and waiting places are of the card that is kept, and so is being picked."""
    _lock_lists(gone, kept)
    gave_up = _give_up_twice(gone, kept)
    own = Reservation.objects.filter(membership=gone).order_by("pk")
    moved = list(own.values_list("pk", flat=True))
    # A waiting list may have moved up a moment ago: what came of it goes along.
    Claim.objects.filter(reservation__in=moved, membership=gone).update(membership=kept)
    Reservation.objects.filter(pk__in=moved).update(membership=kept)
    return {"reservations": moved, "gave_up": gave_up, "picked": _pick(gone, kept)}


def part(undone: Operation, moved: Moved, gone: Membership, kept: Membership) -> None:
    """Each has its own again; what was collected since stays with the one it was collected with."""
    _lock_lists(gone, kept)
    own = Reservation.objects.filter(pk__in=moved["reservations"], membership=kept)
    collected = HandOver.objects.filter(undone_by=None, operation__gt=undone.pk)
    since = own.filter(claim__in=collected.values("claim"))
    back = list(own.exclude(pk__in=since.values("pk")).values_list("pk", flat=True))
    Claim.objects.filter(reservation__in=back, membership=kept).update(membership=gone)
    Reservation.objects.filter(pk__in=back).update(membership=gone)
    telling.go_back(back, kept, gone)
    _wait_again(moved["gave_up"])
    Vip.objects.filter(pk__in=moved["picked"], membership=kept).update(membership=gone)


def _wait_again(gave_up: list[int]) -> None:
    """Unless they have asked anew since."""
    for each in Reservation.objects.filter(pk__in=gave_up, state=State.OVER):
        own = Reservation.objects.filter(drop=each.drop_id, membership=each.membership_id)
        if not (own.waiting().exists() or own.held().exists()):
            each.state = State.WAITING
            each.save(update_fields=["state"])


def _lock_lists(gone: Membership, kept: Membership) -> None:
    """Both cards are locked by now. Nobody moves up in these lists until we are done."""
    waiting = Reservation.objects.filter(membership__in=[gone, kept]).waiting()
    drops = Drop.objects.filter(pk__in=waiting.order_by().values("drop")).order_by("pk")
    for drop in drops:
        places.lock(drop)


def _give_up_twice(gone: Membership, kept: Membership) -> list[int]:
    """One waits once: in the place that is further ahead, and not at all with a seat already."""
    too_many = []
    waiting = Reservation.objects.filter(membership__in=[gone, kept]).waiting()
    seen: set[int] = set(_seats(gone, kept))
    for each in waiting:
        if each.drop_id in seen:
            places.leave(each)
            too_many.append(each.pk)
        seen.add(each.drop_id)
    return too_many


def _seats(gone: Membership, kept: Membership) -> list[int]:
    held = Reservation.objects.filter(membership__in=[gone, kept]).held()
    return list(held.values_list("drop", flat=True))


def _pick(gone: Membership, kept: Membership) -> list[int]:
    standing = Vip.objects.filter(until=None)
    if standing.filter(membership=kept).exists():
        return []
    own = standing.filter(membership=gone)
    picked = list(own.values_list("pk", flat=True))
    own.update(membership=kept)
    return picked
