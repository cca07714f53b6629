import pytest
from django.urls import reverse

from loyalty import keys
from loyalty.actors import Actor, Channel
from rewards.catalogue.operations import redeem
from tests.factories import MembershipFactory, PointsFactory, RewardFactory, earn


@pytest.fixture
def points(in_shop):
    return PointsFactory(shop=in_shop)


@pytest.fixture
def lunch(points):
    return RewardFactory(programme=points)


@pytest.fixture
def at(shop):
    return lambda name, *more: reverse(f"owner:{name}", args=[shop.slug, *more])


@pytest.fixture
def typed(points):
    """A free lunch for 100 points, as a browser sends it."""

    def data(**more):
        nothing = "percent amount bonus stock stock_was per_member minimum use_within terms"
        days = {"starts_on": "", "ends_on": ""}
        told = {"name": "Free lunch", "text": "Soup of the day.", "behaviour": "thing"}
        price = {"programme": points.pk, "cost": "100", "value": "45"}
        return {**dict.fromkeys(nothing.split(), ""), **days, **told, **price, **more}

    return data


@pytest.fixture
def choose(counter):
    """Somebody chooses a reward for their points."""

    def chosen(reward):
        card = MembershipFactory(shop=reward.shop)
        earn(card, 100_000 + reward.cost * 1000, counter=counter)
        actor = Actor(reward.shop, Channel.CARD)
        return redeem(membership=card, reward=reward, key=keys.new(), actor=actor)

    return chosen
