"""What members are told of early access, each thing once."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django_scopes import scope, scopes_disabled

from loyalty import clock
from loyalty.calendar import MORNING, by_day
from loyalty.models import Shop
from members.messages import operations as messages
from members.messages.models import Message
from members.models import Membership
from rewards.models import Claim
from rewards.telling import reminder
from rewards.vip import audience, places
from rewards.vip.models import Drop, Opening, Reservation

LATE = timedelta(days=1)  # what opened longer ago is no news
AT_ONCE = 200  # members
HOURS_BEFORE = timedelta(hours=3)
LAST_CALL = time(20)


def tell_openings(now: datetime) -> int:
    """Tell members of what has opened to them, in every shop. Counts members.

    Stopped in the middle, it goes on with those who have not been told. Who heard of an earlier
    opening of the same, or has one already, hears nothing new.
    """
    with scopes_disabled():
        openings = Opening.objects.filter(
            at__lte=now, at__gt=now - LATE, told_at=None, drop__in=_open(now)
        )
        due = list(openings.select_related("shop", "drop", "tier"))
    return sum(_tell(opening, now) for opening in due)


def _open(now: datetime) -> QuerySet[Drop]:
    return Drop.objects.current(now).filter(shop__live_since__isnull=False, shop__paused_since=None)


def _tell(opening: Opening, now: datetime) -> int:
    told, last = 0, 0
    with scope(shop=opening.shop):
        while some := list(_untold(opening, now).filter(pk__gt=last)[:AT_ONCE]):
            told += sum(_tell_one(opening, card, now) for card in some)
            last = some[-1].pk
        Opening.objects.filter(pk=opening.pk).update(told_at=now)
    return told


def _untold(opening: Opening, now: datetime) -> QuerySet[Membership]:
    """Whom it opens to and who has not heard of it. Nobody, once it is closed."""
    if not _open(now).filter(pk=opening.drop_id).exists():
        return Membership.objects.none()
    heard = [f"opening-{pk}" for pk in opening.drop.openings.values_list("pk", flat=True)]
    messages_of = Message.objects.filter(membership=OuterRef("pk"), once__in=heard)
    has_one = Reservation.objects.filter(membership=OuterRef("pk"), drop=opening.drop_id).held()
    members = audience.members_of(opening, now).filter(~Exists(messages_of), ~Exists(has_one))
    return members.order_by("pk")


def _tell_one(opening: Opening, card: Membership, now: datetime) -> bool:
    drop = opening.drop
    told = messages.tell(
        card,
        template="rewards/vip/mail/open",
        values={"name": drop.name, "price": drop.price, "event": drop.is_event},
        purpose=Message.Purpose.NEWS,
        once=f"opening-{opening.pk}",
        at=now,
        until=now,  # the card shows it anyway
    )
    return told is not None


def call_off(openings: QuerySet[Opening], member: Membership | None = None) -> None:
    """Closed, or put off; or their member has answered: mail that waits for the morning does not
    go out. `member`: to nobody else."""
    once = [f"opening-{pk}" for pk in openings.values_list("pk", flat=True)]
    waiting = Message.objects.filter(once__in=once, mail_at__gt=clock.now())
    _take_off(waiting.filter(membership=member) if member else waiting)


# --- Not true any more ---------------------------------------------------------------------------


def is_theirs_no_more(reservation: Reservation) -> None:
    """Given back, lapsed or taken back: their card calls it theirs no longer."""
    own = about_seats([reservation.pk])
    if reservation.claim:
        own.append(reminder(reservation.claim))
    _take_off(Message.objects.filter(membership=reservation.membership_id, once__in=own))


def limit_has_changed(claims: Iterable[Claim]) -> None:
    """The reminder named another one. Of the new one they are reminded in its time."""
    theirs = {reminder(claim): claim.membership_id for claim in claims}
    _take_off(Message.objects.filter(membership__in=theirs.values(), once__in=theirs))


def start_has_changed(drop: Drop) -> list[int]:
    """What its guests were told of the old one is not true any more. Returns their seats, whom
    `tell_new_start` tells the new one."""
    seats = list(Reservation.objects.filter(drop=drop).held().values_list("pk", flat=True))
    _take_off(Message.objects.filter(once__in=about_seats(seats)))
    return seats


def about_seats(seats: list[int]) -> list[str]:
    """Under what their guests are told when the evening starts."""
    return [f"{what}-{seat}" for seat in seats for what in ("place", "moved")]


def go_back(reservations: list[int], kept: Membership, gone: Membership) -> None:
    """Two cards are two again: what the one was told of the other one's is told to that one."""
    claims = Claim.objects.filter(reservation__in=reservations)
    once = [*about_seats(reservations), *(reminder(claim) for claim in claims)]
    Message.objects.filter(membership=kept, once__in=once).update(membership=gone)


