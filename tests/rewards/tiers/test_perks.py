"""What a level gives: perks a few times in a while, words for staff, points and stamps."""

from datetime import date

import pytest
from django.urls import reverse

from loyalty import keys
from loyalty.actors import Actor, Channel
from members.operations import merge, undo
from members.refusals import CardIsAnother, NothingToUndo
from rewards.catalogue.refusals import NotOffered
from rewards.models import Claim
from rewards.operations import hand_over
from rewards.tiers.models import PerkUse, TierPerk
from rewards.tiers.owning import Perk, switch_off
from rewards.tiers.perks import HadIt, NotYourLevel, ask_for_perk, left_of, perks_of
from rewards.tiers.standing import tier_of
from tests.factories import MembershipFactory
from tests.ladder_factories import LadderFactory
from tests.rewards.tiers.conftest import MAY, at

pytestmark = pytest.mark.django_db

CHECK = Perk(TierPerk.Kind.CLAIM, "Health check", value_minor=5000)
COFFEE = Perk(TierPerk.Kind.CLAIM, "A coffee", times=2, per=TierPerk.Per.MONTH)
WATER = Perk(TierPerk.Kind.TAG, "Offer water")


@pytest.fixture
def ladder(in_shop):
    gives = {"Silver": {"perks": (COFFEE, WATER)}, "Gold": {"perks": (CHECK,)}}
    return LadderFactory(shop=in_shop, gives=gives)


@pytest.fixture
def ask(in_shop):
    def ask(membership, title):
        return ask_for_perk(
            membership=membership,
            perk=TierPerk.objects.get(title=title),
            key=keys.new(),
            actor=Actor(in_shop, Channel.CARD),
        )

    return ask


@pytest.fixture
def gold(maja, visit):
    visit(maja, 5)
    return maja


def test_it_works(gold, ask):
    asked = ask(gold, "Health check")

    claim = Claim.objects.get(pk=asked["claim"])
    assert (claim.source, claim.title, claim.value_minor) == ("level", "Health check", 5000)
    assert claim.expires_on == date(2027, 12, 31)
    assert PerkUse.objects.get().claim == claim


def test_it_can_be_handed_over(gold, ask, counter):
    claim = Claim.objects.get(pk=ask(gold, "Health check")["claim"])
    hand_over(membership=gold, claim=claim, key=keys.new(), actor=Actor.of_counter(counter))

    with pytest.raises(HadIt):
        ask(gold, "Health check")


def test_late_in_its_period_it_is_good_for_a_month(gold, ask):
    with at(2027, 12, 30, 10):
        claim = Claim.objects.get(pk=ask(gold, "Health check")["claim"])

    assert claim.expires_on == date(2028, 1, 29)


def test_a_higher_level_has_what_the_lower_ones_have(gold):
    assert [perk.title for perk in perks_of(tier_of(gold))] == [
        "A coffee",
        "Offer water",
        "Health check",
    ]


def test_so_often_and_no_more(gold, ask):
    ask(gold, "A coffee")
    ask(gold, "A coffee")

    with pytest.raises(HadIt, match=r"You can have it again from 1 June\."):
        ask(gold, "A coffee")


def test_next_month_there_is_more(gold, ask):
    with at(2027, 5, 31, 21, 59):  # a minute to midnight in Oslo
        ask(gold, "A coffee")
        ask(gold, "A coffee")
    with at(2027, 5, 31, 22):
        ask(gold, "A coffee")


def test_and_next_year(gold, ask):
    ask(gold, "Health check")
    with at(2027, 12, 31, 23):
        ask(gold, "Health check")


def test_a_lower_level_has_it_not(maja, visit, ask):
    visit(maja, 3)

    with pytest.raises(NotYourLevel, match=r"This is for members at Gold\."):
        ask(maja, "Health check")


def test_what_is_no_more_is_not_offered(gold, ask):
    TierPerk.objects.update(retired_at=MAY)

    with pytest.raises(NotOffered):
        ask(gold, "Health check")


def test_a_word_for_staff_is_nothing_to_have(gold, ask):
    with pytest.raises(NotOffered):
        ask(gold, "Offer water")


def test_while_levels_are_off_nothing_is_offered(gold, ask, owner):
    switch_off(actor=owner)

    with pytest.raises(NotOffered):
        ask(gold, "Health check")


def test_a_card_that_became_another_asks_no_more(gold, ask, owner):
    kept = MembershipFactory(shop=gold.shop)
    merge(kept=kept, gone=gold, key=keys.new(), actor=owner)

    with pytest.raises(CardIsAnother):
        ask(gold, "Health check")


def test_two_cards_that_become_one_have_had_it(gold, ask, owner):
    ask(gold, "Health check")
    kept = MembershipFactory(shop=gold.shop)
    merge(kept=kept, gone=gold, key=keys.new(), actor=owner)

    with pytest.raises(HadIt):
        ask(kept, "Health check")


def test_taken_back_it_can_be_had_again(gold, ask, owner):
    ask(gold, "Health check")
    asked = PerkUse.objects.get().claim.operation
    undo(membership=gold, undone=asked, key=keys.new(), actor=owner)
    with pytest.raises(NothingToUndo):
        undo(membership=gold, undone=asked, key=keys.new(), actor=owner)

    ask(gold, "Health check")


def test_what_is_left(gold, ask):
    ask(gold, "A coffee")
    ask(gold, "Health check")

    left = left_of(gold, perks_of(tier_of(gold)), MAY)
    assert [(own.perk.title, own.left, own.again) for own in left] == [
        ("A coffee", 1, date(2027, 6, 1)),
        ("Health check", 0, date(2028, 1, 1)),
    ]


def test_a_stranger_has_nothing_of_it(gold, next_door_member, ask):
    with pytest.raises(ValueError, match="never reaches into another shop"):
        ask(next_door_member, "Health check")


# --- The club rules ------------------------------------------------------------------------------


def test_what_levels_take_is_public(ladder, card, visitor):
    page = visitor.get(reverse("join:rules", args=[ladder.shop.slug])).content.decode()

    for line in ("Everyone begins at Bronze.", "Gold from 5 visits in 12 months."):
        assert line in page


def test_without_levels_they_say_nothing(card, visitor, in_shop):
    page = visitor.get(reverse("join:rules", args=[in_shop.slug])).content.decode()

    assert "Everyone begins" not in page
