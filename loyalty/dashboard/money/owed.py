"""When what members can still ask for runs out, month by month, at cost price."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from math import ceil

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from loyalty.models import Shop
from members import kinds
from members.ledger.models import Lot, local_day
from members.models import Programme
from rewards.models import HONOURED, Claim


@dataclass(frozen=True)
class Ends:
    """What has its last day in one month. `month` is its first day; None: it does not run out."""

    month: date | None
    minor: int


def by_month(shop: Shop, now: datetime) -> list[Ends]:
    """Soonest first; last, what does not run out. Together it is what the statement adds up.

    What stamps and points are worth is spread over them evenly. Nothing outlasts the end of its
    programme. A part of a minor unit is told with the month in which it begins.
    """
    minor: dict[date | None, Fraction] = defaultdict(Fraction)
    for programme in Programme.objects.filter(shop=shop).in_order().select_related("shop"):
        for month, share in _of_programme(programme, now):
            minor[month] += share
    for month, worth in _of_rewards(shop, now):
        minor[month] += worth
    return [ends for ends in _in_order(minor) if ends.minor]


def _in_order(minor: Mapping[date | None, Fraction]) -> Iterator[Ends]:
    """Rounded up as they are added up, so that all of them are as much as the whole."""
    before = Fraction()
    for month in sorted(minor, key=lambda month: (month is None, month or date.max)):
        until = before + minor[month]
        yield Ends(month, ceil(until) - ceil(before))
        before = until


def _of_programme(programme: Programme, now: datetime) -> list[tuple[date | None, Fraction]]:
    lots = Lot.objects.left().filter(account__programme=programme).order_by()
    by_end = lots.values_list(TruncMonth("expires_on")).annotate(Sum("remaining"))
    left = {_day(month): n for month, n in by_end}
    if not (everything := sum(left.values())):
        return []
    minor = kinds.kind(programme.kind).outstanding_minor(programme, now)
    end = programme.honoured_until
    return [(_sooner(month, end), Fraction(minor * n, everything)) for month, n in left.items()]


def _of_rewards(shop: Shop, now: datetime) -> list[tuple[date | None, Fraction]]:
    ready = Claim.objects.earned().filter(shop=shop).ready(local_day(shop, now)).order_by()
    by_end = ready.values_list(TruncMonth("expires_on"), HONOURED).annotate(Sum("value_minor"))
    return [(_sooner(_day(month), end), Fraction(minor)) for month, end, minor in by_end]


def _sooner(month: date | None, end: date | None) -> date | None:
    """The month in which it runs out, where its programme ends on a day (None: it goes on)."""
    return min(filter(None, [month, end and end.replace(day=1)]), default=None)


def _day(month: date | datetime | None) -> date | None:
    return month.date() if isinstance(month, datetime) else month
