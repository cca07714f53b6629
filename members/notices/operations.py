"""Who is told today, what they were told, and the mail."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import chain

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django_scopes import scope, scopes_disabled

from loyalty.calendar import by_day
from loyalty.models import Shop
from members import rooms
from members.ledger.models import Operation, local_day
from members.messages import operations as messages
from members.models import Membership
from members.notices.models import DAYS_BEFORE, Notice
from members.rooms import RunsOut

Due = tuple[date, int]  # a last good day, and which notice of it


def tell_in_time(now: datetime) -> int:
    """Mail everybody who asked for it what runs out in 30, 7 or 1 days. Returns how many mails.

    Late, it sends the nearest notice that is still true, and no earlier one. Twice sends nothing.
    """
    with scopes_disabled():
        shops = list(Shop.objects.filter(memberships__service_mail=True).distinct())
    return sum(_tell_members(shop, now) for shop in shops if _is_day(shop, now))


def _is_day(shop: Shop, now: datetime) -> bool:
    """In the evening it waits: by the morning, what is good today has run out."""
    return by_day(now, shop.zone) == now


def _tell_members(shop: Shop, now: datetime) -> int:
    today = local_day(shop, now)
    with scope(shop=shop):
        due = _due(Membership.objects.with_service_mail(), today)
        cards = Membership.objects.select_related("shop", "person").in_bulk(due)
        return sum(tell(cards[pk], sorted(notices), now) for pk, notices in due.items())


def _due(members: "QuerySet[Membership]", today: date) -> dict[int, set[Due]]:
    """The notices each of them has not had yet, by the membership's pk."""
    due: defaultdict[int, set[Due]] = defaultdict(set)
    for thing in running_out(members, today, today + timedelta(days=max(DAYS_BEFORE))):
        due[thing.membership].add((thing.day, _notice(thing.day, today)))
    sent = Notice.objects.filter(membership__in=due, runs_out_on__gte=today)
    for pk, day, days_before in sent.values_list("membership", "runs_out_on", "days_before"):
        due[pk].discard((day, days_before))
    return {pk: notices for pk, notices in due.items() if notices}


def _notice(day: date, today: date) -> int:
    """Which notice it is time for: on the 29th day before, the one of 30 days, late."""
    left = (day - today).days
    return min(days for days in DAYS_BEFORE if days >= left)


def running_out(
    members: "QuerySet[Membership]", since: date, until: date | None
) -> Iterator[RunsOut]:
    """All that those cards lose if nothing happens, as the rooms say."""
    asked = rooms.answering("running_out")
    return chain.from_iterable(answer(members, since, until) for answer in asked)


def tell(card: Membership, due: list[Due], now: datetime) -> bool:
    """One mail about all of it. False: another worker was a moment quicker."""
    try:
        with transaction.atomic():
            Notice.objects.bulk_create(
                Notice(shop=card.shop, membership=card, runs_out_on=day, days_before=before, at=now)
                for day, before in due
            )
            _post(card, due, now)
    except IntegrityError:
        return False
    return True


def _post(card: Membership, due: list[Due], now: datetime) -> None:
    """What runs out is looked up, and said, when the mail is made: no sentence stands in a row.

    The card itself shows what is next to expire, so there the message is over at once.
    """
    day, days_before = due[0]
    messages.tell(
        card,
        template="members/notices/mail/runs_out",
        values={"membership": card.pk, "days": [day.isoformat() for day, _before in due]},
        purpose=messages.Purpose.SERVICE,
        once=f"runs-out-{day}-{days_before}",
        at=now,
        until=now,
    )


def sentences(membership: int, days: list[date]) -> list[str]:
    """What still runs out on those days on a card, soonest first, in the reader's language."""
    with scopes_disabled():
        found = Membership.objects.select_related("shop", "merged_into").get(pk=membership)
        card = found.became
    with scope(shop=card.shop):
        things = running_out(Membership.objects.filter(pk=card.pk), min(days), max(days))
        told = sorted((thing for thing in things if thing.day in days), key=lambda thing: thing.day)
        return [thing.words for thing in told]


def hand_on(op: Operation, gone: Membership, kept: Membership) -> None:
    """The owner of two cards that become one was told: it is not said again."""
    Notice.objects.bulk_create(
        [
            Notice(
                shop=op.shop,
                membership=kept,
                runs_out_on=notice.runs_out_on,
                days_before=notice.days_before,
                at=notice.at,
            )
            for notice in Notice.objects.filter(membership=gone)
        ],
        ignore_conflicts=True,
    )
