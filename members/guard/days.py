"""What one day can show: a card stamped often, a row of cards at once, one's own, at night."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.db.models import Count, F, Q, Window
from django.db.models.functions import Lag, RowNumber, TruncHour

from loyalty.models import Shop
from members.family import belongs_to
from members.guard.facts import Finding, Rule, by_day, on_day, stamps_of_a_visit, visits
from members.guard.hours import outside_hours
from members.guard.models import GuardSettings
from members.ledger.models import local_day

USUAL_PACE = timedelta(weeks=4)  # how far back to look for what a busy hour is like
HEADROOM = 4  # times as fast as a busy hour: chance alone does not get there


def busy_cards(
    shop: Shop, since: datetime, until: datetime, settings: GuardSettings
) -> Iterator[Finding]:
    """One card, one day: more visits, or more stamps, than the shop expects."""
    days = by_day(shop, since, until).order_by().values("card", "day")
    counted = days.annotate(times=Count("pk", distinct=True), stamps=stamps_of_a_visit())
    many = Q(times__gt=settings.visits_a_day) | Q(stamps__gt=settings.stamps_a_day)
    for row in counted.filter(many):
        yield Finding(
            Rule.BUSY_CARD,
            row["day"],
            {"times": row["times"], "stamps": row["stamps"]},
            belongs_to(row["card"]) & on_day(shop, row["day"]),
        )


def bursts(
    shop: Shop, since: datetime, until: datetime, settings: GuardSettings
) -> Iterator[Finding]:
    """One person at one till: many visits within minutes, and many even for a busy hour here."""
    many, minutes = settings.burst_visits, settings.burst_minutes
    ends = _ends(since, until, many, minutes)
    if ends and (busy := HEADROOM * _usual(since, minutes)) > many:
        many, ends = busy, _ends(since, until, busy, minutes)
    run: list[Any] = []
    for end in ends:
        if run and not _goes_on(run[-1], end):
            yield _burst(shop, run, many)
            run = []
        run.append(end)
    if run:
        yield _burst(shop, run, many)


def _ends(since: datetime, until: datetime, many: int, minutes: int) -> list[Any]:
    """The visits that were the last of so many within so many minutes; and when those began."""
    till: dict[str, Any] = {"partition_by": ["counter", "staff"], "order_by": ["at", "pk"]}
    numbered = visits(since, until).annotate(
        place=Window(RowNumber(), **till), first=Window(Lag("at", offset=many - 1), **till)
    )
    ends = numbered.filter(first__gte=F("at") - timedelta(minutes=minutes))
    ordered = ends.order_by("counter", "staff", "place")
    return list(ordered.values("counter", "staff", "place", "first", "at"))


def _usual(before: datetime, minutes: int) -> int:
    """Visits in so many minutes of a busy hour at one till: the busiest of ten."""
    hours = visits(before - USUAL_PACE, before).order_by().values("counter", "staff")
    counted = hours.annotate(hour=TruncHour("at"), times=Count("pk")).values_list("times")
    ranked = sorted(times for (times,) in counted)
    return ceil(ranked[len(ranked) * 9 // 10] * minutes / 60) if ranked else 0


def _goes_on(last: dict[str, Any], end: dict[str, Any]) -> bool:
    same_till = (last["counter"], last["staff"]) == (end["counter"], end["staff"])
    return same_till and end["first"] <= last["at"]


def _burst(shop: Shop, run: list[dict[str, Any]], many: int) -> Finding:
    first, last = run[0], run[-1]
    shown = Q(counter=first["counter"], at__gte=first["first"], at__lte=last["at"])
    shown &= Q(staff=first["staff"]) if first["staff"] else Q(staff__isnull=True)
    minutes = ceil((last["at"] - first["first"]) / timedelta(minutes=1))
    return Finding(
        Rule.BURST,
        local_day(shop, last["at"]),
        {"times": last["place"] - first["place"] + many, "minutes": max(minutes, 1)},
        shown,
    )


def own_cards(
    shop: Shop, since: datetime, until: datetime, settings: GuardSettings
) -> Iterator[Finding]:
    """Somebody on the staff stamps the card that is saved with their own sign-in."""
    person = F("staff__role__person")
    own = belongs_to(person, "membership", "person")
    days = by_day(shop, since, until).filter(own).order_by().values("staff", "card", "day")
    for row in days.annotate(times=Count("pk")).filter(times__gte=settings.own_a_day):
        yield Finding(
            Rule.OWN_CARD,
            row["day"],
            {"times": row["times"]},
            belongs_to(row["card"]) & Q(staff=row["staff"]) & on_day(shop, row["day"]),
        )


def at_odd_hours(
    shop: Shop, since: datetime, until: datetime, settings: GuardSettings
) -> Iterator[Finding]:
    """Stamps while the place was closed; by whom, on which day."""
    outside = outside_hours(shop, since, until, timedelta(minutes=settings.hours_grace))
    days = by_day(shop, since, until).filter(outside).order_by().values("location", "staff", "day")
    for row in days.annotate(times=Count("pk")):
        whose = Q(staff=row["staff"]) if row["staff"] else Q(staff__isnull=True)
        there = Q(location=row["location"]) & whose & on_day(shop, row["day"])
        yield Finding(Rule.OUTSIDE_HOURS, row["day"], {"times": row["times"]}, outside & there)
