"""Who is told that a programme ends, and that it goes on after all. The worker does it."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django_scopes import scope, scopes_disabled

from loyalty.journal.models import Change
from loyalty.models import Shop
from loyalty.outbox import operations as outbox
from loyalty.outbox.models import OutboxMessage
from members.ending.dates import announced
from members.ledger.models import Account, local_day
from members.messages import operations as messages
from members.messages.models import Message
from members.models import Membership, Programme

MAIL = "members/ending/mail/"
HOLD = timedelta(minutes=5)  # in which an owner may think again, before anybody is told
AT_ONCE = 200  # members


def once(programme: Programme) -> str:
    """Under which members are told: other days are told anew."""
    return f"{_any(programme)}{programme.collects_until}-{programme.honoured_until}"


def _any(programme: Programme) -> str:
    return f"end-{programme.pk}-"


def stop_mail(programme: Programme) -> None:
    """Mail about its end that still waits does not go out."""
    told = Message.objects.true().filter(once__startswith=_any(programme))
    outbox.call_off(OutboxMessage.objects.filter(pk__in=told.values("posted")))


def tell(now: datetime) -> int:
    """Tell members of the ends that were announced, and of those that were called off.

    Stopped in the middle, it goes on with those who have not been told. Counts members.
    """
    with scopes_disabled():
        ends = Programme.objects.filter(honoured_until__isnull=False).values("shop")
        told = Message.objects.true().filter(template=f"{MAIL}ends").values("shop")
        shops = list(Shop.objects.filter(Q(pk__in=ends) | Q(pk__in=told)))
    return sum(_tell_in(shop, now) for shop in shops)


def _tell_in(shop: Shop, now: datetime) -> int:
    with scope(shop=shop):
        if Change.objects.filter(what="programme_ends", at__gt=now - HOLD).exists():
            return 0
        return sum(
            _take_back(programme, now) + _announce(programme, now)
            for programme in Programme.objects.in_order()
        )


def _announce(programme: Programme, now: datetime) -> int:
    end = announced(programme)
    if end is None or programme.ended(local_day(programme.shop, now)):
        return 0
    values = {
        "card": programme.name,
        "day": end.collects_until.isoformat(),
        "until": end.honoured_until.isoformat(),
    }
    told, last = 0, 0
    while some := list(_untold(programme).filter(pk__gt=last)[:AT_ONCE]):
        told += sum(_tell(card, "ends", values, once(programme), now) for card in some)
        last = some[-1].pk
    return told


def _untold(programme: Programme) -> "QuerySet[Membership]":
    """Whoever ever had something in it, and has not heard of these days."""
    had = Account.objects.filter(membership=OuterRef("pk"), programme=programme, last_seq__gt=0)
    heard = Message.objects.true().filter(membership=OuterRef("pk"), once=once(programme))
    return Membership.objects.current().filter(Exists(had), ~Exists(heard)).order_by("pk")


def _tell(card: Membership, what: str, values: dict[str, str], key: str, now: datetime) -> bool:
    told = messages.tell(
        card,
        template=f"{MAIL}{what}",
        values=values,
        purpose=Message.Purpose.SERVICE,
        once=key,
        at=now,
        until=now if what == "ends" else None,  # of an end, the card itself speaks
    )
    return told is not None


def _take_back(programme: Programme, now: datetime) -> int:
    """What was told is not true any more: who read it in a mail is told so."""
    told = Message.objects.true().filter(once__startswith=_any(programme))
    wrong = told.exclude(once=once(programme)).select_related("membership", "posted")
    return sum(_set_right(programme, message, now) for message in wrong.order_by("pk"))


def _set_right(programme: Programme, message: Message, now: datetime) -> bool:
    messages.take_off(message.membership, message.once)
    read = message.posted and message.posted.state == OutboxMessage.State.SENT
    if not read or announced(programme):  # other days are told to everybody
        return False
    values = {"card": programme.name}
    return _tell(message.membership, "goes_on", values, f"goes-on-{message.pk}", now)
