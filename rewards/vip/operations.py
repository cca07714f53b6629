"""What members do: reserve, let go, say yes or no, leave the waiting list. And what time does.

Everything here waits for its member first, then for the drop, never the other way round. A free
place goes to whoever waits longest in an operation of their own, right after the one that freed
it: under the lock of both cards at once, two of them could wait for each other. No newcomer slips
in between, because who comes while others wait joins the queue.
"""

from typing import TypedDict
from uuid import UUID

from loyalty.actors import Actor
from members import visits
from members.ledger import posting
from members.ledger.models import Operation, local_day
from members.models import Membership
from members.refusals import NotStarted, ProgrammePaused
from rewards.catalogue.refusals import EnoughOfIt
from rewards.models import Claim
from rewards.operations import AlreadyUsed
from rewards.vip import audience, places, telling
from rewards.vip.models import Drop, Reservation
from rewards.vip.places import Held
from rewards.vip.refusals import (
    Closed,
    NotForYou,
    NotHeld,
    NotReplied,
    NotReserved,
    NotWaiting,
    NotYet,
    Over,
    ReplyTooLate,
)
from rewards.vip.waiting import fill

State = Reservation.State


class Replied(TypedDict):
    reservation: int
    claim: int  # 0: none
    state: str  # "held", "waiting" or "declined"


class Gone(TypedDict):
    reservation: int


@posting.operation("reserve")
def reserve(op: Operation, *, membership: Membership, drop: Drop, key: UUID, actor: Actor) -> Held:
    """Keep one of a drop for a member, until its pick-up limit.

    Refused: CardIsAnother, ProgrammePaused, NotStarted, NotReserved, Closed, Over, NotYet,
    NotForYou, EnoughOfIt, SoldOut.
    """
    _check_shop(op, membership)
    drop = places.lock(drop)
    right = _right(op, drop, membership)
    if not drop.is_reserved:
        raise NotReserved
    had = Reservation.objects.filter(drop=drop, membership=membership).held().count()
    if had >= drop.per_member:
        raise EnoughOfIt(most=drop.per_member)
    held = places.hold(op, drop, membership, right.why)
    telling.call_off(drop.openings.all(), membership)
    return held


def let_go(*, membership: Membership, reservation: Reservation, key: UUID, actor: Actor) -> Gone:
    """Give back what was reserved, so that somebody else can have it.

    Refused: NotHeld, AlreadyUsed once it was handed out, ReplyTooLate for an event.
    """
    done = _let_go(membership=membership, reservation=reservation, key=key, actor=actor)
    fill(reservation.drop, after=key, at=actor.at)
    return done


@posting.operation("let_go")
def _let_go(
    op: Operation, *, membership: Membership, reservation: Reservation, key: UUID, actor: Actor
) -> Gone:
    drop = places.lock(reservation.drop)
    _in_time(op, drop)
    _give_back(drop, membership, reservation)
    return {"reservation": reservation.pk}


def reply(*, membership: Membership, drop: Drop, coming: bool, key: UUID, actor: Actor) -> Replied:
    """Say yes or no to an event, and change one's mind until answers are closed.

    A yes is a place, or one on the waiting list; a no frees it, on pause as well. The same answer
    twice changes nothing. Refused: CardIsAnother, ProgrammePaused, NotStarted, NotReplied, Closed,
    Over, NotYet, NotForYou, ReplyTooLate, AlreadyUsed for a no from whoever has come in.
    """
    said = _reply(membership=membership, drop=drop, coming=coming, key=key, actor=actor)
    fill(drop, after=key, at=actor.at)
    return said


