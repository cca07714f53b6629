"""Cohort retention: of those who joined in one month, who bought n months later."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import F, Q

from loyalty.calendar import months_after
from loyalty.models import Shop
from rewards.figures.customers import Places
from rewards.figures.models import ShopCohort
from rewards.figures.periods import Period, last_month_over

SHOWN = 12  # months to join in, and months to come back in


@dataclass(frozen=True)
class Cohort:
    """Those who joined in a month. `came[n]` bought n months later; shorter where the months are
    not over yet: they stay blank."""

    month: date
    size: int
    came: list[int]

    @property
    def shares(self) -> list[Fraction]:
        return [Fraction(came, self.size) for came in self.came]


def cohorts_of(shop: Shop, period: Period, places: Places, through: date) -> list[Cohort]:
    """The cohorts up to the end of a period, newest last, as far as months are over. One query.

    Of the whole shop, or of one place; of some places together nothing is kept: [].
    """
    if places is not None and len(places) != 1:
        return []
    last = min(last_month_over(through).first, months_after(period.after, -1))
    first = months_after(last, 1 - SHOWN)
    place = places[0] if places else None
    size_or_came = Q(location=None, month=F("joined")) | Q(location=place)
    rows = ShopCohort.objects.filter(size_or_came, shop=shop, joined__range=(first, last))
    sizes: dict[date, int] = {}
    came: dict[tuple[date, date], int] = {}
    kept = rows.filter(month__lte=last).order_by("joined")
    for joined, month, at, size, n in kept.values_list(
        "joined", "month", "location", "size", "came"
    ):
        sizes[joined] = size
        if at == place:
            came[joined, month] = n
    return [
        Cohort(joined, size, [came.get((joined, month), 0) for month in _months(joined, last)])
        for joined, size in sizes.items()
    ]


def _months(first: date, last: date) -> Iterator[date]:
    """From the month of joining to the last one that is over, and no more than are shown."""
    month = first
    while month <= last:
        yield month
        month = months_after(month, 1)
