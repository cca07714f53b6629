from datetime import UTC, datetime

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members.ledger import audit
from members.ledger.models import Account, Operation
from members.operations import void
from tests.factories import PointsFactory, earn, stamp

NOON = datetime(2027, 3, 1, 11, tzinfo=UTC)


def latest(kind):
    return Operation.objects.filter(kind=kind).latest("pk")


def account(member, kind="stamps"):
    return Account.objects.get(membership=member, programme__kind=kind)


def purse(member, kind="points"):
    held = account(member, kind)
    return held.balance, held.shortfall


@pytest.fixture(autouse=True)
def monday(in_shop):
    with clock.at(NOON):
        yield
        assert list(audit.disagreements()) == []


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
