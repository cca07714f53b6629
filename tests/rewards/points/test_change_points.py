"""Rules from a day on: what was earned before stays, and nothing is ever deleted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django_scopes import scope

from loyalty import clock
from loyalty.actors import Actor, Channel
from members.ledger.models import Account, LedgerEntry
from rewards.points import owning
from rewards.points.owning import BeganAlready, EarnsNothing
from rewards.points.rules import PointRules
from tests.factories import CounterFactory, MembershipFactory, earn

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
PLAIN = PointRules()
DOUBLE = replace(PLAIN, rate="2")
TRIPLE = replace(PLAIN, rate="3")


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with clock.at(NOW):
        yield


@pytest.fixture
def change(points):
    actor = Actor(points.shop, Channel.OWNER)
    return partial(owning.change_points, programme=points, name="Points", actor=actor)


@pytest.fixture
def earned(points):
    """What 100 kr bring at a moment."""
    member = MembershipFactory(shop=points.shop)
    counter = CounterFactory(shop=points.shop)

    def at(moment):
        with clock.at(moment):
            answer = earn(member, 10_000, counter=counter)
        return answer["also"][0]["given"]

    return at


def midnight(shop, month, day):
    return datetime(2026, month, day, tzinfo=shop.zone)


def holding(points, at):
    with scope(shop=points.shop):
        return points.versions.in_force(at).first().number


@pytest.mark.usefixtures("in_shop")
def test_it_works(change, points, earned):
    before = earned(NOW)
    written = change(rules=DOUBLE)
    after = earned(NOW)

    assert (before, after) == (10, 20)
    assert written.number == 2
    assert written.effective_from == NOW
    kept = LedgerEntry.objects.order_by("pk").values_list("amount", "rule_version__number")
    assert list(kept) == [(10, 1), (20, 2)]
    assert PointRules.read(points.versions.get(number=1).rules) == PLAIN


@pytest.mark.usefixtures("in_shop")
@pytest.mark.parametrize(
    "day", ["2026-10-22", "2026-10-25", "2026-10-26", "2027-03-28", "2027-03-29"]
)
def test_a_later_day_begins_at_its_local_midnight(shop, change, earned, day):
    """Also before and after the nights of 25 and 23 hours."""
    begins = datetime.fromisoformat(day).replace(tzinfo=shop.zone)
    change(rules=DOUBLE, effective_from=begins)

    assert earned(begins - timedelta(seconds=1)) == 10
    assert earned(begins) == 20


@pytest.mark.usefixtures("in_shop")
def test_the_same_rules_again_write_nothing(change):
    assert change(rules=PLAIN).number == 1


@pytest.mark.usefixtures("in_shop")
def test_a_name_alone_leaves_what_waits(shop, change, points):
    waits = change(rules=DOUBLE, effective_from=midnight(shop, 12, 1))

    change(rules=PLAIN, name="Beans")

    points.refresh_from_db()
    assert points.name == "Beans"
    assert owning.waiting(points) == waits


@pytest.mark.usefixtures("in_shop")
def test_the_waiting_rules_can_begin_at_once(shop, change, points):
    change(rules=DOUBLE, effective_from=midnight(shop, 12, 1))

    change(rules=DOUBLE)

    assert holding(points, NOW) == 3
    assert holding(points, midnight(shop, 12, 2)) == 3


@pytest.mark.usefixtures("in_shop")
def test_the_same_change_twice_waits_once(shop, change, points):
    for _once_more in range(2):
        change(rules=DOUBLE, effective_from=midnight(shop, 12, 1))

    assert points.versions.count() == 2


@pytest.mark.usefixtures("in_shop")
@pytest.mark.parametrize("day", [1, 24])
def test_a_later_change_replaces_one_that_has_not_begun(shop, change, points, day):
    change(rules=DOUBLE, effective_from=midnight(shop, 12, 10))

    written = change(rules=TRIPLE, effective_from=midnight(shop, 12, day))

    for passed in (11, 25):
        expected = PLAIN if passed < day else TRIPLE
        number = holding(points, midnight(shop, 12, passed))
        assert PointRules.read(points.versions.get(number=number).rules) == expected
    assert owning.waiting(points) == written


@pytest.mark.usefixtures("in_shop")
def test_what_waits_can_be_taken_back(shop, change, points):
    change(rules=DOUBLE, effective_from=midnight(shop, 12, 1))

    assert owning.take_back(programme=points, actor=Actor(shop, Channel.OWNER))

    assert owning.waiting(points) is None
    number = holding(points, midnight(shop, 12, 2))
    assert PointRules.read(points.versions.get(number=number).rules) == PLAIN
    assert not owning.take_back(programme=points, actor=Actor(shop, Channel.OWNER))
    assert points.versions.count() == 3


@pytest.mark.usefixtures("in_shop")
def test_rules_do_not_reach_into_the_past(change):
    with pytest.raises(BeganAlready, match=r"^Choose today or a later day\.$"):
        change(rules=DOUBLE, effective_from=NOW - timedelta(minutes=1))


@pytest.mark.usefixtures("in_shop")
def test_something_must_earn(change):
    with pytest.raises(EarnsNothing, match=r"^Choose at least one way to earn\.$"):
        change(rules=replace(PLAIN, rate="0"))


@pytest.mark.usefixtures("in_shop")
def test_what_somebody_has_is_not_touched(change, points, earned):
    earned(NOW)

    change(rules=TRIPLE)

    assert Account.objects.get(programme=points).balance == 10
