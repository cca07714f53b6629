"""Where a week begins and ends, and what it is held against."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from loyalty.dashboard.week.weeks import asked_for, week_of
from loyalty.models import Shop

OSLO = ZoneInfo("Europe/Oslo")
WEDNESDAY = datetime(2026, 9, 16, 10, 0, tzinfo=OSLO)
HOUR = timedelta(hours=1)


def a_shop(zone="Europe/Oslo", since=datetime(2026, 6, 3, 12, 0, tzinfo=OSLO)):
    return Shop(time_zone=zone, live_since=since)


def test_it_works():
    week = week_of(a_shop(), WEDNESDAY)

    assert week.key == "2026-W38"
    assert week.now.start == datetime(2026, 9, 14, tzinfo=OSLO)
    assert week.before.start == datetime(2026, 9, 7, tzinfo=OSLO)
    assert week.last == date(2026, 9, 16)
    assert not week.over


def test_this_moment_counts_and_so_does_the_same_a_week_ago():
    week = week_of(a_shop(), WEDNESDAY)

    assert week.now.end - WEDNESDAY == timedelta(microseconds=1)
    assert week.before.end - (WEDNESDAY - timedelta(days=7)) == timedelta(microseconds=1)


def test_a_week_that_is_over_is_held_against_the_whole_week_before():
    week = week_of(a_shop(), WEDNESDAY, date(2026, 9, 7))

    assert week.over
    assert week.now.end == datetime(2026, 9, 14, tzinfo=OSLO)
    assert week.before.end == week.now.start
    assert (week.earlier, week.later) == ("2026-W36", "2026-W38")
    assert week.last == date(2026, 9, 13)


@pytest.mark.parametrize(
    ("zone", "monday", "hours"),
    [
        ("Europe/Oslo", date(2026, 3, 23), 167),  # an hour is left out on Sunday the 29th
        ("Europe/Oslo", date(2026, 10, 19), 169),  # and one comes twice on the 25th of October
        ("America/Los_Angeles", date(2026, 3, 2), 167),  # there it is three weeks earlier
        ("America/Los_Angeles", date(2026, 10, 26), 169),
        ("Asia/Tokyo", date(2026, 10, 19), 168),  # and there never
    ],
)
def test_a_week_is_seven_days_of_the_shop_whatever_the_clocks_do(zone, monday, hours):
    week = week_of(a_shop(zone), datetime(2026, 12, 1, tzinfo=UTC), monday)

    assert week.now.end.astimezone(UTC) - week.now.start.astimezone(UTC) == hours * HOUR
    assert week.now.start.astimezone(ZoneInfo(zone)).hour == 0
    assert len(week.days) == 7


def test_a_week_ago_is_the_same_hour_of_the_clock_though_summer_time_ended():
    now = datetime(2026, 10, 26, 9, 0, tzinfo=OSLO)  # Monday after the change

    before = week_of(a_shop(), now).before

    assert before.end.astimezone(OSLO).hour == 9
    assert before.end.astimezone(UTC).hour == 7  # summer time then


@pytest.mark.parametrize("hour", [0, 1])  # half past two in Oslo, in summer time and once more
def test_in_the_hour_that_comes_twice_a_week_goes_on_to_this_very_moment(hour):
    now = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)

    week = week_of(a_shop(), now).now

    assert week.end.astimezone(UTC) - now == timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("zone", "key"),
    [("Asia/Tokyo", "2026-W39"), ("Europe/Oslo", "2026-W38"), ("America/Los_Angeles", "2026-W38")],
)
def test_it_is_monday_in_tokyo_while_it_is_sunday_elsewhere(zone, key):
    assert week_of(a_shop(zone), datetime(2026, 9, 20, 16, 0, tzinfo=UTC)).key == key


def test_the_last_days_of_a_year_belong_to_the_week_they_are_in():
    shop = a_shop()

    assert week_of(shop, datetime(2027, 1, 2, 12, 0, tzinfo=OSLO)).key == "2026-W53"


@pytest.mark.parametrize(
    ("key", "monday"),
    [
        ("2026-W38", date(2026, 9, 14)),  # this one
        ("2026-W37", date(2026, 9, 7)),
        ("2026-W23", date(2026, 6, 1)),  # the week it opened in
        ("2026-W22", None),  # before that
        ("2026-W39", None),  # still to come
        ("2026-W54", None),  # no year has so many
        ("2026-W00", None),
        ("0000-W01", None),
        ("2026-38", None),
        ("last", None),
        ("2026-W3\N{ARABIC-INDIC DIGIT EIGHT}", None),
    ],
)
def test_an_address_names_a_week_of_the_shop(key, monday):
    assert asked_for(a_shop(), key, WEDNESDAY) == monday


@pytest.mark.parametrize(
    ("language", "words"),
    [("en-gb", "14–20 Sept"), ("nb", "14.–20. sep."), ("da", "14.–20. sep.")],
)
def test_its_days_are_written_as_the_reader_writes_them(language, words):
    with translation.override(language):
        assert week_of(a_shop(), WEDNESDAY).words == words


def test_of_a_week_that_is_over_the_year_is_told():
    with translation.override("en-gb"):
        assert week_of(a_shop(), WEDNESDAY, date(2026, 8, 31)).words == (
            "31 Aug\N{THIN SPACE}–\N{THIN SPACE}6 Sept 2026"
        )
