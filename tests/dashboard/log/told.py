"""Lines of the log, as a test reads them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django_scopes import scope

from loyalty.dashboard.log import reading
from loyalty.dashboard.log.forms import Wanted

OSLO = ZoneInfo("Europe/Oslo")
MAY = datetime(2026, 5, 5, 12, tzinfo=OSLO)


def lines(role, **wanted):
    with scope(shop=role.shop), timezone.override(role.shop.zone):
        return [*reading.every_line(role, Wanted(**wanted))]


def words(line):
    return " ".join(f"{part.change} {part.words}".strip() for part in line.parts)
