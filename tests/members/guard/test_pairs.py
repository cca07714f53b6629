"""One person, one card. The control of each test is a shop where the same numbers are normal."""

from datetime import timedelta
from random import Random

import pytest

from members.guard.facts import Rule
from tests.members.guard.conftest import WEDNESDAY, told

pytestmark = pytest.mark.django_db

A_DAY = timedelta(days=1)
LATELY = {"visits_a_day": 500, "stamps_a_day": 500, "burst_visits": 500}  # pairs only


@pytest.fixture
def guests(join):
    return [join(f"Guest {n}") for n in range(12)]


@pytest.fixture
def everyday(guests, come, staff):
    """everyday("Sara", "Jonas"): a month of guests; the shop's people take turns."""

    def serve(*names, days=30, stamps=1):
        for n in range(days):
            guest = guests[n % len(guests)]
            who = staff[names[(n // len(guests) + n) % len(names)]]
            come(guest, WEDNESDAY - (n + 1) * A_DAY + timedelta(hours=1), stamps, by=who)

    return serve


@pytest.fixture
def friends(maja, come, staff):
    """friends(n): Sara stamps Maja's card n times, twice a day, until Wednesday."""

    def stamps(count, *, by="Sara", until=WEDNESDAY, on=(maja,), apart=timedelta(hours=12)):
        for n in range(count):
            come(on[n % len(on)], until - n * apart, by=staff[by])

    return stamps


@pytest.fixture
def pairs(look):
    return lambda **more: look(**{**LATELY, **more})


def test_it_works(everyday, friends, pairs, maja, sara):
    everyday("Sara", "Jonas", "Per")
    friends(10)

    [flag] = pairs()

    assert flag.what == "Sara gave 10 of the 10 stamps that Maja got in 90 days."
    assert (flag.rule, flag.day) == (Rule.PAIR, WEDNESDAY.date())
    assert (flag.card, flag.staff) == (maja, sara)
    assert len(flag.lines) == 10


def test_nine_stamps_are_nothing(everyday, friends, pairs):
    everyday("Sara", "Jonas", "Per")
    friends(9)

    assert pairs() == []
    assert pairs(pair_least=9)


def test_it_is_the_share_that_counts(everyday, friends, pairs):
    """Fewer than four in ten are hers."""
    everyday(*["Jonas", "Per"] * 4, "Sara", days=90)
    friends(10)
    friends(15, by="Jonas", until=WEDNESDAY - timedelta(hours=5))
    assert told(pairs()) == ["Sara gave 10 of the 25 stamps that Maja got in 90 days."]

    friends(1, by="Per", until=WEDNESDAY + timedelta(hours=3))
    assert pairs() == []
    assert pairs(pair_share=38)


def test_where_one_person_gives_every_stamp_nobody_stands_out(everyday, friends, pairs):
    everyday("Sara")
    friends(30)

    assert pairs() == []


def test_of_two_who_share_the_till_one_may_stamp_most(everyday, friends, pairs):
    everyday("Sara", "Jonas")
    friends(10)
    friends(2, by="Jonas", until=WEDNESDAY - timedelta(hours=3))

    assert pairs() == []


def test_of_two_one_who_gives_every_one_of_many_stands_out(everyday, friends, pairs):
    everyday("Sara", "Jonas", days=60)
    friends(14)

    assert told(pairs()) == ["Sara gave 14 of the 14 stamps that Maja got in 90 days."]


def test_a_new_shop_has_nothing_to_compare_with(everyday, friends, pairs):
    everyday("Sara", "Jonas", "Per", days=9)
    friends(12)
    assert pairs() == []

    everyday("Sara", "Jonas", "Per", days=12)
    assert pairs()


def test_where_customers_keep_to_their_hours_one_more_is_nothing(
    guests, come, friends, staff, pairs
):
    """Each guest meets the same person always: so does Maja."""
    for n, guest in enumerate(guests):
        for day in range(5):
            who = staff[["Sara", "Jonas", "Per"][n % 3]]
            come(guest, WEDNESDAY - (day * 3 + 1) * A_DAY, by=who)
    friends(12)

    assert pairs() == []


def test_a_new_colleagues_first_regulars_are_nothing(everyday, friends, guests, pairs):
    """Sara began twelve days ago and gives every stamp since: to Maja and to all others."""
    everyday("Jonas", "Per", days=60)
    friends(14)
    friends(40, on=guests, apart=timedelta(hours=4))

    assert pairs() == []


def test_many_stamps_in_one_visit_are_no_pair(everyday, come, maja, staff, pairs):
    everyday("Sara", "Jonas", "Per")
    come(maja, WEDNESDAY, 12, by=staff["Sara"], reason="group")

    assert pairs() == []


def test_nobody_on_the_till_is_nobody(everyday, come, maja, counter, pairs):
    everyday("Sara", "Jonas", "Per")
    counter.staff = None
    for n in range(12):
        come(maja, WEDNESDAY - n * timedelta(hours=12))

    assert pairs() == []


def test_a_pair_is_told_once_and_again_when_it_has_doubled(everyday, friends, pairs):
    everyday("Sara", "Jonas", "Per", days=40)
    friends(12)
    week_after, tonight = WEDNESDAY + 7 * A_DAY, timedelta(hours=13)
    assert pairs()

    friends(2, until=week_after)
    assert pairs(until=week_after + tonight) == []

    friends(8, until=week_after - timedelta(hours=3))
    assert told(pairs(until=week_after + tonight)) == [
        "Sara gave 22 of the 22 stamps that Maja got in 90 days."
    ]


def test_a_pair_of_last_week_is_last_weeks(everyday, friends, pairs):
    everyday("Sara", "Jonas", "Per")
    friends(12)

    assert pairs(until=WEDNESDAY + 14 * A_DAY) == []


def test_only_so_many_days_are_counted(everyday, friends, pairs):
    everyday("Sara", "Jonas", "Per")
    friends(6, until=WEDNESDAY - 20 * A_DAY)
    friends(8)

    assert told(pairs()) == ["Sara gave 14 of the 14 stamps that Maja got in 90 days."]
    assert pairs(pair_days=20) == []


@pytest.mark.parametrize("people", [["Sara"], ["Sara", "Jonas"], ["Sara", "Jonas", "Per"]])
def test_an_honest_month_brings_hardly_a_pair(join, come, look, staff, people):
    """Eight regulars come at random, and whoever is there stamps them."""
    random = Random(len(people))
    guests = [join(f"Guest {n}") for n in range(8)]
    for n in range(120):
        moment = WEDNESDAY - timedelta(hours=6 * n)
        come(random.choice(guests), moment, by=staff[random.choice(people)])

    weeks = [WEDNESDAY + A_DAY - n * 7 * A_DAY for n in range(4)]

    assert sum(len(look(until=week, **LATELY)) for week in weeks) <= 1
