"""The one clock. Rules are given the time; nothing deep inside a rule looks at the wall."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_set_to: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """The moment it is, in UTC."""
    return _set_to.get() or datetime.now(UTC)


def today(zone: ZoneInfo) -> date:
    """The day it is in a shop."""
    return now().astimezone(zone).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be another moment: a year of demo visits, a test of an expiry."""
    before = _set_to.set(moment)
    try:
        yield
    finally:
        _set_to.reset(before)
