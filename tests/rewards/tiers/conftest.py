from datetime import UTC, datetime

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members.ledger import audit
from members.ledger.models import Operation
from members.operations import undo, void
from rewards.tiers import operations
from rewards.tiers.models import Standing, TierMove
from rewards.tiers.standing import tier_of
from tests.factories import MembershipFactory, stamp
from tests.ladder_factories import LadderFactory

MAY = datetime(2027, 5, 12, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def spring():
    """A morning in May, long before a year ends."""
    with clock.at(MAY):
        yield


@pytest.fixture(autouse=True)
def everybody_stands_where_the_log_says(request, db):
    yield
    assert list(audit.disagreements()) == []


@pytest.fixture
def ladder(in_shop):
    """Bronze, Silver from 3 visits in 12 months, Gold from 5."""
    return LadderFactory(shop=in_shop)


@pytest.fixture
def maja(ladder, card):
    return MembershipFactory(shop=ladder.shop, name="Maja")


@pytest.fixture
def owner(in_shop):
    return Actor(in_shop, Channel.OWNER)


@pytest.fixture
def visit(counter):
    """visit(card, n): n visits with a stamp each. The answer of the last."""

    def visit(membership, n=1):
        answers = [stamp(membership, 1, counter=counter) for _time in range(n)]
        return answers[-1] if answers else None

    return visit


def name_of(membership):
    tier = tier_of(membership)
    return tier and tier.name


def where(membership):
    """All there is to know about where somebody stands."""
    found = Standing.objects.filter(membership=membership)
    return found.values("tier__name", "since", "held_until").first()


def moves(membership):
    """The moves that stand, in their order."""
    standing = TierMove.objects.filter(membership=membership).stands().order_by("pk")
    return [(move.tier.name, move.why) for move in standing.select_related("tier")]


def given_to(membership):
    """What was given to a card and stands, latest first."""
    stamped = Operation.objects.filter(
        membership=membership, kind__in=["add_stamps", "earn_points"]
    )
    return stamped.filter(visit__voided_by=None).order_by("-pk")


def take_back(membership, actor, nth=0, reason=""):
    """The shop undoes what it gave, the latest first; with a reason it is voided."""
    wish = {"membership": membership, "undone": given_to(membership)[nth]}
    wish |= {"key": keys.new(), "actor": actor}
    return void(**wish, reason=reason) if reason else undo(**wish)


def at(*when):
    """The clock stands at a moment in UTC."""
    return clock.at(datetime(*when, tzinfo=UTC))


def night(*when):
    """The worker comes by at a moment in UTC. Counts who was looked at."""
    moment = datetime(*when, tzinfo=UTC)
    with clock.at(moment):
        return operations.pass_time(moment)
