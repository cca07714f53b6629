"""Birthdays as days of a year. A birthday is a day and a month; nobody is asked for the year."""

from calendar import isleap, monthrange
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

Birthday = tuple[int, int]  # day, month


@dataclass(frozen=True)
class Window:
    """The days round one birthday, first and last among them.

    It belongs to the year of the birthday, also where it begins or ends in another one.
    """

    birthday: date
    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def in_year(birthday: Birthday, year: int) -> date:
    """When it is that year. 29 February is 28 February in other years."""
    day, month = birthday
    return date(year, month, min(day, monthrange(year, month)[1]))


def of_day(day: date) -> Iterator[Birthday]:
    """The birthdays that are on this day."""
    yield day.day, day.month
    if (day.day, day.month) == (28, 2) and not isleap(day.year):
        yield 29, 2


def between(first: date, last: date) -> Q:
    """Members with a birthday from `first` to `last`."""
    days_of: defaultdict[int, list[int]] = defaultdict(list)
    for n in range((last - first).days + 1):
        for day, month in of_day(first + timedelta(days=n)):
            days_of[month].append(day)
    found = Q()
    for month, days in days_of.items():
        found |= Q(birth_month=month, birth_day__in=days)
    return found
