"""The rows, made anew for the months in which anything changed. Twice is as good as once.

Facts are read first and rows replaced afterwards, in short transactions: nobody at a till waits
for a night's counting. What was recorded in between is found the next time. The watermark comes
last, so that whatever stopped half-way is done again.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, cast

from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django_scopes import scope, scopes_disabled

from loyalty.calendar import months_after
from loyalty.models import Shop
from members.ledger.models import Operation, local_day
from rewards.figures import facts, members, touched
from rewards.figures.customers import periods_of
from rewards.figures.models import (
    MemberMonth,
    MembersDay,
    ProgrammeDay,
    ShopCohort,
    ShopDay,
    ShopPeriod,
    Watermark,
)
from rewards.figures.periods import offered

A_DAY = timedelta(days=1)
AT_ONCE = 12  # months added up together, so that many years never fill the memory


def count_days(now: datetime) -> int:
    """Bring every shop up to yesterday that is not there yet, by its own time. Counts shops."""
    with scopes_disabled():
        marks = {mark.shop_id: (mark.day, mark.time_zone) for mark in Watermark.objects.all()}
        shops = [
            shop
            for shop in Shop.objects.exclude(live_since=None).order_by("pk")
            if marks.get(shop.pk) != (yesterday(shop, now), shop.time_zone)
        ]
    for shop in shops:
        bring_up_to_date(shop, now)
    return len(shops)


def yesterday(shop: Shop, now: datetime) -> date:
    """The last day that is over in the shop."""
    return local_day(shop, now) - A_DAY


def bring_up_to_date(shop: Shop, now: datetime) -> None:
    """Count the days since the last time, and the months in which anything changed since."""
    with scope(shop=shop):
        mark = Watermark.objects.filter(shop=shop).first()
        if mark is None or mark.time_zone != shop.time_zone or mark.day > yesterday(shop, now):
            _make_all(shop, now)
            return
        through = yesterday(shop, now)
        _make(shop, touched.months_since(shop, mark, through), through, now)


def rebuild(shop: Shop, now: datetime) -> None:
    """Count everything again, from the first day on. The rows are the same as before."""
    with scope(shop=shop):
        _make_all(shop, now)


def _make_all(shop: Shop, now: datetime) -> None:
    through = yesterday(shop, now)
    first = Operation.objects.filter(shop=shop).aggregate(first=Min("occurred_at"))["first"]
    begun = local_day(shop, first) if first else through
    with transaction.atomic():
        for model in (Watermark, ShopDay, ProgrammeDay, MemberMonth, ShopPeriod):
            model.objects.filter(shop=shop).delete()
    _make(shop, {*touched.months_between(begun, through)}, through, now)


def _make(shop: Shop, months: Collection[date], through: date, now: datetime) -> None:
    """Replace the rows of these months, and those of the members."""
    waiting = sorted(months)
    while waiting:
        batch, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
        rows = facts.add_up(shop, batch, through)
        with transaction.atomic():
            Shop.objects.lock(shop)
            _put(rows.days, _within(ShopDay, shop, batch))
            _put(rows.programmes, _within(ProgrammeDay, shop, batch))
            _put(rows.members, MemberMonth.objects.filter(shop=shop, month__in=batch))
    everybody = members.members_of(shop, through)
    cohorts = members.cohorts_of(shop, everybody)
    begun = min((each.joined for each in everybody.values()), default=through)
    periods = periods_of(shop, offered(begun, through), changed=min(months, default=through))
    with transaction.atomic():
        Shop.objects.lock(shop)
        _put(members.days_of(shop, everybody), MembersDay.objects.filter(shop=shop))
        _put(cohorts, ShopCohort.objects.filter(shop=shop))
        _put(periods, ShopPeriod.objects.filter(shop=shop))
        Watermark.objects.update_or_create(
            shop=shop,
            defaults={
                "day": through,
                "begun": begun,
                "read_at": now,
                "time_zone": shop.time_zone,
            },
        )


def _within(model: Any, shop: Shop, months: list[date]) -> "QuerySet[Any]":
    """The days of these months, and of no other that lies between them."""
    days = (Q(day__gte=month, day__lt=months_after(month, 1)) for month in months)
    return cast("QuerySet[Any]", model.objects.filter(reduce(or_, days), shop=shop))


def _put(rows: list[Any], instead_of: "QuerySet[Any]") -> None:
    instead_of.delete()
    instead_of.model.objects.bulk_create(rows, batch_size=1000)
