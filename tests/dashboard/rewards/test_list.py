"""What each reward means, and the list of them all."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from loyalty import clock
from loyalty.dashboard.programme import rewards as catalogue
from rewards.models import Claim
from tests.dashboard.rewards.conftest import somebody_chooses
from tests.factories import MembershipFactory, PointsFactory, RewardFactory, earn
from tests.support.pages import text

pytestmark = pytest.mark.django_db


# --- What it means --------------------------------------------------------------------------------


def test_it_warns_of_giving_much(ingrid, at, typed):
    page = text(ingrid.post(at("add_reward"), typed(value="300"), follow=True))

    assert "worth 300 kr = 30 % back." in page
    assert "That is more than 20 % of what members pay." in page


def test_before_there_are_visits_it_says_what_it_is_reckoned_from(ingrid, at, lunch):
    page = text(ingrid.get(at("reward", lunch.pk)))

    assert "A typical member reaches it in about 20 visits." in page
    assert "Reckoned from your rules and a purchase of 50 kr, until there are visits." in page


def test_it_warns_of_what_takes_longer_than_a_season(ingrid, at, lunch, points, counter):
    maja = MembershipFactory(shop=points.shop)
    now = clock.now()
    for week in range(11, 0, -1):
        with clock.at(now - timedelta(weeks=week)):
            earn(maja, 5_000, counter=counter)

    page = text(ingrid.get(at("rewards")))

    assert "A typical member reaches it in about 20 visits, 4 months." in page
    assert "That is longer than 90 days." in page


def test_a_card_says_what_its_reward_costs(ingrid, at, card):
    cake = RewardFactory(programme=card, cost=None, value_minor=4000)

    page = text(ingrid.get(at("reward", cake.pk)))

    assert "A typical member reaches it in about 9 visits." in page
    assert "Costs you about 10 % of what members pay" in page


# --- The list -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "more", "state"),
    [
        ((None, None), {}, "On offer"),
        ((1, None), {}, "From 2 June"),
        ((None, 30), {}, "Until 1 July"),
        ((None, 7), {}, "Until 8 June"),
        ((None, 6), {}, "Last days, until 7 June"),
        ((None, 0), {}, "Last days, until 1 June"),
        ((None, -1), {}, "Was on offer until 31 May"),
        ((None, None), {"stock": 0}, "None left"),
    ],
)
def test_each_says_whether_it_can_be_chosen(points, june, days, more, state):
    today = clock.today(points.shop.zone)
    starts, ends = (None if day is None else today + timedelta(day) for day in days)
    RewardFactory(programme=points, starts_on=starts, ends_on=ends, **more)

    [listed], _gone = catalogue.listed(points.shop, clock.now())
    assert listed.state == state


@pytest.fixture
def june(shop):
    with clock.at(clock.now().replace(month=6, day=1, hour=10)), translation.override("en-gb"):
        yield


def test_it_says_how_often_it_was_chosen_and_used(ingrid, at, lunch):
    somebody_chooses(lunch)
    somebody_chooses(lunch)
    Claim.objects.filter(pk=Claim.objects.first().pk).update(state="cancelled")

    assert "Chosen 1 time, used 0" in text(ingrid.get(at("rewards")))


def test_no_reward_costs_a_query_of_its_own(ingrid, at, lunch):
    def cost():
        with CaptureQueriesContext(connection) as said:
            ingrid.get(at("rewards"))
        return len(said)

    one = cost()
    for n in range(10):
        RewardFactory(programme=lunch.programme, cost=10 + n)

    assert cost() == one


def test_the_first_one_is_a_button_away(ingrid, at, points):
    page = text(ingrid.get(at("rewards")))

    assert "No rewards to choose from yet" in page
    assert at("add_reward") in page


def test_managers_look_and_change_nothing(manager, at, typed, lunch):
    page = text(manager.get(at("reward", lunch.pk)))

    assert "Only the owner can change the rewards." in page
    assert "<h3>Free lunch</h3>" in page
    assert "Save" not in page
    assert manager.post(at("reward", lunch.pk), typed()).status_code == 403


def test_a_stranger_finds_neither_shop_nor_reward(stranger, ingrid, at, lunch, next_door):
    assert stranger.get(at("reward", lunch.pk)).status_code == 404

    theirs = RewardFactory(programme=PointsFactory(shop=next_door))
    for name in ("reward", "preview_reward", "retire_reward", "offer_reward_again"):
        assert ingrid.post(at(name, theirs.pk)).status_code == 404
