"""The two days of an end: the last to collect, and the last on which anything is handed out."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from loyalty.calendar import months_after
from members.ending.refusals import (
    CollectingIsPast,
    EndComesNearer,
    EndTooSoon,
    HonouredComesNearer,
    HonouredTooShort,
)
from members.models import Programme

NOTICE = timedelta(days=30)  # from the announcement to the last day, at least
MONTHS_MORE = 3  # to use what was collected, as proposed


@dataclass(frozen=True)
class End:
    """Days in shop time."""

    collects_until: date
    honoured_until: date


def announced(programme: Programme) -> End | None:
    """The end members were told of. None: it goes on."""
    collects, honoured = programme.collects_until, programme.honoured_until
    return End(collects, honoured) if collects and honoured else None


def proposal(today: date) -> End:
    """Collect until the end of next month, and use it for three months more."""
    collects = _end_of_month(months_after(today, 1))
    return End(collects, _end_of_month(months_after(collects, MONTHS_MORE)))


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def check(wanted: End, was: End | None, today: date) -> None:
    """May an owner announce this today? What was announced may be put off, not brought forward.

    Refused: CollectingIsPast, EndComesNearer, HonouredTooShort, EndTooSoon, HonouredComesNearer.
    """
    if was and wanted.collects_until < was.collects_until:
        raise EndComesNearer(day=was.collects_until.isoformat())
    if wanted.collects_until < today and not was:
        raise CollectingIsPast
    if wanted.honoured_until < wanted.collects_until:
        raise HonouredTooShort
    if was and wanted.honoured_until < was.honoured_until:
        raise HonouredComesNearer(day=was.honoured_until.isoformat())
    if not was and wanted.honoured_until < today + NOTICE:
        raise EndTooSoon(day=(today + NOTICE).isoformat())
