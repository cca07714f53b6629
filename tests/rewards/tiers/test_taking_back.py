"""A refund takes a level back if it would not have been reached, and only then (L8, TIE-09)."""

from dataclasses import replace
from datetime import date

import pytest

from loyalty import keys
from members.ledger.refusals import AlreadySpent
from members.messages.models import Message
from members.operations import undo
from members.refusals import NothingToUndo
from rewards.tiers.models import Ladder, Tier, TierMove
from rewards.tiers.owning import Level, save_ladder, switch_off
from tests.factories import MembershipFactory, PointsFactory, earn
from tests.ladder_factories import LadderFactory
from tests.rewards.tiers.conftest import (
    MAY,
    at,
    given_to,
    moves,
    name_of,
    night,
    take_back,
    where,
)

pytestmark = pytest.mark.django_db

YEAR = Ladder.Window.YEAR


def test_it_works(maja, visit, owner):
    visit(maja, 3)
    before = where(maja)
    visit(maja, 2)

    take_back(maja, owner)

    assert name_of(maja) == "Silver"
    assert where(maja) == before
    assert TierMove.objects.filter(undone_by=None).count() == 1


def test_the_first_level_goes_without_a_trace(maja, visit, owner):
    visit(maja, 3)
    take_back(maja, owner)

    assert where(maja) is None
    assert name_of(maja) == "Bronze"


def test_its_message_leaves_the_card(maja, visit, owner):
    visit(maja, 3)
    take_back(maja, owner)
    assert not Message.objects.true().exists()

    visit(maja)

    assert Message.objects.true().count() == 1


def test_an_earlier_purchase_counts_too(maja, visit, owner):
    visit(maja, 3)
    take_back(maja, owner, nth=2)

    assert name_of(maja) == "Bronze"


def test_what_was_bought_since_holds_the_level(maja, visit, owner):
    visit(maja, 4)
    before = where(maja)

    take_back(maja, owner, nth=1)  # the very purchase that led there

    assert where(maja) == before


def test_it_stays_if_it_had_been_reached_without(maja, visit, owner):
    visit(maja, 3)
    with at(2027, 6, 12, 10):
        visit(maja)
        take_back(maja, owner, reason="refund")

    assert name_of(maja) == "Silver"
    assert where(maja)["since"] == MAY


def test_it_is_undone_once(maja, visit, owner):
    visit(maja, 3)
    last = given_to(maja)[0]
    take_back(maja, owner)

    with pytest.raises(NothingToUndo):
        undo(membership=maja, undone=last, key=keys.new(), actor=owner)
    assert name_of(maja) == "Bronze"


def test_refused_takes_nothing_back(maja, visit, counter, owner, card):
    visit(maja, 8)  # full, and the reward was used
    last = given_to(maja)[0]
    claim = maja.claims.get()
    visit(maja)
    claim.refresh_from_db()

    with pytest.raises(AlreadySpent):
        undo(membership=maja, undone=given_to(maja)[3], key=keys.new(), actor=owner)
    assert name_of(maja) == "Gold"
    assert last.visit.voided_by is None


# --- One purchase past several levels -----------------------------------------------------------


@pytest.fixture
def spender(in_shop):
    PointsFactory(shop=in_shop)
    LadderFactory(
        shop=in_shop,
        measure=Ladder.Measure.SPEND,
        window=YEAR,
        takes={"Bronze": 0, "Silver": 30_000, "Gold": 50_000},
    )
    return MembershipFactory(shop=in_shop, name="Maja")


def test_what_is_left_reaches_the_level_below(spender, counter, owner):
    earn(spender, 10_000, counter=counter)
    earn(spender, 45_000, counter=counter)
    assert moves(spender) == [("Gold", "reached")]

    take_back(spender, owner, nth=1)

    assert moves(spender) == [("Silver", "taken_back")]
    assert where(spender)["held_until"] == date(2028, 12, 31)
    assert Message.objects.true().count() == 0


