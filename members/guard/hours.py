"""When a place is open, as stretches of real time: summer time and midnight change nothing."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from django.db.models import Q

from loyalty.models import Location, OpeningHours, Shop
from members.guard.facts import A_DAY
from members.ledger.models import local_day


def outside_hours(shop: Shop, since: datetime, until: datetime, grace: timedelta) -> Q:
    """The visits outside the hours of their location. Where no hours are given: none."""
    outside = Q(pk__in=[])
    for location, week in _weeks(shop).items():
        open_then = Q(pk__in=[])
        for opens, closes in _stretches(shop, week, since, until):
            open_then |= Q(at__gte=opens - grace, at__lte=closes + grace)
        outside |= Q(location=location) & ~open_then
    return outside


def _weeks(shop: Shop) -> dict[int, dict[int, OpeningHours]]:
    """By location and weekday."""
    weeks: dict[int, dict[int, OpeningHours]] = {}
    for hours in OpeningHours.objects.filter(shop=shop):
        weeks.setdefault(hours.location_id, {})[hours.weekday] = hours
    return weeks


def _stretches(
    shop: Shop, week: dict[int, OpeningHours], since: datetime, until: datetime
) -> Iterator[tuple[datetime, datetime]]:
    day = local_day(shop, since) - A_DAY  # last night's may reach into the first day
    while day <= local_day(shop, until) + A_DAY:
        if hours := week.get(day.weekday()):
            yield _open_on(shop, hours, day)
        day += A_DAY


def _open_on(shop: Shop, hours: OpeningHours, day: date) -> tuple[datetime, datetime]:
    """In UTC, or adding minutes would be wrong on the night the clocks change."""
    last = day + A_DAY if hours.closes < hours.opens else day
    opens = datetime.combine(day, hours.opens, shop.zone)
    closes = datetime.combine(last, hours.closes, shop.zone)
    # An hour that comes twice: open from its first time, closed after its second.
    return opens.astimezone(UTC), closes.replace(fold=1).astimezone(UTC)


def without_hours(shop: Shop) -> bool:
    """Is there a place nobody has told the hours of?"""
    return Location.objects.filter(shop=shop, hours=None).exists()
