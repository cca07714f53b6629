import pytest

from tests.factories import MembershipFactory, choose


@pytest.fixture
def points(points, in_shop):
    """These tests ask the database themselves."""
    return points


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


def somebody_chooses(reward):
    return choose(MembershipFactory(shop=reward.shop, points=100 + reward.cost), reward)
