"""PTS-12: nothing a member can send makes them richer. Every address of a card is tried."""

from itertools import product

import pytest
from django.db.models import Sum

from loyalty import keys
from loyalty.actors import Actor, Channel
from members.ledger import audit
from members.ledger.models import Account
from rewards.catalogue.models import Reward
from rewards.catalogue.operations import redeem
from rewards.models import Claim
from tests.factories import MembershipFactory, PointsFactory, RewardFactory, earn
from tests.walker.walk import AREAS, CONVERTER, ROUTES, path_of

pytestmark = pytest.mark.django_db

CARD = [(name, route) for name, route in ROUTES if name in AREAS["card"]]
METHODS = ["POST", "PUT", "PATCH", "DELETE", "GET"]
TEMPTING = {
    "amount": "100000",
    "amount_minor": "10000000",
    "points": "1000",
    "balance": "1000",
    "bonus": "1000",
    "cost": "-1000",
    "count": "9",
    "items": "9",
    "attended": "on",
    "again": "on",
    "sure": "on",
}


@pytest.fixture
def maja(in_shop, card, counter):
    """Maja, with a full card, 114 points and a reward chosen for 40 of them."""
    points = PointsFactory(shop=in_shop)
    member = MembershipFactory(shop=in_shop, name="Maja")
    earn(member, 114_000, counter=counter)
    bun = RewardFactory(programme=points, cost=40, name="Bun")
    RewardFactory(programme=points)
    RewardFactory(programme=points, cost=50, behaviour=Reward.Behaviour.BONUS, bonus=20)
    RewardFactory(programme=card, cost=None)
    own = Actor(in_shop, Channel.CARD)
    redeem(membership=member, reward=bun, key=keys.new(), actor=own)
    return member


def wealth(member):
    """What there is to spend, and what unused rewards would bring back."""
    own = Account.objects.filter(membership=member).aggregate(sum=Sum("balance"))["sum"]
    return own + sum(
        Claim.objects.filter(membership=member, state="ready").values_list("cost", flat=True)
    )


def things(member):
    """Every number that may stand in an address."""
    return {
        *Claim.objects.values_list("pk", flat=True),
        *Reward.objects.values_list("pk", flat=True),
    }


def addresses(member, route):
    wanted = CONVERTER.findall(route)
    known = {
        "private": [member.private],
        "pk": things(member),
        "code": [member.counter_code],
        "token": [str(keys.new())],
    }
    for found in product(*(known[name] for name in wanted)):
        yield path_of(route, dict(zip(wanted, found, strict=True)))


def temptations(member):
    """All that is tempting at once, and each thing that can be named."""
    for thing in things(member):
        named = dict.fromkeys(("claim", "reward", "offer", "programme", "pk"), thing)
        yield {**TEMPTING, **named, "key": str(keys.new())}


@pytest.mark.parametrize(("name", "route"), CARD)
def test_it_works(visitor, maja, name, route):
    before = wealth(maja)

    for path in addresses(maja, route):
        for method in METHODS:
            for data in temptations(maja):
                ask = getattr(visitor, method.lower())
                ask(path, data) if method in ("GET", "POST") else ask(path)
                assert wealth(maja) <= before, f"{method} {path}"
    assert list(audit.disagreements()) == []


def test_and_it_would_see_it(maja, counter):
    before = wealth(maja)
    earn(maja, 1_000, counter=counter)

    assert wealth(maja) == before + 1
