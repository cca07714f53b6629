"""What an owner may do to the ladder, who moves by it, and what they are told before."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.messages.models import Message
from rewards.tiers import operations
from rewards.tiers.models import PLAIN, Ladder, Standing, Tier, TierPerk
from rewards.tiers.owning import Level, Perk, preview_moves, save_ladder, switch_off, switch_on
from rewards.tiers.perks import perks_of
from rewards.tiers.refusals import BaseNotZero, LevelsAlike, LowerAboveHigher, TooFewLevels
from tests.factories import MembershipFactory
from tests.rewards.tiers.conftest import MAY, at, moves, name_of, night, where

pytestmark = pytest.mark.django_db

VISITS, SPEND = Ladder.Measure.VISITS, Ladder.Measure.SPEND
ROLLING, YEAR, LIFETIME = Ladder.Window.ROLLING, Ladder.Window.YEAR, Ladder.Window.LIFETIME
BRONZE = Level("Bronze", 0)
WATER = Perk(TierPerk.Kind.TAG, "Offer water")


@pytest.fixture
def save(owner):
    def save(*levels, measure=VISITS, window=ROLLING):
        return save_ladder(measure=measure, window=window, levels=levels, actor=owner)

    return save


@pytest.fixture
def as_is(ladder):
    """The levels there are, to be changed: as_is(Gold={"threshold": 9})."""

    def as_is(**changes):
        levels = [
            Level(tier.name, tier.threshold, tier=tier.pk)
            for tier in Tier.objects.filter(ladder=ladder).standing()
        ]
        return [replace(level, **changes.get(level.name, {})) for level in levels]

    return as_is


def test_it_works(save, in_shop):
    save(BRONZE, Level("Silver", 3, multiplier_percent=150, head_start=1, perks=(WATER,)))

    bronze, silver = Tier.objects.standing()
    assert (bronze.name, bronze.threshold, bronze.multiplier_percent) == ("Bronze", 0, PLAIN)
    assert (silver.multiplier_percent, silver.head_start) == (150, 1)
    assert [perk.title for perk in perks_of(silver)] == ["Offer water"]
    assert perks_of(bronze) == []


@pytest.mark.parametrize(
    ("levels", "refusal", "words"),
    [
        ([], TooFewLevels, "Add a second level: one alone is nothing to reach."),
        ([BRONZE], TooFewLevels, "Add a second level: one alone is nothing to reach."),
        (
            [Level("Bronze", 1), Level("Silver", 3)],
            BaseNotZero,
            "The first level begins at 0: everyone starts there.",
        ),
        (
            [BRONZE, Level("Silver", 3), Level("Gold", 3)],
            LevelsAlike,
            "Silver and Gold take the same. Let one take more.",
        ),
        (
            [BRONZE, Level("Silver", 0)],
            LevelsAlike,
            "Bronze and Silver take the same. Let one take more.",
        ),
        (
            [BRONZE, Level("Silver", 5), Level("Gold", 3)],
            LowerAboveHigher,
            "Gold stands above Silver, so it must take more.",
        ),
    ],
)
def test_what_is_no_ladder_is_refused(save, in_shop, levels, refusal, words):
    with pytest.raises(refusal, match=words):
        save(*levels)
    assert not Ladder.objects.exists()


def test_who_reached_more_by_it_moves_at_once(maja, visit, save, as_is):
    visit(maja, 3)

    save(*as_is(Silver={"threshold": 2}, Gold={"threshold": 3}))

    assert moves(maja) == [("Silver", "reached"), ("Gold", "rules")]
    assert Message.objects.true().count() == 2


def test_nobody_loses_one_before_its_time(maja, visit, save, as_is):
    visit(maja, 3)
    before = where(maja)

    save(*as_is(Silver={"threshold": 4}))

    assert where(maja) == before
    night(2028, 5, 13, 10)
    assert name_of(maja) == "Bronze"


def test_levels_may_swap_what_they_take(save, as_is):
    base, silver, gold = as_is()
    save(base, replace(gold, threshold=3), replace(silver, threshold=5))

    assert [tier.name for tier in Tier.objects.standing()] == ["Bronze", "Gold", "Silver"]
    assert Tier.objects.count() == 3


def test_a_level_that_is_saved_twice_is_one(maja, visit, save, as_is):
    """A double tap: the second one knows no more of the new level than the first."""
    visit(maja, 7)
    levels = [*as_is(), Level("Platinum", 7)]
    before = Message.objects.true().count()
    for _tap in range(2):
        save(*levels)

    assert moves(maja)[-2:] == [("Gold", "reached"), ("Platinum", "rules")]
    assert Message.objects.true().count() == before + 1
    assert Tier.objects.count() == 4


def test_a_higher_level_gives_no_less_than_a_lower_one(save):
    save(BRONZE, Level("Silver", 3, multiplier_percent=150, head_start=1), Level("Gold", 5))

    gold = Tier.objects.get(name="Gold")
    assert (gold.multiplier_percent, gold.head_start) == (150, 1)


def test_no_level_is_two_at_once(maja, visit, save, as_is):
    base, silver, gold = as_is()
    save(base, replace(silver, tier=base.tier), gold)

    assert [tier.threshold for tier in Tier.objects.standing()] == [0, 3, 5]


def test_a_removed_level_leads_to_the_next_lower_one(maja, visit, save, as_is):
    visit(maja, 5)
    base, silver, _gold = as_is()

    save(base, silver)

    assert moves(maja)[-1] == ("Silver", "rules")
    assert where(maja)["held_until"] == date(2028, 5, 12)


def test_on_its_last_day_it_is_held_to_the_end(maja, visit, save, as_is):
    visit(maja, 5)
    with at(2028, 5, 12, 21, 59):  # a minute to midnight in Oslo
        save(*as_is()[:2])
        assert name_of(maja) == "Silver"


def test_also_where_something_else_is_measured_now(maja, visit, save, as_is):
    visit(maja, 5)
    base, silver, _gold = as_is(Silver={"threshold": 100_000})

    save(base, silver, measure=SPEND)

    assert name_of(maja) == "Silver"


def test_and_to_the_base_if_none_is_left(maja, visit, save, as_is):
    visit(maja, 3)
    base, _silver, gold = as_is()

    save(base, gold)

    assert name_of(maja) == "Bronze"
    assert where(maja)["held_until"] is None


def test_a_window_that_is_longer_holds_longer(maja, visit, save, as_is):
    visit(maja, 3)

    save(*as_is(), window=YEAR)

    assert where(maja)["held_until"] == date(2028, 12, 31)
    assert where(maja)["since"] == MAY


def test_what_was_for_good_gets_a_last_day(maja, visit, save, as_is):
    save(*as_is(), window=LIFETIME)
    visit(maja, 5)
    with at(2027, 8, 1, 10):
        save(*as_is(), window=ROLLING)

    assert where(maja)["held_until"] == date(2028, 8, 1)


def test_the_same_again_moves_nobody(maja, visit, save, as_is):
    visit(maja, 3)
    save(*as_is())

    assert moves(maja) == [("Silver", "reached")]


def test_very_many_are_moved_by_the_worker(maja, visit, save, as_is, monkeypatch):
    other = MembershipFactory(shop=maja.shop)
    for each in (maja, other):
        visit(each, 2)
    monkeypatch.setattr("rewards.tiers.owning.AT_ONCE", 1)

    save(*as_is(Silver={"threshold": 2}))
    assert Standing.objects.count() == 1
    night(2027, 5, 12, 10, 15)

    assert Standing.objects.count() == 2
    assert operations.settle(Ladder.objects.get(), MAY) == 0


def test_perks_are_kept_changed_and_retired(save, in_shop):
    check = Perk(TierPerk.Kind.CLAIM, "Health check", value_minor=5000)
    save(BRONZE, Level("Silver", 3, perks=(WATER, check)))
    silver = Tier.objects.get(name="Silver")
    kept = TierPerk.objects.get(title="Health check")

    changed = replace(check, times=2, perk=kept.pk)
    save(BRONZE, Level("Silver", 3, perks=(changed,), tier=silver.pk))

    assert [(perk.pk, perk.times) for perk in perks_of(silver)] == [(kept.pk, 2)]
    assert TierPerk.objects.count() == 2


# --- Off and on --------------------------------------------------------------------------------


def test_whoever_reached_more_meanwhile_moves_when_it_is_on_again(maja, visit, owner):
    visit(maja, 2)
    switch_off(actor=owner)
    visit(maja)
    switch_on(actor=owner)

    assert moves(maja) == [("Silver", "rules")]


def test_on_twice_is_on_once(maja, owner):
    switch_on(actor=owner)

    assert Ladder.objects.get().version == 1


# --- Before -----------------------------------------------------------------------------------


def look(owner, levels, measure=VISITS):
    moves = preview_moves(measure=measure, window=ROLLING, levels=levels, now=MAY, actor=owner)
    return moves.up, moves.down, moves.later


@pytest.fixture
def several(maja, visit):
    for n in (1, 2, 4, 5):
        visit(MembershipFactory(shop=maja.shop), n)


def test_it_says_how_many_would_move(several, as_is, owner):
    assert look(owner, as_is()) == (0, 0, 0)
    assert look(owner, as_is(Silver={"threshold": 1})) == (2, 0, 0)
    assert look(owner, as_is(Silver={"threshold": 5}, Gold={"threshold": 6})) == (0, 0, 2)
    assert look(owner, as_is()[:2]) == (0, 1, 0)
    assert look(owner, as_is(), SPEND) == (0, 0, 2)


def test_and_then_so_many_do(several, as_is, owner, save):
    before = Standing.objects.count()
    save(*as_is(Silver={"threshold": 1}))

    assert Standing.objects.count() == before + 2


def test_it_refuses_what_saving_would(as_is, owner, ladder):
    with pytest.raises(LevelsAlike):
        look(owner, as_is(Silver={"threshold": 5}))


def test_it_costs_the_same_for_one_and_for_many(several, as_is, owner, visit, maja):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            look(owner, levels)
        return len(queries)

    levels = as_is()
    few = cost()
    for _card in range(4):
        visit(MembershipFactory(shop=maja.shop), 4)

    assert cost() == few <= 5


def test_a_stranger_changes_nothing_here(maja, visit, owner, next_door):
    visit(maja, 3)
    elsewhere = replace(owner, shop=next_door)
    save_ladder(measure=VISITS, window=ROLLING, levels=[BRONZE, Level("Leaf", 1)], actor=elsewhere)

    assert name_of(maja) == "Silver"
    assert not Tier.objects.filter(name="Leaf").exists()
