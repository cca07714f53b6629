"""One clock, which a test and the demo may set."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from loyalty import clock
from loyalty.calendar import months_after

NEW_YEAR = datetime(2027, 12, 31, 23, 30, tzinfo=UTC)


def test_it_goes_by_itself_in_utc():
    assert clock.now().tzinfo is UTC
    assert abs((datetime.now(UTC) - clock.now()).total_seconds()) < 1


def test_it_can_be_set_and_goes_on_afterwards():
    with clock.at(NEW_YEAR):
        assert clock.now() == NEW_YEAR
        with clock.at(datetime(2030, 1, 1, tzinfo=UTC)):
            assert clock.now().year == 2030
        assert clock.now() == NEW_YEAR
    assert clock.now() != NEW_YEAR


def test_it_goes_on_after_an_error():
    with pytest.raises(ZeroDivisionError), clock.at(NEW_YEAR):
        1 / 0  # noqa: B018
    assert clock.now() != NEW_YEAR


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Europe/London", date(2027, 12, 31)), ("Europe/Oslo", date(2028, 1, 1))],
)
def test_a_shop_has_its_own_day(zone, day):
    with clock.at(NEW_YEAR):
        assert clock.today(ZoneInfo(zone)) == day


def test_months_after_is_the_same_day_or_the_last():
    assert months_after(date(2027, 8, 31), 6) == date(2028, 2, 29)
    assert months_after(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert months_after(date(2027, 1, 1), 0) == date(2027, 1, 1)
