"""Days and months as people count them."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from babel.dates import format_date
from django.utils import translation

MORNING = 9  # the hours between which nobody minds a mail
EVENING = 21


def months_after(day: date, months: int) -> date:
    """The same day of the month, `months` later, or that month's last day.

    31 August + 6 months is the last day of February. Source: requirement EXP-01.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def dated(day: date, pattern: str) -> str:
    """A day in the reader's language, by a pattern of Unicode TR35: "LLLL y" is "oktober 2026"."""
    return _in_words(day, pattern, translation.to_locale(translation.get_language() or "en"))


@lru_cache(maxsize=1024)  # a page of figures names a hundred months
def _in_words(day: date, pattern: str, locale: str) -> str:
    return format_date(day, pattern, locale=locale)


def midnight(day: date, zone: tzinfo) -> datetime:
    """When the day begins there."""
    return datetime.combine(day, time.min, zone)


def day_of(moment: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """The day of a moment as people there count it: from its midnight to before the next one."""
    day = moment.astimezone(zone).date()
    tomorrow = day + timedelta(days=1)
    return midnight(day, zone), midnight(tomorrow, zone)


def month_of(moment: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """The month of a moment as people there count it: from its first midnight to the next one's."""
    first = moment.astimezone(zone).date().replace(day=1)
    after = months_after(first, 1)
    return midnight(first, zone), midnight(after, zone)


def by_day(moment: datetime, zone: tzinfo) -> datetime:
    """The moment itself, or nine o'clock of the morning after a night there."""
    local = moment.astimezone(zone)
    if MORNING <= local.hour < EVENING:
        return moment
    day = local.date() + timedelta(days=local.hour >= EVENING)
    return datetime.combine(day, time(MORNING), zone)
