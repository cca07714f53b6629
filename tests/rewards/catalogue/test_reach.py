"""How long a typical member needs for a reward."""

from datetime import timedelta
from fractions import Fraction

import pytest

from loyalty import clock
from rewards.catalogue.reach import ENOUGH, Pace, Reach, pace_of, reach
from rewards.catalogue.reach_text import sentence
from tests.factories import MembershipFactory, PointsFactory, earn

pytestmark = pytest.mark.django_db

EXPECTED = Fraction(5)


@pytest.fixture
def come(points, counter):
    """One member comes so often, so many days apart, the last time so many days ago."""

    def came(amounts, *, every=7, ago=1):
        card = MembershipFactory(shop=points.shop)
        now = clock.now()
        for back, amount in enumerate(reversed(amounts)):
            days = ago + every * (len(amounts) - 1 - back)
            with clock.at(now - timedelta(days=days)):
                earn(card, amount * 100, counter=counter)

    return came


def pace(points):
    return pace_of(points, clock.now(), expected=EXPECTED)


def test_it_works(come, points):
    come([100] * 11)  # ten points, every week

    assert pace(points) == Pace(Fraction(10), Fraction(7), measured=True)
    assert reach(120, pace(points)) == Reach(visits=12, days=77, measured=True)


def test_before_anybody_came_the_rules_say_what_to_expect(points):
    assert pace(points) == Pace(EXPECTED, None, measured=False)
    assert reach(100, pace(points)) == Reach(visits=20, days=None, measured=False)


def test_a_few_visits_say_little(come, points):
    come([500] * (ENOUGH - 1))

    assert not pace(points).measured


def test_one_big_purchase_does_not_make_everybody_rich(come, points):
    come([100] * 10 + [4000])

    assert pace(points).per_visit == 10


def test_what_is_older_than_a_quarter_is_not_typical(come, points):
    come([1000] * 12, ago=91)
    come([100] * 11)

    assert pace(points).per_visit == 10


def test_gaps_are_between_visits_of_the_same_member(come, points):
    for _member in range(11):
        come([100, 100], every=10)

    assert pace(points).gap_days == 10


def test_visits_that_earn_nothing_reach_nothing():
    assert reach(100, Pace(Fraction(0), None, measured=False)) is None


@pytest.mark.parametrize(("days", "long"), [(None, False), (90, False), (91, True)])
def test_after_ninety_days_it_is_long(days, long):
    assert Reach(12, days, measured=True).long is long


@pytest.mark.parametrize(
    ("visits", "days", "told"),
    [
        (1, 0, "A typical member reaches it in one visit."),
        (12, 49, "A typical member reaches it in about 12 visits, 7 weeks."),
        (2, 1, "A typical member reaches it in about 2 visits, 1 day."),
        (12, 13, "A typical member reaches it in about 12 visits, 13 days."),
        (40, 270, "A typical member reaches it in about 40 visits, 9 months."),
        (400, 3000, "A typical member reaches it in about 400 visits, 8 years."),
        (12, None, "A typical member reaches it in about 12 visits."),
    ],
)
def test_the_owner_reads_it_as_people_say_it(visits, days, told):
    assert sentence(Reach(visits, days, measured=True)) == told


def test_next_door_comes_more_often(come, points, next_door):
    theirs = PointsFactory(shop=next_door)
    come([100] * 11)

    assert not pace_of(theirs, clock.now(), expected=EXPECTED).measured
