"""Both nights on which the clocks are changed, and the moments around them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone, translation

from loyalty import clock
from rewards.vip.models import Opening
from rewards.vip.moments import NoSuchHour, in_words, moment, next_midnight
from rewards.vip.refusals import NotYet
from tests.factories import DropFactory, OpeningFactory
from tests.rewards.vip.conftest import A_SECOND, THURSDAY

pytestmark = pytest.mark.django_db

FORWARD = date(2027, 3, 28)  # 02:00 to 03:00 does not exist in Oslo
BACK = date(2027, 10, 31)  # 02:00 to 03:00 comes twice


@pytest.mark.parametrize(
    ("day", "hour", "at"),
    [
        (date(2027, 3, 27), time(9), datetime(2027, 3, 27, 8, tzinfo=UTC)),
        (FORWARD, time(1, 59), datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        (FORWARD, time(3), datetime(2027, 3, 28, 1, tzinfo=UTC)),
        (FORWARD, time(9), datetime(2027, 3, 28, 7, tzinfo=UTC)),
        (BACK, time(1, 59), datetime(2027, 10, 30, 23, 59, tzinfo=UTC)),
        (BACK, time(2), datetime(2027, 10, 31, 0, tzinfo=UTC)),  # the first of the two
        (BACK, time(2, 59), datetime(2027, 10, 31, 0, 59, tzinfo=UTC)),
        (BACK, time(3), datetime(2027, 10, 31, 2, tzinfo=UTC)),
        (BACK, time(9), datetime(2027, 10, 31, 8, tzinfo=UTC)),
    ],
)
def test_it_works(in_shop, day, hour, at):
    assert moment(in_shop, day, hour) == at


@pytest.mark.parametrize("hour", [time(2), time(2, 30), time(2, 59)])
def test_the_hour_that_does_not_exist_is_refused(in_shop, hour):
    with pytest.raises(NoSuchHour, match=r"There is no 02:\d\d on 28 March: the clocks go forward"):
        moment(in_shop, FORWARD, hour)


@pytest.mark.parametrize(("day", "hours"), [(FORWARD, 23), (BACK, 25)])
def test_such_a_day_ends_at_its_own_midnight(in_shop, day, hours):
    begins = moment(in_shop, day, time(0))

    assert next_midnight(in_shop, begins) - begins == timedelta(hours=hours)


@pytest.mark.parametrize("day", [FORWARD, BACK])
def test_nine_o_clock_is_nine_o_clock_in_the_shop(in_shop, maja, vera, reserve, day):
    """An opening after the change, planned before it."""
    nine = moment(in_shop, day, time(9))
    roast = DropFactory(shop=in_shop)
    OpeningFactory(drop=roast, audience=Opening.Audience.PICKED, at=nine - timedelta(days=1))
    OpeningFactory(drop=roast, at=nine)

    with clock.at(nine - A_SECOND), timezone.override(in_shop.zone):
        assert clock.now().astimezone(in_shop.zone).time() == time(8, 59, 59)
        assert reserve(membership=vera, drop=roast)["claim"]
        with pytest.raises(NotYet, match="at 09:00"):
            reserve(membership=maja, drop=roast)
    with clock.at(nine):
        assert reserve(membership=maja, drop=roast)["claim"]


def test_in_the_hour_that_comes_twice_it_opens_once(in_shop, maja, reserve):
    roast = DropFactory(shop=in_shop)
    opens = moment(in_shop, BACK, time(2, 30))
    OpeningFactory(drop=roast, at=opens)

    with clock.at(opens - A_SECOND), pytest.raises(NotYet):
        reserve(membership=maja, drop=roast)
    with clock.at(opens + timedelta(minutes=45)):  # 02:15 again
        assert reserve(membership=maja, drop=roast)["claim"]


@pytest.mark.parametrize(
    ("language", "near", "far"),
    [
        ("en-gb", "Sat 09:00", "6 May 10:00"),
        ("nb", "lørdag kl. 09.00", "6. mai kl. 10.00"),
        ("da", "lørdag kl. 09.00", "6. maj kl. 10.00"),
    ],
)
def test_in_words(in_shop, language, near, far):
    with translation.override(language), timezone.override(in_shop.zone):
        assert in_words(THURSDAY + timedelta(days=2)) == near
        assert in_words(THURSDAY + timedelta(days=63)) == far


def test_in_a_sentence_of_its_own(in_shop):
    at = (THURSDAY + timedelta(days=3, hours=8)).isoformat()

    assert in_words(at, in_full=True, zone="Europe/Oslo") == "Sunday 17:00"
