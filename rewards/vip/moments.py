"""A day and an hour as somebody typed them in a shop, and the moment that is.

Twice a year the clocks are changed: one hour does not exist, and half a year later one comes
twice.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from loyalty import clock
from loyalty.calendar import midnight
from loyalty.models import Shop
from loyalty.refusals import Refused

A_WEEK = timedelta(days=7)


class NoSuchHour(Refused):
    """The clocks are put forward over it. `at`: what was typed (ISO, without a zone)."""

    code = "no_such_hour"

    def __str__(self) -> str:
        at = datetime.fromisoformat(self.values["at"])
        return _(
            "There is no %(time)s on %(day)s: the clocks go forward that night. "
            "Choose another time."
        ) % {
            "time": formats.time_format(at, "TIME_FORMAT"),
            "day": formats.date_format(at, "MONTH_DAY_FORMAT"),
        }


def moment(shop: Shop, day: date, hour: time) -> datetime:
    """The moment it is that time in the shop, in UTC. Of an hour that comes twice: the first.

    Refused: NoSuchHour.
    """
    typed = datetime.combine(day, hour.replace(tzinfo=None))
    at = typed.replace(tzinfo=shop.zone, fold=0).astimezone(UTC)
    if at.astimezone(shop.zone).replace(tzinfo=None, fold=0) != typed:
        raise NoSuchHour(at=typed.isoformat())
    return at


def next_midnight(shop: Shop, at: datetime) -> datetime:
    """When the day of a moment ends in the shop."""
    tomorrow = at.astimezone(shop.zone).date() + timedelta(days=1)
    return midnight(tomorrow, shop.zone)


def in_words(at: datetime | str, *, in_full: bool = False, zone: str = "") -> str:
    """Thu 09:00, or Thursday 09:00; 3 December 09:00, if that is a week away or longer ago.

    `at` may be ISO. `zone`: by its name; "": where the reader is.
    """
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    here = ZoneInfo(zone) if zone else timezone.get_current_timezone()
    local, today = moment.astimezone(here), clock.now().astimezone(here).date()
    if today <= local.date() < today + A_WEEK:
        shape = "LONG_WEEKDAY_FORMAT" if in_full else "WEEKDAY_FORMAT"
        return formats.date_format(local, shape)
    return formats.date_format(local, "MONTH_DAY_TIME_FORMAT")
