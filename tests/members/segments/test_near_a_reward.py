"""With points, who is a usual purchase away from the next reward is nearly there."""

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members.ledger.models import Operation
from members.operations import void
from rewards.catalogue.operations import redeem
from tests.factories import MembershipFactory, PointsFactory, RewardFactory, earn
from tests.members.segments.conftest import NOON, ago, group


@pytest.fixture
def points(shop):
    with clock.at(ago(500)):
        return PointsFactory(shop=shop)


@pytest.fixture
def buy(points, counter):
    """Somebody buys once for so many points, and is the card of it."""

    def bought(amount, *, days=1):
        with clock.at(ago(days)):
            card = MembershipFactory(shop=points.shop)
            earn(card, amount * 1000, counter=counter)
        return card

    return bought


@pytest.fixture
def lunch(points):
    return RewardFactory(programme=points, cost=100)


def test_it_works(buy, lunch):
    """Three bought for 10, 20 and 85 points: 20 is usual."""
    buy(10), buy(20)
    almost = buy(85)

    assert group("nearly_there") == [almost]


def test_exactly_enough_is_enough_and_a_point_less_is_not(buy, lunch):
    for _usual in range(4):
        buy(20)
    buy(79)
    almost = buy(80)

    assert group("nearly_there") == [almost]


def test_who_has_enough_looks_at_the_next_one(buy, lunch, points):
    for _usual in range(4):
        buy(20)
    buy(100)
    further = buy(195)
    assert group("nearly_there") == []

    RewardFactory(programme=points, name="Dinner", cost=200)
    assert group("nearly_there") == [further]


def test_with_nothing_to_collect_for_nobody_is(buy):
    buy(10), buy(90)

    assert group("nearly_there") == []


@pytest.mark.parametrize("gone", [{"stock": 0}, {"retired_at": NOON}, {"segment": "regulars"}])
def test_what_can_not_be_had_by_everybody_is_no_next_reward(buy, points, gone):
    buy(20), buy(20), buy(90)
    RewardFactory(programme=points, cost=100, **gone)

    assert group("nearly_there") == []


def test_where_nobody_bought_lately_nothing_is_usual(buy, lunch):
    buy(90, days=91)

    assert group("nearly_there") == []


def test_what_is_owed_comes_off_the_purchase_first(buy, lunch, shop, manager_person):
    """A usual purchase alone is enough for lunch, but not for who owes points."""
    for _usual in range(3):
        buy(100)
    owing = buy(100)
    bought = Operation.objects.filter(kind="earn_points").latest("pk")
    again = {"membership": owing, "key": keys.new()}
    redeem(**again, reward=lunch, actor=Actor(shop, Channel.CARD))
    manager = Actor(shop, Channel.OWNER, person=manager_person)
    fresh = MembershipFactory(shop=shop)
    assert set(group("nearly_there")) == {owing, fresh}

    void(membership=owing, undone=bought, reason="mistake", key=keys.new(), actor=manager)

    assert group("nearly_there") == [fresh]
