"""What the tests of an end share: a day in shop time, and the coffee card that ends.

Announced on 10 January, members collect until 31 January and use what they have until 31 March.
"""

from datetime import date, datetime
from functools import partial

import pytest

from loyalty import clock
from members.ending import operations, telling
from members.ending.operations import announce_end, call_off_end
from members.ledger import audit

TENTH = date(2027, 1, 10)
COLLECT, USE = date(2027, 1, 31), date(2027, 3, 31)


@pytest.fixture
def on(in_shop):
    """Let it be an hour of a day in the shop."""

    def on(day, hour=12, minute=0):
        return clock.at(datetime(day.year, day.month, day.day, hour, minute, tzinfo=in_shop.zone))

    return on


@pytest.fixture
def tick():
    """Let the worker come; what it booked adds up."""

    def tick():
        operations.pass_time(clock.now())
        told = telling.tell(clock.now())
        assert list(audit.disagreements()) == []
        return told

    return tick


@pytest.fixture
def announce(owner):
    """Announce an end on a day, for the two days of these tests."""
    return partial(announce_end, collects_until=COLLECT, honoured_until=USE, actor=owner)


@pytest.fixture
def ending(on, card, announce):
    """The coffee card, its end announced on 10 January."""
    with on(TENTH):
        announce(card)
    return card


@pytest.fixture
def call_off(owner):
    return partial(call_off_end, actor=owner)
