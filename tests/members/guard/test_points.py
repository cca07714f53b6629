"""Points are no stamps: 73 of them in one visit are one thing that happened."""

import copy
from datetime import timedelta

import pytest

from loyalty import clock
from loyalty.dashboard.week import figures
from members.guard.facts import Rule
from tests.factories import PointsFactory, earn
from tests.members.guard.conftest import WEDNESDAY, told

pytestmark = pytest.mark.django_db

A_DAY = timedelta(days=1)


@pytest.fixture
def points(shop):
    """Points alone, running since long before."""
    with clock.at(WEDNESDAY - timedelta(days=400)):
        return PointsFactory(shop=shop)


@pytest.fixture
def card(points):
    """What members of this shop collect in: the fixtures of the guard ask for it."""
    return points


@pytest.fixture
def pay(counter, points):
    """pay(member, moment): 730 kr at the till by the door, by Ola if nobody else is named."""

    def pays(member, moment, amount_minor=73_000, *, by=None):
        till = copy.copy(counter)
        till.staff = by or counter.staff
        with clock.at(moment):
            return earn(member, amount_minor, counter=till, programme=points)

    return pays


def test_one_visit_with_many_points_is_nothing(pay, maja, look):
    pay(maja, WEDNESDAY)

    assert look() == []


def test_a_card_that_comes_often_is_told_in_visits(pay, maja, look):
    for n in range(6):
        pay(maja, WEDNESDAY + n * timedelta(minutes=50))

    assert "There were 6 visits by Maja on one day." in told(look())


def test_nobody_is_said_to_have_stamped(pay, join, look):
    for n in range(12):
        pay(join(f"Guest {n}"), WEDNESDAY + n * timedelta(seconds=20))

    [flag] = look()
    assert flag.rule == Rule.BURST
    assert flag.what == "Ola had 12 visits within 4 minutes at By the door."


@pytest.fixture
def everyday(pay, join, staff):
    """A month of guests; the shop's people take turns."""
    guests = [join(f"Guest {n}") for n in range(12)]
    names = ("Sara", "Jonas", "Per")
    for n in range(30):
        who = staff[names[(n // 12 + n) % 3]]
        pay(guests[n % 12], WEDNESDAY - (n + 1) * A_DAY + timedelta(hours=1), by=who)


def test_a_friends_card_is_told_in_visits(pay, maja, everyday, sara, look):
    for n in range(10):
        pay(maja, WEDNESDAY - n * timedelta(hours=12), by=sara)

    found = [flag for flag in look() if flag.rule == Rule.PAIR]
    assert told(found) == ["Sara served 10 of the 10 visits of Maja in 90 days."]


def test_one_large_purchase_makes_no_pair(pay, maja, everyday, sara, look):
    pay(maja, WEDNESDAY, 480_000, by=sara)

    assert [flag for flag in look() if flag.rule == Rule.PAIR] == []


def test_a_week_without_a_stamp_card_counts_no_stamps(pay, maja, in_shop):
    pay(maja, WEDNESDAY)

    week = figures.week_of(in_shop, WEDNESDAY)
    assert (week.visits.now, week.stamps) == (1, None)
