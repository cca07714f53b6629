"""One till lifts somebody to a level while another takes an earlier visit back (L8, B15).

Whichever is first: four visits are left, and five would be Gold. The control shows what happens
if the two don't wait for each other: each counts without the other.
"""

import pytest
from django_scopes import scope

from loyalty import keys
from members.ledger.models import Operation
from members.operations import undo
from rewards.tiers import measure
from rewards.tiers.standing import tier_of
from tests.factories import MembershipFactory, earn, stamp
from tests.ladder_factories import LadderFactory
from tests.races.outcomes import outcome
from tests.support.together import together

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 4


@pytest.fixture
def race(in_shop, card, points, counter, owner):
    """A card with four purchases: one more is stamped, and one of them is undone."""
    LadderFactory(shop=in_shop)

    def race():
        member = MembershipFactory(shop=in_shop)
        for _visit in range(4):
            earn(member, 10_000, counter=counter)
        first = Operation.objects.filter(membership=member, kind="earn_points").earliest("pk")
        wish = {"membership": member, "undone": first, "key": keys.new(), "actor": owner}
        acts = [
            outcome(stamp, membership=member, counter=counter, programme=card, says="stamped"),
            outcome(undo, **wish, says="back"),
        ]
        assert together(acts) == ["stamped", "back"]
        with scope(shop=in_shop):
            return tier_of(member).name

    return race


def test_a_level_is_reached_by_what_stands(race):
    assert [race() for _round in range(ROUNDS)] == ["Silver"] * ROUNDS


@pytest.mark.postgres_only
def test_without_the_lock_it_is_reached_by_what_was_taken_back(race, no_lock, slow):
    slow(measure, "of_card", after=True)

    assert "Gold" in [race() for _round in range(ROUNDS)]
