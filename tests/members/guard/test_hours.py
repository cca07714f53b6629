from datetime import datetime, time, timedelta

import pytest
from django_scopes import scope

from loyalty.models import OpeningHours
from members.guard.facts import Rule
from members.guard.hours import without_hours
from members.guard.operations import set_hours
from tests.factories import CounterFactory, LocationFactory, as_owner
from tests.members.guard.conftest import OSLO, WEDNESDAY, told

pytestmark = pytest.mark.django_db

EVERY_DAY = range(7)
NINE, FIVE, SIX, TWO = time(9), time(17), time(18), time(2)


@pytest.fixture
def open_from(shop, counter):
    """open_from(nine, five): every day, or on the weekdays that are named."""

    def opens(opening, closing, days=EVERY_DAY, location=counter.location):
        with scope(shop=shop):
            set_hours(
                location, dict.fromkeys(days, (opening, closing)), actor=as_owner(location.shop)
            )

    return opens


def at(hour, minute=0, *, day=16, month=9, **more):
    return datetime(2026, month, day, hour, minute, tzinfo=OSLO, **more)


def test_it_works(maja, come, look, open_from, sara):
    open_from(NINE, FIVE)
    come(maja, at(21, 10), by=sara)
    come(maja, at(21, 20), by=sara)
    come(maja, at(12), by=sara)

    [flag] = look()

    assert flag.what == "Sara stamped 2 times outside opening hours at Grünerløkka."
    assert flag.rule == Rule.OUTSIDE_HOURS
    assert (flag.staff, flag.location.name, flag.card) == (sara, "Grünerløkka", None)
    assert [line.at for line in flag.lines] == [at(21, 20), at(21, 10)]


@pytest.mark.parametrize("moment", [(8, 30), (9, 0), (17, 0), (17, 30)])
def test_half_an_hour_before_and_after_is_nothing(maja, come, look, open_from, moment):
    open_from(NINE, FIVE)
    come(maja, at(*moment))

    assert look() == []


@pytest.mark.parametrize("moment", [(8, 29), (17, 31)])
def test_a_minute_more_is_shown(maja, come, look, open_from, moment):
    open_from(NINE, FIVE)
    come(maja, at(*moment))

    assert told(look()) == ["Ola stamped once outside opening hours at Grünerløkka."]
    assert look(hours_grace=31) == []


def test_without_hours_nothing_is_outside(maja, come, look):
    come(maja, at(3))

    assert look() == []


def test_hours_are_those_of_the_location(maja, come, look, open_from, shop):
    kiosk = CounterFactory(shop=shop, location=LocationFactory(shop=shop, name="Kiosk"))
    open_from(NINE, FIVE)
    open_from(time(17), time(23), location=kiosk.location)
    come(maja, at(20), at=kiosk, by=None)
    come(maja, at(13), at=kiosk, by=None)

    assert told(look()) == ["There was one visit outside opening hours at Kiosk."]


def test_on_a_closed_day_every_stamp_is_outside(maja, come, look, open_from):
    open_from(NINE, FIVE, days=[0, 1, 3, 4])
    come(maja, at(12))
    come(maja, at(12, day=15))

    assert [flag.day for flag in look()] == [WEDNESDAY.date()]


def test_a_bar_closes_after_midnight(maja, come, look, open_from):
    open_from(SIX, TWO)
    come(maja, at(2, 30))
    come(maja, at(23))
    assert look() == []

    come(maja, at(2, 31))
    assert [flag.numbers["times"] for flag in look()] == [1]


def test_the_night_of_a_closed_day_belongs_to_the_evening_before(maja, come, look, open_from):
    open_from(SIX, TWO, days=[1])  # Tuesday evening
    come(maja, at(1))  # already Wednesday

    assert look() == []


@pytest.mark.parametrize(
    "day", ["24 10", "25 10", "26 10", "28 3", "29 3", "30 3"], ids=lambda day: f"on {day}"
)
def test_the_clock_on_the_wall_counts_when_clocks_change(maja, come, look, open_from, day):
    """On 29 March it goes forward, on 25 October back."""
    when = dict(zip(("day", "month"), map(int, day.split()), strict=True))
    open_from(NINE, FIVE)
    come(maja, at(8, 30, **when))
    come(maja, at(17, 30, **when))
    assert look(until=at(23, **when)) == []

    come(maja, at(8, 29, **when))
    come(maja, at(17, 31, **when))
    assert [flag.numbers["times"] for flag in look(until=at(23, **when))] == [2]


def test_an_hour_that_comes_twice_is_open_both_times(maja, come, look, open_from):
    open_from(SIX, time(2, 30))
    come(maja, at(2, 45, day=25, month=10))
    come(maja, at(2, 45, day=25, month=10, fold=1))

    assert look(until=at(23, day=25, month=10)) == []


def test_an_hour_that_never_comes_opens_nothing_early(maja, come, look, open_from):
    open_from(time(2, 30), FIVE)
    come(maja, at(3, 0, day=29, month=3))  # half an hour before 2.30, which is 3.30

    assert look(until=at(23, day=29, month=3)) == []


def test_other_hours_replace_what_was_told(open_from, shop, in_shop):
    open_from(NINE, FIVE)
    open_from(NINE, SIX, days=[0, 2])

    assert list(OpeningHours.objects.values_list("weekday", "closes")) == [(0, SIX), (2, SIX)]


def test_a_place_that_told_nothing_is_known(open_from, shop, in_shop, counter):
    assert without_hours(shop)

    open_from(NINE, FIVE)
    assert not without_hours(shop)


def test_hours_that_change_change_what_is_shown(maja, come, look, open_from):
    open_from(NINE, FIVE)
    come(maja, at(18))
    assert look()

    open_from(NINE, SIX)
    assert look(until=at(23) + timedelta(minutes=5)) == []
