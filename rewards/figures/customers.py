"""How many members did what in a period: kept for every period one can look at, or counted.

Whoever is asked about a year is looked for in all its months, and in those of the year before.
That is done at night, so that the page of a big shop opens as quickly as that of a small one.
"""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Count, F, Model, Q, QuerySet, Sum

from loyalty.models import Shop
from rewards.figures.models import MemberMonth, ShopPeriod
from rewards.figures.periods import Period, Span

M = TypeVar("M", bound=Model)

Places = list[int] | None  # pks of locations; None: the whole shop, also what has no place


@dataclass(frozen=True)
class Customers:
    """How many members did what in a period, and in the one before."""

    before: int  # bought in the period before
    now: int  # bought in this one
    again: int  # in both
    twice: int  # at least twice in this one
    first: int  # in this one for the first time ever
    ever: int  # bought up to its end
    came: int  # bought, or came by without buying
    active: int  # came, or got a reward
    earned: int
    redeemed: int

    @property
    def reactivated(self) -> int:
        """Bought now, not in the period before, and some time before that."""
        return self.now - self.again - self.first

    @property
    def lost(self) -> int:
        """Bought in the period before, and not in this one."""
        return self.before - self.again


COUNTED = tuple(Customers.__dataclass_fields__)


def customers_of(shop: Shop, periods: Iterable[Period], places: Places) -> dict[Period, Customers]:
    """Of each of these periods. One query for what is kept: the whole shop, and each place."""
    kept = {}
    if places is None or len(places) == 1:
        kept = _kept(shop, places[0] if places else None)
    return {period: kept.get(period) or count_customers(shop, period, places) for period in periods}


def _kept(shop: Shop, place: int | None) -> dict[Period, Customers]:
    rows = ShopPeriod.objects.filter(shop=shop, location=place)
    return {
        Period(Span(span), since): Customers(*counts)
        for span, since, *counts in rows.values_list("span", "since", *COUNTED)
    }


def count_customers(shop: Shop, period: Period, places: Places) -> Customers:
    """Straight from the months of the members. Two queries."""
    now = Q(month__gte=period.first)
    rows = at_places(places, MemberMonth.objects.filter(shop=shop, month__lt=period.after))
    grouped = rows.filter(month__gte=period.before.first).order_by().values("membership")
    each = grouped.annotate(
        bought=Sum("purchases", filter=now, default=0),
        bought_before=Sum("purchases", filter=~now, default=0),
        visited=Sum("visits", filter=now, default=0),
        did=Sum(F("visits") + F("redeemed") + F("used"), filter=now, default=0),
        times_earned=Sum("earned", filter=now, default=0),
        times_redeemed=Sum("redeemed", filter=now, default=0),
    )
    buys, bought = Q(bought__gt=0), Q(bought_before__gt=0)
    counted = each.aggregate(
        now=Count("membership", filter=buys),
        before=Count("membership", filter=bought),
        again=Count("membership", filter=buys & bought),
        twice=Count("membership", filter=Q(bought__gte=2)),
        came=Count("membership", filter=Q(visited__gt=0)),
        active=Count("membership", filter=Q(did__gt=0)),
        earned=Count("membership", filter=Q(times_earned__gt=0)),
        redeemed=Count("membership", filter=Q(times_redeemed__gt=0)),
    )
    ever = rows.filter(purchases__gt=0).aggregate(
        n=Count("membership", distinct=True),
        earlier=Count("membership", distinct=True, filter=~now),
    )
    return Customers(first=ever["n"] - ever["earlier"], ever=ever["n"], **counted)


def at_places(places: Places, rows: "QuerySet[M]") -> "QuerySet[M]":
    """Rows of some places only."""
    return rows if places is None else rows.filter(location__in=places)


def periods_of(shop: Shop, periods: Collection[Period], changed: date) -> list[ShopPeriod]:
    """What is to be kept of these periods, not saved yet: the rows there are of those that ended
    before a day on which something changed, and new ones of all others."""
    rows = ShopPeriod.objects.filter(shop=shop)
    stand = {
        (Period(Span(row.span), row.since), row.location_id): row
        for row in rows
        if Period(Span(row.span), row.since).last < changed
    }
    wanted = [(period, place) for place in _places(shop) for period in periods]
    return [stand.get(each) or _counted(shop, *each) for each in wanted]


def _places(shop: Shop) -> list[int | None]:
    """The whole shop, and each place where there are several."""
    every = list(shop.locations.order_by("pk").values_list("pk", flat=True))
    return [None, *(every if len(every) > 1 else [])]


def _counted(shop: Shop, period: Period, place: int | None) -> ShopPeriod:
    customers = count_customers(shop, period, None if place is None else [place])
    return ShopPeriod(
        shop=shop,
        location_id=place,
        span=period.span,
        since=period.first,
        **asdict(customers),
    )
