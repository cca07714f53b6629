"""What outstanding points would cost the shop: never told too small."""

from datetime import timedelta

import pytest

from loyalty import clock
from members.ledger.models import Account
from rewards.points.worth import outstanding_minor, reckoning
from tests.factories import MembershipFactory, PointsFactory, RewardFactory, earn

pytestmark = pytest.mark.django_db


@pytest.fixture
def worth(points):
    return lambda: outstanding_minor(points, clock.now())


@pytest.fixture
def come(points, counter):
    """Members who bought for so much each, in kroner; a point for every ten."""

    def came(*amounts):
        for amount in amounts:
            earn(MembershipFactory(shop=points.shop), amount * 100, counter=counter)

    return came


def test_it_works(come, points, worth):
    RewardFactory(programme=points, cost=100, value_minor=4500)
    come(400, 240)  # 64 points at 45 øre

    assert worth() == 2880


def test_it_is_rounded_up_once(come, points, worth):
    RewardFactory(programme=points, cost=3, value_minor=100)
    come(10, 10)

    assert worth() == 67  # two points at 33.33 øre; each by itself would be 68


def test_the_dearest_reward_counts_by_what_a_point_costs_in_it(come, points, worth):
    RewardFactory(programme=points, cost=100, value_minor=4500)
    RewardFactory(programme=points, cost=1000, value_minor=20_000)  # dearer, but not per point
    RewardFactory(programme=points, cost=10, value_minor=500, stock=0)  # one may come back
    come(100)

    assert worth() == 500


def test_what_is_not_on_offer_counts_for_nothing(come, points, worth):
    today = clock.today(points.shop.zone)
    RewardFactory(programme=points, retired_at=clock.now())
    RewardFactory(programme=points, ends_on=today - timedelta(days=1))
    RewardFactory(programme=points, starts_on=today + timedelta(days=1))
    come(100)

    assert worth() == 0
    assert reckoning(points, clock.now()) == ""


def test_a_full_card_is_no_price_in_points(come, points, card, worth):
    RewardFactory(programme=card, cost=None, value_minor=1_000_000)
    come(100)

    assert worth() == 0


def test_nobody_has_points(points, worth):
    RewardFactory(programme=points)

    assert not Account.objects.exists()
    assert worth() == 0


def test_next_door_does_not_count(come, points, worth, next_door):
    RewardFactory(programme=points)
    RewardFactory(programme=PointsFactory(shop=next_door), cost=1, value_minor=1_000_000)
    come(100)

    assert worth() == 450


def test_it_says_how_it_was_reckoned(points):
    RewardFactory(programme=points)

    told = reckoning(points, clock.now()).replace("\N{NO-BREAK SPACE}", " ")
    assert told == "Reckoned as if all of it went on Free lunch: 45 kr for 100 points."
