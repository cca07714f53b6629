"""Which days a measure looks at, and until when a level is held. Days in shop time."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from loyalty.calendar import midnight, months_after
from rewards.tiers.models import Ladder

Window = Ladder.Window
MONTHS = 12
AHEAD = timedelta(days=30)  # a member is told so long before a level is lost


def days_measured(window: str, day: date) -> tuple[date | None, date]:
    """The first and the last day that count on a day. None: from the beginning.

    Twelve months through 28 February begin on 1 March of the year before, or on the 29th.
    """
    if window == Window.ROLLING:
        return months_after(day, -MONTHS) + timedelta(days=1), day
    if window == Window.YEAR:
        return date(day.year, 1, 1), day
    return None, day


def held_until(window: str, day: date) -> date | None:
    """The last day on which a level reached on a day can't be lost. None: for good."""
    if window == Window.ROLLING:
        return months_after(day, MONTHS)
    if window == Window.YEAR:
        return date(day.year + 1, 12, 31)
    return None


def fitting(window: str, until: date | None, today: date) -> date | None:
    """The last day of a level held `until`, once the shop has changed to this window.

    Never sooner than it was: to the end of that year, where years are measured now. What was for
    good is held as if it had been reached today.
    """
    if window == Window.LIFETIME:
        return until
    if until is None:
        return held_until(window, today)
    return date(until.year, 12, 31) if window == Window.YEAR else until


def begins(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day."""
    return midnight(day, zone)


def ends(day: date, zone: ZoneInfo) -> datetime:
    """The last moment of a day."""
    return datetime.combine(day, time.max, zone)
