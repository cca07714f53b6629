"""A week of a shop: Monday to Sunday in its own time, and the same stretch of the week before.

A Tuesday is not held against seven days: until the week is over, the week before is counted to the
same hour of the clock. Source: requirements, section 7.1.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from babel.dates import format_interval
from django.db.models import Q
from django.utils import translation
from django.utils.formats import date_format

from loyalty.calendar import midnight
from loyalty.models import Shop
from members.ledger.models import local_day

A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
MOMENT = timedelta(microseconds=1)
NAMED = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)


@dataclass(frozen=True)
class Span:
    """From a moment to before another one."""

    start: datetime
    end: datetime

    def within(self, moment: str) -> Q:
        """Which facts happened in it, by the field that says when."""
        return Q(**{f"{moment}__gte": self.start, f"{moment}__lt": self.end})


@dataclass(frozen=True)
class Stretch:
    """A week, as far as it has come: `now`. And `before`, as much of the week before."""

    monday: date
    now: Span
    before: Span
    zone: tzinfo
    over: bool

    @property
    def key(self) -> str:
        """How an address names it: 2026-W47."""
        return f"{self.monday:%G-W%V}"

    @property
    def days(self) -> list[date]:
        return [self.monday + n * A_DAY for n in range(7)]

    @property
    def last(self) -> date:
        """The last day that counts, whole or in part."""
        return (self.now.end - MOMENT).astimezone(self.zone).date()

    @property
    def earlier(self) -> str:
        return f"{self.monday - A_WEEK:%G-W%V}"

    @property
    def later(self) -> str:
        return f"{self.monday + A_WEEK:%G-W%V}"

    @property
    def words(self) -> str:
        """15–21 Sept, as the reader's language writes it; of one that is over, the year too."""
        locale = translation.to_locale(translation.get_language() or "en")
        parts = "yMMMd" if self.over else "MMMd"
        return format_interval(self.monday, self.days[-1], parts, locale=locale)

    def either(self, moment: str) -> Q:
        """Which facts are counted at all."""
        return self.now.within(moment) | self.before.within(moment)


def week_of(shop: Shop, moment: datetime, monday: date | None = None) -> Stretch:
    """The week that begins on a Monday; or the one of this moment, as far as it has come."""
    this_monday = monday_of(local_day(shop, moment))
    monday = monday or this_monday
    over = monday < this_monday
    starts = midnight(monday, shop.zone)
    # The clock a week ago showed what it shows now, whatever summer time did in between. The
    # moment is added before the clock is read: in the hour that comes twice, that is the same one.
    so_far = (moment.astimezone(UTC) + MOMENT).astimezone(shop.zone)
    end = midnight(monday + A_WEEK, shop.zone) if over else so_far
    before = Span(midnight(monday - A_WEEK, shop.zone), starts if over else end - A_WEEK)
    return Stretch(monday, Span(starts, end), before, shop.zone, over)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def asked_for(shop: Shop, key: str, now: datetime) -> date | None:
    """The Monday of a week by its name. None: no week of the shop, up to this one, is called so."""
    found = NAMED.fullmatch(key)
    try:
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        return None
    first = monday_of(first_day(shop, now))
    return monday if monday and first <= monday <= local_day(shop, now) else None


def first_day(shop: Shop, now: datetime) -> date:
    """When the shop opened for customers; today, for one that has not."""
    return local_day(shop, shop.live_since or now)


def day_words(day: date) -> str:
    """Monday 15 September."""
    return f"{date_format(day, 'l')} {day_and_month(day)}"


def weekday(day: date) -> str:
    """Mon."""
    return date_format(day, "D")


def day_and_month(day: date) -> str:
    """24 December."""
    return date_format(day, "MONTH_DAY_FORMAT")
