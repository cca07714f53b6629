"""Golden dates: where a birthday lies in a year, and which days are round it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from members.models import Membership
from rewards.birthday import days
from rewards.birthday.models import BirthdayGift, BirthdayTreat

TREAT = BirthdayTreat(title="A bun", days_before=7, days_after=7)
SIDE = timedelta(days=7)


@pytest.mark.parametrize(
    ("birthday", "year", "day"),
    [
        ((12, 5), 2026, date(2026, 5, 12)),
        ((29, 2), 2028, date(2028, 2, 29)),
        ((29, 2), 2026, date(2026, 2, 28)),
        ((29, 2), 2100, date(2100, 2, 28)),  # divisible by 4, and no leap year
        ((1, 1), 2026, date(2026, 1, 1)),
        ((31, 12), 2026, date(2026, 12, 31)),
    ],
)
def test_it_works(birthday, year, day):
    assert days.in_year(birthday, year) == day


@pytest.mark.parametrize(
    ("birthday", "today", "year"),
    [
        ((12, 5), date(2026, 5, 4), None),
        ((12, 5), date(2026, 5, 5), 2026),
        ((12, 5), date(2026, 5, 12), 2026),
        ((12, 5), date(2026, 5, 19), 2026),
        ((12, 5), date(2026, 5, 20), None),
        # Over New Year it belongs to the year of the birthday.
        ((1, 1), date(2026, 12, 24), None),
        ((1, 1), date(2026, 12, 25), 2027),
        ((1, 1), date(2027, 1, 1), 2027),
        ((1, 1), date(2027, 1, 8), 2027),
        ((1, 1), date(2027, 1, 9), None),
        ((31, 12), date(2026, 12, 24), 2026),
        ((31, 12), date(2027, 1, 1), 2026),
        ((31, 12), date(2027, 1, 7), 2026),
        ((31, 12), date(2027, 1, 8), None),
        # 29 February: the window of the 28th, and in a leap year one day later.
        ((29, 2), date(2026, 2, 21), 2026),
        ((29, 2), date(2026, 3, 7), 2026),
        ((29, 2), date(2026, 3, 8), None),
        ((29, 2), date(2028, 2, 21), None),
        ((29, 2), date(2028, 2, 22), 2028),
        ((29, 2), date(2028, 3, 7), 2028),
        ((28, 2), date(2028, 2, 21), 2028),
        ((28, 2), date(2028, 3, 7), None),
    ],
)
def test_which_year_a_day_is_in(birthday, today, year):
    window = TREAT.window_on(today, birthday)

    assert (window and window.birthday.year) == year


def test_without_any_days_round_it_only_the_day_itself_counts():
    bare = BirthdayTreat(title="A bun", days_before=0, days_after=0)

    assert bare.window_on(date(2026, 5, 12), (12, 5))
    assert not bare.window_on(date(2026, 5, 11), (12, 5))
    assert not bare.window_on(date(2026, 5, 13), (12, 5))


@pytest.mark.parametrize(
    ("day", "born"),
    [
        (date(2026, 2, 28), {(28, 2), (29, 2)}),
        (date(2028, 2, 28), {(28, 2)}),
        (date(2028, 2, 29), {(29, 2)}),
        (date(2026, 3, 1), {(1, 3)}),
    ],
)
def test_whose_birthday_a_day_is(day, born):
    assert set(days.of_day(day)) == born


@pytest.mark.django_db
@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_the_database_finds_whom_the_windows_hold(in_shop, born, year):
    """All birthdays of half a year round New Year and February, against the plain rule."""
    for day, month in [(25, 12), (31, 12), (1, 1), (7, 1), (28, 2), (29, 2), (1, 3), (12, 5)]:
        born(day, month)
    for today in [date(year, 12, 28), date(year, 1, 3), date(year, 2, 25), date(year, 3, 7)]:
        first, last = today - SIDE, today + SIDE
        found = Membership.objects.filter(days.between(first, last))
        plain = [m for m in Membership.objects.all() if TREAT.window_on(today, m.birthday)]
        assert set(found) == set(plain)


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"days_before": 31}, {"days_after": 31}, {"bonus": 0}])
def test_the_database_knows_what_a_treat_is(treat, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        BirthdayTreat.objects.filter(pk=treat.pk).update(**wrong)


def test_names():
    assert str(TREAT) == "A bun"
    assert str(BirthdayGift(year=2026)) == "birthday treat of 2026"
