"""Two cards become one, and two again: the higher level, and what both have done together."""

from datetime import date

import pytest

from loyalty import keys
from members.family import pks_of
from members.ledger.models import Operation
from members.operations import merge, undo
from rewards.tiers import measure
from rewards.tiers.models import Ladder
from rewards.tiers.owning import switch_off
from tests.factories import MembershipFactory, ProgrammeFactory
from tests.ladder_factories import LadderFactory
from tests.rewards.tiers.conftest import MAY, at, moves, name_of, night, take_back, where

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(in_shop):
    """One that does not fill meanwhile."""
    return ProgrammeFactory(shop=in_shop, rules__need=20)


@pytest.fixture
def old_card(maja):
    return MembershipFactory(shop=maja.shop)


@pytest.fixture
def become_one(owner):
    def become_one(kept, gone):
        merge(kept=kept, gone=gone, key=keys.new(), actor=owner)
        gone.refresh_from_db()
        return Operation.objects.get(kind="merge", membership=kept, answer__gone=gone.pk)

    return become_one


@pytest.fixture
def part(owner):
    def part(merged):
        undo(membership=merged.membership, undone=merged, key=keys.new(), actor=owner)

    return part


def test_it_works(maja, old_card, visit, become_one):
    visit(old_card, 4)
    visit(maja, 1)

    become_one(maja, old_card)

    assert name_of(maja) == "Gold"
    assert moves(maja) == [("Silver", "merged"), ("Gold", "merged")]


def test_the_higher_of_two_levels_is_kept_as_it_was(maja, old_card, visit, become_one):
    visit(old_card, 5)
    with at(2028, 3, 1, 10):
        visit(maja, 1)
        become_one(maja, old_card)

    assert where(maja) == {"tier__name": "Gold", "since": MAY, "held_until": date(2028, 5, 12)}


def test_of_two_equal_ones_the_longer_is_kept(in_shop, card, visit, become_one):
    LadderFactory(shop=in_shop, takes={"Bronze": 0, "Silver": 3})
    one, other = (MembershipFactory(shop=in_shop) for _card in range(2))
    visit(one, 3)
    with at(2027, 5, 20, 10):
        visit(other, 3)
        become_one(one, other)

    assert where(one)["held_until"] == date(2028, 5, 20)


def test_a_lower_one_changes_nothing(maja, old_card, visit, become_one):
    visit(maja, 5)
    visit(old_card, 3)
    before = where(maja)

    become_one(maja, old_card)

    assert where(maja) == before


def test_cards_count_by_way_of_others(maja, old_card, visit, become_one):
    oldest = MembershipFactory(shop=maja.shop)
    for each in (oldest, old_card, maja):
        visit(each, 2)
    become_one(old_card, oldest)
    become_one(maja, old_card)

    assert name_of(maja) == "Gold"
    assert measure.measured(maja.shop, MAY) == {maja.pk: 6}
    assert set(pks_of(maja)) == {maja.pk, old_card.pk, oldest.pk}


def test_two_again_are_as_they_were(maja, old_card, visit, become_one, part):
    visit(old_card, 3)
    visit(maja, 2)
    before = where(old_card), where(maja)

    part(become_one(maja, old_card))

    assert (where(old_card), where(maja)) == before
    assert before[1] is None


def test_what_was_reached_together_is_lost_alone(maja, old_card, visit, become_one, part):
    visit(old_card, 2)
    visit(maja, 2)
    merged = become_one(maja, old_card)
    visit(maja)
    assert name_of(maja) == "Gold"

    part(merged)

    assert (name_of(maja), name_of(old_card)) == ("Silver", "Bronze")


def test_what_was_reached_alone_since_stays(maja, old_card, visit, become_one, part):
    visit(old_card, 3)
    merged = become_one(maja, old_card)
    visit(maja, 5)

    part(merged)

    assert (name_of(maja), name_of(old_card)) == ("Gold", "Silver")


def test_a_refund_after_the_merge_measures_both(maja, old_card, visit, become_one, owner):
    visit(old_card, 2)
    visit(maja, 3)
    become_one(maja, old_card)
    take_back(maja, owner, reason="refund")

    assert name_of(maja) == "Silver"


def test_while_levels_are_off_the_higher_one_is_kept_all_the_same(
    maja, old_card, visit, become_one, owner
):
    visit(old_card, 4)
    switch_off(actor=owner)
    visit(maja, 4)
    become_one(maja, old_card)

    assert moves(maja) == [("Silver", "merged")]


def test_a_merged_card_is_not_looked_at(in_shop, card, visit, become_one):
    LadderFactory(shop=in_shop, window=Ladder.Window.YEAR)
    one, other = (MembershipFactory(shop=in_shop) for _card in range(2))
    visit(one, 3)
    visit(other, 3)
    become_one(one, other)

    assert night(2029, 1, 1, 10) == 1


def test_a_stranger_is_no_part_of_it(maja, old_card, visit, become_one):
    other = MembershipFactory(shop=maja.shop)
    visit(other, 2)
    visit(old_card, 2)
    become_one(maja, old_card)

    assert (name_of(maja), name_of(other)) == ("Bronze", "Bronze")
