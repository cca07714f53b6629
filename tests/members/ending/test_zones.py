"""Days are the shop's own, also on a day of 23 hours or of 25."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from loyalty import clock
from members.ending import operations
from members.refusals import CollectingOver
from tests.factories import stamp
from tests.members.ending.conftest import TENTH

pytestmark = pytest.mark.django_db
ZONES = ["Europe/Oslo", "Europe/Dublin", "America/Nuuk"]
SHORT, LONG = date(2027, 3, 28), date(2027, 10, 31)  # in Europe


@pytest.fixture(params=ZONES)
def at(request, in_shop):
    """An hour of a day in a shop of that zone."""
    in_shop.time_zone = request.param
    in_shop.save()

    def at(day, hour=12, minute=0):
        there = ZoneInfo(request.param)
        return clock.at(datetime(day.year, day.month, day.day, hour, minute, tzinfo=there))

    return at


@pytest.mark.parametrize("last", [SHORT, LONG])
def test_the_last_day_ends_at_midnight_there(at, announce, card, member, last):
    with at(TENTH):
        announce(card, honoured_until=last)

    with at(last, 23, 59):
        operations.pass_time(clock.now())
        assert member.accounts.get().balance == 1
    with at(last + timedelta(days=1), 0, 0):
        operations.pass_time(clock.now())
        assert member.accounts.get().balance == 0


@pytest.mark.parametrize("last", [SHORT, LONG])
def test_so_does_collecting(at, announce, counter, member, last):
    card = member.accounts.get().programme
    with at(TENTH):
        announce(card, collects_until=last, honoured_until=last + timedelta(days=30))

    with at(last, 23, 59):
        stamp(member, counter=counter)
    with at(last + timedelta(days=1), 0, 0), pytest.raises(CollectingOver):
        stamp(member, counter=counter)


def test_thirty_days_are_counted_on_the_calendar(at, announce, card):
    with at(date(2027, 3, 15), 23, 59):
        announce(card, collects_until=date(2027, 3, 15), honoured_until=date(2027, 4, 14))

    assert card.honoured_until == date(2027, 4, 14)
