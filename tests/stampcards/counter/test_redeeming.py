"""Points are spent at the counter: one tap, and what can't be had is not offered."""

import pytest
from django.urls import reverse
from django_scopes import scope

from loyalty import keys
from loyalty.operations import ask_for_saved_card
from rewards.catalogue.models import Reward
from rewards.models import Claim
from tests.books import balance
from tests.factories import MembershipFactory, RewardFactory, as_owner, choose
from tests.stampcards.counter.conftest import put_on_the_till
from tests.support.pages import page_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def lunch(points):
    return RewardFactory(programme=points, minimum_minor=20_000)


@pytest.fixture
def ada(lunch):
    """150 points."""
    return MembershipFactory(shop=lunch.shop, name="Ada", points=150)


@pytest.fixture
def redeem(till, ada):
    def post(reward, client=till, member=ada, **more):
        asked = {"key": keys.new(), "reward": reward.pk, **more}
        return client.post(reverse("counter:redeem", args=[member.counter_code]), asked)

    return post


def test_it_works(redeem, till, ada, lunch):
    response = redeem(lunch)

    assert "Ada: Free lunch handed out. Now 50 points." in text_of(till.get(response.url))
    assert balance(ada) == 50


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
    assert balance(ada) == 150
    with scope(shop=ada.shop):
        assert Claim.objects.get().state == Claim.State.CANCELLED


def test_a_double_tap_takes_the_points_once(redeem, ada, lunch):
    key = keys.new()
    redeem(lunch, key=key)
    redeem(lunch, key=key)

    assert balance(ada) == 50


def test_what_costs_too_much_is_refused_in_words(redeem, ada, lunch):
    response = redeem(RewardFactory(programme=lunch.programme, name="Dinner", cost=151))

    assert response.status_code == 422
    assert "1 more is needed for this." in text_of(response)
    assert balance(ada) == 150


def test_a_shop_that_wants_saved_cards_says_so(redeem, ada, lunch):
    ask_for_saved_card(as_owner(lunch.shop), first=True)
    response = redeem(lunch)

    assert response.status_code == 422
    assert "must be saved first" in text_of(response)
    assert balance(ada) == 150


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
    choose(ada, cut)

    told = text_of(sheet(ada))

    assert "Reward ready: 20 % on a cut" in told
    assert "20 % off · From 200 kr · Not on Saturdays" in told


def test_another_shops_counter_takes_nothing(redeem, ada, lunch, next_door_till, next_door_counter):
    put_on_the_till(next_door_counter)
    redeem(lunch, client=next_door_till)

    assert balance(ada) == 150


def test_a_reward_of_another_shop_is_none(redeem, ada):
    assert redeem(RewardFactory(cost=10)).status_code == 422
    assert balance(ada) == 150
