"""The figures of a period, read from the rows. Formulas: requirements, section 7.2.

A customer is a member who bought in the period. Everything is whole numbers; a quotient is a
fraction, and None where there is nothing to divide by. Nothing is rounded here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar

from django.db.models import F, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from loyalty.models import Shop
from members.models import Programme
from rewards.figures.customers import Customers, Places, at_places
from rewards.figures.models import MembersDay, ProgrammeDay, ShopDay
from rewards.figures.periods import Period
from rewards.figures.words import MEANINGS, Meaning, Name

D = TypeVar("D", ShopDay, ProgrammeDay, MembersDay)

ALL = Fraction(1)  # of what they pay: revenue, no margin told
FEW = 30  # with fewer buyers, one more or less moves every figure a lot


@dataclass(frozen=True)
class Figure:
    """A quotient, or a count where `whole` is None. Money in minor units."""

    name: Name
    part: int
    whole: int | None
    of: Programme | None = None  # in whose stamps or points
    blank: bool = False  # the period is not over, and what is compared would be lopsided
    unknown: bool = False  # `whole` is for the owner to tell, and was not told
    margin: Fraction = ALL  # the share of it that is worth something

    @property
    def value(self) -> Fraction | None:
        """Rates between 0 and 1, or above. None is shown as –."""
        if self.blank or self.unknown or self.whole == 0:
            return None
        return Fraction(self.part, 1 if self.whole is None else self.whole) * self.margin

    @property
    def meaning(self) -> Meaning:
        """What it is called, what it says, and what its numbers count."""
        return MEANINGS[self.name]


@dataclass(frozen=True)
class Done:
    """What days add up to."""

    purchases: int = 0
    priced: int = 0
    revenue_minor: int = 0
    attendances: int = 0
    rewards_issued: int = 0
    rewards_used: int = 0

    @property
    def visits(self) -> int:
        return self.purchases + self.attendances


COUNTED = tuple(Done.__dataclass_fields__)


@dataclass(frozen=True)
class Months:
    """What every month of the shop adds up to."""

    done: dict[date, Done]  # by its first day; only those in which anything happened
    begun: date  # the day of the first purchase; the last of all days if there was none

    def within(self, first: date, after: date) -> Done:
        """From one first of a month to before another."""
        some = [done for month, done in self.done.items() if first <= month < after]
        return Done(**{name: sum(getattr(done, name) for done in some) for name in COUNTED})

    def of(self, period: Period) -> Done:
        return self.within(period.first, period.after)


def months_of(shop: Shop, places: Places) -> Months:
    """What the days of each month add up to. One query."""
    sums = {name: Sum(name) for name in COUNTED}
    days = at_places(places, ShopDay.objects.filter(shop=shop)).order_by()
    by_month = days.annotate(month=TruncMonth("day")).values_list("month")
    bought = by_month.annotate(first=Min("day", filter=Q(purchases__gt=0)))  # before they are sums
    rows: Iterable[Any] = bought.annotate(**sums)
    found, begun = {}, date.max
    for month, first, *amounts in rows:
        found[month] = Done(*amounts)
        begun = min(begun, first or date.max)
    return Months(found, begun)


@dataclass(frozen=True)
class Joined:
    """Who became a member in a period, by source, and how many there were at its end."""

    by_source: dict[str, int]
    members: int


def joined_in(shop: Shop, period: Period) -> Joined:
    """One query. Of a period that is not over, its end is the last day that was counted."""
    days = MembersDay.objects.filter(shop=shop, day__lt=period.after).order_by()
    by_source = days.values_list("source").annotate(
        n=Sum("joined", filter=Q(day__gte=period.first), default=0),
        members=Sum(F("joined") - F("left")),
    )
    rows = list(by_source)
    return Joined(
        {source: n for source, n, _members in rows if n}, sum(members for _s, _n, members in rows)
    )


def customer_figures(customers: Customers, *, over: bool) -> list[Figure]:
    """Who bought, who came back. `over`: is the period? A part of one cannot be compared."""
    c = customers
    return [
        Figure(Name.RETENTION, c.again, c.before, blank=not over),
        Figure(Name.CHURN, c.lost, c.before, blank=not over),
        Figure(Name.RETENTION_FORMULA, c.now - c.first, c.before, blank=not over),
        Figure(Name.REACTIVATED, c.reactivated, None),
        Figure(Name.BUYERS, c.now, None),
    ]


def purchase_figures(customers: Customers, done: Done) -> list[Figure]:
    """How often they bought, and for how much."""
    figures = [
        Figure(Name.REPEAT, customers.twice, customers.now),
        Figure(Name.FREQUENCY, done.purchases, customers.now),
    ]
    if done.attendances:  # else it says the same
        figures.append(Figure(Name.VISIT_FREQUENCY, done.visits, customers.came))
    if done.priced:
        figures += [
            Figure(Name.AOV, done.revenue_minor, done.priced),
            Figure(Name.PER_BUYER, done.revenue_minor, customers.now),
        ]
    return figures


def visits_of(done: Done) -> Figure:
    return Figure(Name.VISITS, done.visits, None)


def paid_so_far(
    customers: Customers, months: Months, period: Period, margin: Fraction = ALL
) -> Figure:
    """What a member has been worth: from the first day to the end of the period."""
    ever = months.within(date.min, period.after)
    return Figure(Name.SO_FAR, ever.revenue_minor, customers.ever, margin=margin)


def of_those_told(name: Name, part: int, whole: int | None) -> Figure:
    """Measured by a number only the owner knows. None: it was not told."""
    return Figure(name, part, whole or 0, unknown=whole is None)


def expected_breakage(redeemed: int | None) -> Figure:
    """What is left of 100 when so many are redeemed one day. None: it was not told."""
    return Figure(Name.BREAKAGE_EXPECTED, 100 - (redeemed or 0), 100, unknown=redeemed is None)


def active_of(customers: Customers, members: int) -> Figure:
    return Figure(Name.ACTIVE, customers.active, members)


def reward_figures(
    shop: Shop, period: Period, programmes: Iterable[Programme], customers: Customers, done: Done
) -> list[Figure]:
    """What became of the stamps and points of these, and of rewards. One query."""
    return [
        *_of_programmes(shop, period, programmes),
        Figure(Name.REDEEMERS, customers.redeemed, customers.earned),
        Figure(Name.REWARD_USE, done.rewards_used, done.rewards_issued),
    ]


def _of_programmes(shop: Shop, period: Period, programmes: Iterable[Programme]) -> Iterator[Figure]:
    sums = {name: Sum(name) for name in ("issued", "redeemed", "expired")}
    days = _days(ProgrammeDay, shop, period).order_by().values_list("programme")
    became = {programme: amounts for programme, *amounts in days.annotate(**sums)}
    for programme in programmes:
        issued, redeemed, expired = became.get(programme.pk, (0, 0, 0))
        yield Figure(Name.REDEMPTION, redeemed, issued, of=programme)
        yield Figure(Name.BREAKAGE, expired, issued, of=programme)


def _days(model: type[D], shop: Shop, period: Period) -> "QuerySet[D]":
    return model._default_manager.filter(shop=shop, day__gte=period.first, day__lt=period.after)
