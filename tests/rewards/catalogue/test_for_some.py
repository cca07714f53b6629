"""Rewards for a level and above, and for a group of members."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from rewards.catalogue.operations import choose_for_card, redeem, redeem_now
from rewards.catalogue.refusals import NotInGroup, NotYourLevel
from rewards.models import Claim
from rewards.operations import hand_over
from rewards.tiers.models import Ladder, Standing, Tier
from tests.factories import MembershipFactory, PointsFactory, RewardFactory, earn
from tests.people import browser_of
from tests.support.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def points(in_shop):
    return PointsFactory(shop=in_shop)


@pytest.fixture
def maja(points, counter):
    """Enough for everything; and she came four times."""
    card = MembershipFactory(shop=points.shop, name="Maja")
    for _visit in range(4):
        earn(card, 50_000, counter=counter)
    return card


@pytest.fixture
def levels(in_shop):
    """Bronze, Silver from 10 visits, Gold from 20."""
    ladder = Ladder.objects.create(shop=in_shop)
    at = {"Bronze": 0, "Silver": 10, "Gold": 20}
    return {
        name: Tier.objects.create(shop=in_shop, ladder=ladder, name=name, threshold=threshold)
        for name, threshold in at.items()
    }


@pytest.fixture
def put(in_shop, levels):
    """Put a card at a level."""

    def at(card, name):
        told = {"tier": levels[name], "since": clock.now(), "shop": in_shop}
        Standing.objects.update_or_create(membership=card, defaults=told)

    return at


@pytest.fixture
def silver(points, levels):
    return RewardFactory(programme=points, name="Tasting", cost=10, tier=levels["Silver"])


@pytest.fixture
def regulars(points):
    return RewardFactory(programme=points, name="Secret cake", cost=10, segment="regulars")


@pytest.fixture
def own(in_shop):
    return Actor(in_shop, Channel.CARD)


@pytest.fixture
def phone():
    return browser_of()


def take(card, reward, actor):
    return redeem(membership=card, reward=reward, key=keys.new(), actor=actor)


def page(phone, name, card, *more):
    answer = phone.get(reverse(name, args=[card.private, *more]))
    return text(answer)


# --- A level ------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["Silver", "Gold"])
def test_it_works(maja, silver, put, own, level):
    """At its level, and above it."""
    put(maja, level)

    assert Claim.objects.get(pk=take(maja, silver, own)["claim"]).title == "Tasting"


def test_below_its_level_it_is_refused(maja, silver, own):
    with pytest.raises(NotYourLevel, match="for Silver or higher"):
        take(maja, silver, own)


def test_neither_does_the_till_hand_it_out(maja, silver, counter, till):
    with pytest.raises(NotYourLevel):
        redeem_now(membership=maja, reward=silver, key=keys.new(), actor=Actor.of_counter(counter))
    sheet = till.get(reverse("counter:card", args=[maja.counter_code]), follow=True)
    assert "Tasting" not in sheet.content.decode()


def test_the_till_offers_it_to_its_level(maja, silver, put, till):
    put(maja, "Gold")
    sheet = till.get(reverse("counter:card", args=[maja.counter_code]), follow=True)

    assert "Tasting" in sheet.content.decode()


def test_who_has_not_reached_it_sees_what_it_takes(maja, silver, phone):
    assert "For Silver" in page(phone, "card:card", maja)
    assert "For Silver" in page(phone, "catalogue:all", maja)
    shown = page(phone, "catalogue:reward", maja, silver.pk)
    assert "This reward is for Silver or higher." in shown
    assert "Use 10 points" not in shown


def test_who_has_chosen_it_keeps_it_below_its_level(maja, silver, put, own, counter):
    put(maja, "Silver")
    claim = Claim.objects.get(pk=take(maja, silver, own)["claim"])
    Standing.objects.all().delete()

    hand_over(membership=maja, claim=claim, key=keys.new(), actor=Actor.of_counter(counter))
    claim.refresh_from_db()
    assert claim.state == Claim.State.HANDED_OVER


def test_with_levels_switched_off_nobody_has_it_nor_sees_it(maja, silver, put, own, phone):
    put(maja, "Gold")
    Ladder.objects.update(off_since=clock.now())

    assert "Tasting" not in page(phone, "catalogue:all", maja)
    with pytest.raises(NotYourLevel):
        take(maja, silver, own)


def test_it_is_nobodys_next_reward_on_the_points(maja, points, levels, phone):
    RewardFactory(programme=points, name="Trip to Italy", cost=900, tier=levels["Gold"])
    RewardFactory(programme=points, name="Dinner", cost=999)

    assert "799 to go: Dinner" in page(phone, "card:card", maja)


def test_a_full_card_is_not_what_a_higher_level_gets(in_shop, card, levels, own, put):
    maja = MembershipFactory(shop=in_shop, stamps=9)
    cake = RewardFactory(programme=card, name="Cake", cost=None, tier=levels["Gold"])
    asked = {"membership": maja, "claim": Claim.objects.get(), "reward": cake, "actor": own}

    with pytest.raises(NotYourLevel):
        choose_for_card(**asked, key=keys.new())
    put(maja, "Gold")
    assert choose_for_card(**asked, key=keys.new())["title"] == "Cake"


# --- A group ------------------------------------------------------------------------------


def test_who_is_in_its_group_can_choose_it(maja, regulars, own, phone):
    assert "Secret cake" in page(phone, "card:card", maja)
    assert take(maja, regulars, own)["title"] == "Secret cake"


def test_to_everybody_else_it_is_not_there(points, regulars, own, phone, till):
    ola = MembershipFactory(shop=points.shop)

    assert "Secret cake" not in page(phone, "card:card", ola)
    assert "Secret cake" not in page(phone, "catalogue:all", ola)
    where = reverse("catalogue:reward", args=[ola.private, regulars.pk])
    assert phone.get(where).status_code == 404
    with pytest.raises(NotInGroup, match="for some members only"):
        take(ola, regulars, own)


def test_it_is_judged_when_it_is_chosen(maja, regulars, phone):
    """The page was open while they left the group: they are told."""
    with clock.at(clock.now() + timedelta(days=31)):
        where = reverse("catalogue:reward", args=[maja.private, regulars.pk])
        answer = phone.post(where, {"key": str(keys.new())})

    assert answer.status_code == 422
    assert "This reward is for some members only." in answer.content.decode()


def test_the_group_is_never_named_to_members(maja, regulars, phone):
    for name, *more in [("card:card",), ("catalogue:all",), ("catalogue:reward", regulars.pk)]:
        assert "Regulars" not in page(phone, name, maja, *more)


# --- What it costs ------------------------------------------------------------------------


def queries_of(phone, card):
    where = reverse("card:card", args=[card.private])
    phone.get(where)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        phone.get(where)
    return len(asked)


def test_what_is_for_everybody_costs_no_query(maja, points, levels, phone):
    before = queries_of(phone, maja)
    for cost in range(1, 4):
        RewardFactory(programme=points, cost=cost)

    assert queries_of(phone, maja) == before


@pytest.mark.parametrize("condition", ["level", "group"])
def test_many_that_are_for_some_cost_one(maja, points, levels, phone, condition):
    RewardFactory(programme=points, cost=1)
    before = queries_of(phone, maja)
    asks = {"level": {"tier": levels["Gold"]}, "group": {"segment": "regulars"}}[condition]
    for cost in range(1, 4):
        RewardFactory(programme=points, cost=cost, **asks)

    assert queries_of(phone, maja) == before + 1