def _take_off(told: QuerySet[Message]) -> None:
    for message in told.filter(taken_off_at=None).select_related("membership"):
        messages.take_off(message.membership, message.once)


# --- Another time --------------------------------------------------------------------------------


def tell_new_start(drop: Drop, seats: list[int], now: datetime) -> None:
    """Tell the guests of an event when it starts now. Each once, whoever asks again.

    Not within the operation that moved it: that one holds the drop, and whoever locks a card as
    well locks the card first.
    """
    with scope(shop=drop.shop):
        for seat in Reservation.objects.filter(pk__in=seats).select_related("membership"):
            _tell_start(seat, now)


@transaction.atomic
def _tell_start(seat: Reservation, now: datetime) -> None:
    """As it is under both locks: whoever moves it once more takes this off again."""
    card = messages.locked(seat.membership)
    drop = places.lock(seat.drop)
    kept = Reservation.objects.filter(pk=seat.pk, membership=card).ready().exists()
    if not kept or drop.starts_at is None or drop.starts_at <= now:
        return
    messages.tell(
        card,
        template="rewards/vip/mail/moved",
        values={
            "name": drop.name,
            "at": drop.starts_at.isoformat(),
            "zone": drop.shop.time_zone,
            "answered": drop.answer_by is None or drop.answer_by < now,
        },
        purpose=Message.Purpose.SERVICE,
        once=f"moved-{seat.pk}",
        at=now,
        until=drop.starts_at,
    )


# --- About to lapse ------------------------------------------------------------------------------


def tell_lapses(now: datetime) -> int:
    """Remind members of what they reserved and have not collected, in every shop, in the daytime
    before it lapses. Counts members."""
    with scopes_disabled():
        soon = Claim.objects.reserved().filter(
            state=Claim.State.READY, use_by__gt=now, use_by__lte=now + LATE
        )
        things = soon.filter(reservation__drop__starts_at=None)
        due = list(things.select_related("shop", "membership").order_by("pk"))
    return sum(_remind(claim, now) for claim in due if _is_time(claim, now))


def _is_time(claim: Claim, now: datetime) -> bool:
    """Long enough after it was reserved to be worth a word?"""
    if claim.use_by is None:
        return False
    moment = reminder_at(claim.shop, claim.use_by)
    return claim.issued_at < moment <= now


def reminder_at(shop: Shop, use_by: datetime) -> datetime:
    """Three hours before; or at eight in the evening before, if that would be at night."""
    moment = (use_by - HOURS_BEFORE).astimezone(shop.zone)
    if by_day(moment, shop.zone) == moment:
        return moment
    day = moment.date() - timedelta(days=moment.hour < MORNING)
    return datetime.combine(day, LAST_CALL, shop.zone)


def _remind(claim: Claim, now: datetime) -> bool:
    with scope(shop=claim.shop):
        told = messages.tell(
            claim.membership,
            template="rewards/vip/mail/lapses",
            values={"name": claim.title, **until(claim)},
            purpose=Message.Purpose.SERVICE,
            once=reminder(claim),
            at=now,
            until=claim.use_by,
        )
    return told is not None


def until(claim: Claim) -> dict[str, str]:
    """When it lapses, for a sentence that is made later."""
    at = claim.use_by.isoformat() if claim.use_by else ""
    return {"at": at, "zone": claim.shop.time_zone}
