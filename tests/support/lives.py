"""Made-up lives of cards, lived by hypothesis: when they begin, how patiently, and all undone."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import transaction
from hypothesis import HealthCheck, settings

BEGINNINGS = [
    datetime(2027, 3, 27, 22, 30, tzinfo=UTC),  # Oslo, the night the clocks go forward
    datetime(2027, 10, 30, 21, 30, tzinfo=UTC),  # the night they go back
    datetime(2028, 1, 29, 12, tzinfo=UTC),  # a month later is 29 February
    datetime(2028, 2, 28, 22, 59, tzinfo=UTC),  # a minute before it
]
WAITS = [timedelta(minutes=1), timedelta(hours=3), timedelta(days=1)]
WAITS += [timedelta(days=days) for days in (13, 14, 15, 28, 29, 30, 31, 32)]


@contextmanager
def undone():
    """Each life has a database of its own: what is written in here is gone afterwards."""
    savepoint = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(savepoint)


def many(lives):
    """So many lives. A failing one is printed, small, to be repeated."""
    return settings(
        max_examples=lives,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