@posting.operation("reply")
def _reply(
    op: Operation, *, membership: Membership, drop: Drop, coming: bool, key: UUID, actor: Actor
) -> Replied:
    drop = places.lock(drop)
    if not drop.is_event:
        raise NotReplied
    telling.call_off(drop.openings.all(), membership)
    own = Reservation.objects.filter(drop=drop, membership=membership).select_related("claim")
    if not coming:
        visits.must_be_in_use(op, membership)
        _in_time(op, drop)
        return _decline(op, drop, membership, list(own))
    _check_shop(op, membership)
    right = _right(op, drop, membership)
    _in_time(op, drop)
    if standing := own.held().first() or own.waiting().first():
        return _replied(standing)
    if places.is_full(drop, op.occurred_at):
        waits = places.note(op, drop, membership, state=State.WAITING, why=right.why)
        return _replied(waits)
    held = places.hold(op, drop, membership, right.why)
    return {**held, "state": State.HELD.value}


def _decline(op: Operation, drop: Drop, membership: Membership, own: list[Reservation]) -> Replied:
    if not own:
        _right(op, drop, membership)  # whoever is not invited has nothing to decline
    for each in own:
        if each.state == State.WAITING:
            places.leave(each)
        elif each.claim and each.claim.state in (Claim.State.READY, Claim.State.HANDED_OVER):
            _give_back(drop, membership, each)
    latest = max(own, key=lambda each: each.pk, default=None)
    if latest and latest.state == State.DECLINED:
        return _replied(latest)
    return _replied(places.note(op, drop, membership, state=State.DECLINED))


@posting.operation("leave_queue")
def leave_waiting_list(
    op: Operation, *, membership: Membership, reservation: Reservation, key: UUID, actor: Actor
) -> Gone:
    """Wait no longer for a place. Refused: NotWaiting, also if the place has come meanwhile."""
    places.lock(reservation.drop)
    waiting = Reservation.objects.waiting().filter(membership=membership)
    found = waiting.filter(pk=reservation.pk).first()
    if found is None:
        raise NotWaiting
    places.leave(found)
    return {"reservation": found.pk}


def _check_shop(op: Operation, membership: Membership) -> None:
    """Is the card in use, and the shop?"""
    visits.must_be_in_use(op, membership)
    if op.shop.live_since is None:
        raise NotStarted
    if op.shop.paused_since:
        raise ProgrammePaused(since=local_day(op.shop, op.shop.paused_since).isoformat())


def _right(op: Operation, drop: Drop, membership: Membership) -> audience.Right:
    """By which right this member may, now. Refused: Closed, Over, NotYet, NotForYou."""
    now = op.occurred_at
    if drop.scheduled_at is None:
        raise NotForYou
    if drop.closed_at:
        raise Closed
    if drop.has_ended(now):
        raise Over
    rights = audience.rights_of(drop.openings.select_related("tier"), membership, now)
    if not rights:
        raise NotForYou
    if rights[0].opening.at > now:
        raise NotYet(opens_at=rights[0].opening.at.isoformat())
    return rights[0]


def _in_time(op: Operation, drop: Drop) -> None:
    """Of an event: can answers still be given?"""
    if drop.answer_by and drop.answer_by < op.occurred_at:
        raise ReplyTooLate(by=drop.answer_by.isoformat())


def _give_back(drop: Drop, membership: Membership, reservation: Reservation) -> None:
    """The place is free again. Refused: NotHeld, AlreadyUsed."""
    own = Reservation.objects.held().filter(membership=membership, pk=reservation.pk)
    found = own.select_related("claim").first()
    if found is None or found.claim is None:
        raise NotHeld
    if not places.free(drop, found.claim, Claim.State.CANCELLED):
        raise _used(found.claim)
    telling.is_theirs_no_more(found)


def _used(claim: Claim) -> AlreadyUsed:
    given = claim.hand_overs.select_related("staff").get(undone_by=None)
    return AlreadyUsed(at=given.at.isoformat(), staff=given.staff.name if given.staff else "")


def _replied(reservation: Reservation) -> Replied:
    claim = reservation.claim_id or 0
    return {"reservation": reservation.pk, "claim": claim, "state": reservation.state}
