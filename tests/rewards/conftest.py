import pytest

from tests.factories import MembershipFactory


@pytest.fixture
def points(points, in_shop):
    """The tests of rewards ask the database themselves."""
    return points


@pytest.fixture
def maja(points, counter):
    """Maja, with 150 points."""
    return MembershipFactory(shop=points.shop, name="Maja", points=150, points__counter=counter)
