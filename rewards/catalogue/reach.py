"""How long a typical member needs until they can have a reward (RWD-08)."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from math import ceil
from statistics import median, median_high

from members.ledger.models import LedgerEntry, Visit
from members.models import Programme

SINCE = timedelta(days=90)  # what "typical" is reckoned from
ENOUGH = 10  # fewer visits say little of what is typical
MANY = 1000  # entries of the latest visits; more would not say more
A_SECOND, SECONDS_A_DAY = timedelta(seconds=1), 86_400
LONG_DAYS = 90  # the default of RWD-08: beyond it few people keep collecting


@dataclass(frozen=True)
class Pace:
    """How a typical member collects: points or stamps a visit, and days between two visits."""

    per_visit: Fraction
    gap_days: Fraction | None  # None: too few visits to know
    measured: bool  # False: reckoned from the rules and a usual purchase


@dataclass(frozen=True)
class Reach:
    """How far away a reward is. Days count from the first of the visits; None: not known."""

    visits: int
    days: int | None
    measured: bool

    @property
    def long(self) -> bool:
        return self.days is not None and self.days > LONG_DAYS


def pace_of(programme: Programme, now: datetime, *, expected: Fraction) -> Pace:
    """What was typical of the last 90 days; until there are visits, `expected` a visit."""
    gap = _typical_gap(programme, now)
    earned = usual_earning(programme, now, at_least=ENOUGH)
    if earned is None:
        return Pace(expected, gap, measured=False)
    return Pace(Fraction(earned), gap, measured=True)


def reach(price: int, pace: Pace) -> Reach | None:
    """What a price in points or stamps means. None: visits earn nothing."""
    if not pace.per_visit:
        return None
    visits = ceil(price / pace.per_visit)
    days = None if pace.gap_days is None else ceil((visits - 1) * pace.gap_days)
    return Reach(visits, days, pace.measured)


def usual_earning(programme: Programme, now: datetime, *, at_least: int = 1) -> int | None:
    """The median of what a visit earned lately. None: there were not even so many visits.

    Of a busy shop the latest are enough: they say as much as all of them, and cost no more than
    those of a small one.
    """
    latest = LedgerEntry.objects.filter(
        account__programme=programme,
        kind=LedgerEntry.Kind.EARN,
        visit__voided_by=None,
        visit__at__range=(now - SINCE, now),
    ).order_by("-pk")
    earned: Counter[int] = Counter()
    for visit, amount in latest.values_list("visit", "amount")[:MANY]:
        earned[visit] += amount
    return median_high(earned.values()) if len(earned) >= at_least else None


def _typical_gap(programme: Programme, now: datetime) -> Fraction | None:
    """The median of the days between one visit of a member and the next, of any kind."""
    visits = Visit.objects.filter(
        membership__accounts__programme=programme, voided_by=None, at__gte=now - SINCE
    )
    seen = list(visits.order_by("membership", "at").values_list("membership", "at"))
    gaps = [
        (later - at) // A_SECOND
        for (member, at), (again, later) in pairwise(seen)
        if member == again
    ]
    return Fraction(median(gaps)) / SECONDS_A_DAY if len(gaps) >= ENOUGH else None
