import pytest

from loyalty import keys
from loyalty.actors import Actor, Channel
from members.ledger.models import Operation
from members.operations import void
from tests.books import latest
from tests.factories import PointsFactory, earn, stamp


@pytest.fixture(autouse=True)
def monday(monday):
    """Every test of voiding is on a Monday."""


@pytest.fixture
def actor(in_shop, manager_person):
    return Actor(in_shop, Channel.OWNER, person=manager_person)


@pytest.fixture
def take_back(actor):
    """take_back(operation, …): void it as the manager would."""

    def take_back(undone, *, reason="refund", key=None, by=actor):
        undone = Operation.objects.select_related("membership").get(pk=undone.pk)
        return void(
            membership=undone.membership,
            undone=undone,
            reason=reason,
            key=key or keys.new(),
            actor=by,
        )

    return take_back


@pytest.fixture
def stamped(counter, card):
    """stamped(member, n): stamp a card, and return the operation."""

    def stamped(member, count=1, **more):
        stamp(member, count, counter=counter, programme=card, **more)
        return latest("add_stamps")

    return stamped


@pytest.fixture
def points(in_shop):
    return PointsFactory(shop=in_shop, rules__per_attendance=5)


@pytest.fixture
def bought(points, counter):
    """bought(member, amount): a purchase, and return the operation."""

    def bought(member, minor=100_000, **more):
        earn(member, minor, counter=counter, **more)
        return latest("earn_points")

    return bought