def test_of_a_year_that_is_over_the_level_below_is_kept_as_well(spender, counter, owner):
    with at(2027, 12, 20, 10):
        earn(spender, 10_000, counter=counter)
    with at(2027, 12, 30, 10):
        earn(spender, 45_000, counter=counter)
    with at(2028, 1, 10, 10):
        take_back(spender, owner, nth=1, reason="refund")

    assert name_of(spender) == "Silver"
    assert where(spender)["since"].date() == date(2027, 12, 30)
    assert where(spender)["held_until"] == date(2028, 12, 31)


# --- After a period -----------------------------------------------------------------------------


@pytest.fixture
def kept(spender, counter):
    """At Gold for 2027, and kept for what was spent in 2028: exactly enough."""
    earn(spender, 50_000, counter=counter)
    with at(2028, 12, 20, 10):
        earn(spender, 30_000, counter=counter)
        earn(spender, 20_000, counter=counter)
    night(2029, 1, 1, 10)
    assert moves(spender) == [("Gold", "reached"), ("Gold", "kept")]
    return spender


def test_a_refund_in_january_is_taken_from_the_year_before(kept, owner):
    with at(2029, 1, 10, 10):
        take_back(kept, owner, reason="refund")

    assert moves(kept) == [("Gold", "reached"), ("Silver", "period_over")]
    assert where(kept)["held_until"] == date(2029, 12, 31)


def test_unless_enough_was_bought_since(kept, owner, counter):
    with at(2029, 1, 10, 10):
        earn(kept, 50_000, counter=counter)
        take_back(kept, owner, nth=1, reason="refund")

    assert moves(kept)[-1] == ("Gold", "kept")


def test_a_refund_leads_further_down(kept, owner, counter):
    with at(2029, 1, 10, 10):
        take_back(kept, owner, reason="refund")
        take_back(kept, owner, reason="refund")

    assert name_of(kept) == "Bronze"
    assert moves(kept) == [("Gold", "reached"), ("Bronze", "period_over")]


def test_points_of_a_refund_leave_the_year_they_came_in(in_shop, counter, owner):
    PointsFactory(shop=in_shop)
    takes = {"Bronze": 0, "Silver": 100}
    LadderFactory(shop=in_shop, measure=Ladder.Measure.POINTS, window=YEAR, takes=takes)
    card = MembershipFactory(shop=in_shop)
    with at(2027, 12, 30, 10):
        earn(card, 50_000, counter=counter)
    with at(2028, 1, 3, 10):
        take_back(card, owner, reason="refund")
        earn(card, 100_000, counter=counter)

    assert name_of(card) == "Silver"


# --- While nobody moves -------------------------------------------------------------------------


def test_after_a_refund_time_goes_on_where_new_rules_had_moved_them(maja, visit, owner):
    """The period of the level below ends, though everybody was looked at under these rules."""
    visit(maja, 4)
    levels = [Level(tier.name, tier.threshold, tier=tier.pk) for tier in Tier.objects.standing()]
    rules = {"measure": Ladder.Measure.VISITS, "window": Ladder.Window.ROLLING, "actor": owner}
    save_ladder(levels=[*levels[:2], replace(levels[2], threshold=4)], **rules)
    take_back(maja, owner)
    assert moves(maja) == [("Silver", "reached")]

    night(2028, 5, 13, 10)

    assert name_of(maja) == "Bronze"
    assert night(2028, 5, 13, 10) == 0


def test_while_levels_are_off_a_refund_still_takes_back(maja, visit, owner, ladder):
    visit(maja, 3)
    switch_off(actor=owner)
    take_back(maja, owner)

    assert moves(maja) == []


def test_a_stranger_keeps_everything(maja, visit, owner, ladder):
    other = MembershipFactory(shop=ladder.shop)
    visit(other, 3)
    visit(maja, 3)
    take_back(maja, owner)

    assert name_of(other) == "Silver"
