"""Days and months as people count them."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta, tzinfo


def months_after(day: date, months: int) -> date:
    """The same day of the month, `months` later, or that month's last day.

    31 August + 6 months is the last day of February. Source: requirement EXP-01.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def day_of(moment: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """The day of a moment as people there count it: from its midnight to before the next one."""
    day = moment.astimezone(zone).date()
    tomorrow = day + timedelta(days=1)
    return datetime.combine(day, time.min, zone), datetime.combine(tomorrow, time.min, zone)
