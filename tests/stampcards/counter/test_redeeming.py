"""Points are spent at the counter: one tap, and what can't be had is not offered."""

import pytest
from django.urls import reverse
from django_scopes import scope

from loyalty import keys
from loyalty.actors import Actor, Channel
from loyalty.operations import ask_for_saved_card
from members.ledger.models import Account
from rewards.catalogue.models import Reward
from rewards.catalogue.operations import redeem as choose
from rewards.models import Claim
from tests.factories import MembershipFactory, PointsFactory, RewardFactory, earn
from tests.stampcards.counter.conftest import page_of, put_on_the_till, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def lunch(shop):
    return RewardFactory(programme=PointsFactory(shop=shop), minimum_minor=20_000)


@pytest.fixture
def ada(lunch, counter):
    """150 points."""
    ada = MembershipFactory(shop=lunch.shop, name="Ada")
    earn(ada, 150_000, counter=counter)
    return ada


@pytest.fixture
def sheet(till):
    return lambda member: till.get(reverse("counter:card", args=[member.counter_code]))


@pytest.fixture
def redeem(till, ada):
    def post(reward, client=till, member=ada, **more):
        asked = {"key": keys.new(), "reward": reward.pk, **more}
        return client.post(reverse("counter:redeem", args=[member.counter_code]), asked)

    return post


def points_of(member):
    with scope(shop=member.shop):
        return Account.objects.get(membership=member, programme__kind="points").balance


def test_it_works(redeem, till, ada, lunch):
    response = redeem(lunch)

    assert "Ada: Free lunch handed out. Now 50 points." in text_of(till.get(response.url))
    assert points_of(ada) == 50


def test_the_sheet_offers_what_the_points_buy(sheet, ada, lunch):
    RewardFactory(programme=lunch.programme, name="Cake", cost=151)
    RewardFactory(programme=lunch.programme, name="Bun", cost=5, stock=0)
    told = text_of(sheet(ada))

    assert "Use points: 1 reward" in told
    assert "Free lunch 100 points · From 200 kr" in told
    assert "Cake" not in told
    assert "Bun" not in told


def test_nothing_is_offered_for_too_few(sheet, lunch):
    assert "Use points" not in page_of(sheet(MembershipFactory(shop=lunch.shop)))


def test_it_can_be_undone_from_the_line_and_stands_among_the_last_ten(
    redeem, undo, till, ada, lunch
):
    key = keys.new()
    redeem(lunch, key=key)
    assert "Handed out: Free lunch" in text_of(till.get(reverse("counter:last")))

    told = text_of(till.get(undo(key).url))

    assert "Undone. Ada has" in told
    assert points_of(ada) == 150
    with scope(shop=ada.shop):
        assert Claim.objects.get().state == Claim.State.CANCELLED


def test_a_double_tap_takes_the_points_once(redeem, ada, lunch):
    key = keys.new()
    redeem(lunch, key=key)
    redeem(lunch, key=key)

    assert points_of(ada) == 50


def test_what_costs_too_much_is_refused_in_words(redeem, ada, lunch):
    response = redeem(RewardFactory(programme=lunch.programme, name="Dinner", cost=151))

    assert response.status_code == 422
    assert "1 more is needed for this." in text_of(response)
    assert points_of(ada) == 150


def test_a_shop_that_wants_saved_cards_says_so(redeem, ada, lunch):
    ask_for_saved_card(lunch.shop, first=True)
    response = redeem(lunch)

    assert response.status_code == 422
    assert "must be saved first" in text_of(response)
    assert points_of(ada) == 150


def test_what_was_chosen_on_the_phone_is_told_with_its_conditions(sheet, ada, lunch):
    """Staff see the least purchase and the terms before they hand it out."""
    cut = RewardFactory(
        programme=lunch.programme,
        name="20 % on a cut",
        behaviour=Reward.Behaviour.PERCENT,
        percent=20,
        minimum_minor=20_000,
        terms="Not on Saturdays",
    )
    on_her_phone = Actor(ada.shop, Channel.CARD)
    choose(membership=ada, reward=cut, key=keys.new(), actor=on_her_phone)

    told = text_of(sheet(ada))

    assert "Reward ready: 20 % on a cut" in told
    assert "20 % off · From 200 kr · Not on Saturdays" in told


def test_another_shops_counter_takes_nothing(redeem, ada, lunch, next_door_till, next_door_counter):
    put_on_the_till(next_door_counter)
    redeem(lunch, client=next_door_till)

    assert points_of(ada) == 150


def test_a_reward_of_another_shop_is_none(redeem, ada):
    assert redeem(RewardFactory(cost=10)).status_code == 422
    assert points_of(ada) == 150
