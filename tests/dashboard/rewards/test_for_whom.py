"""The owner says for whom a reward is: everyone, a level and above, or a group."""

import pytest

from loyalty import clock
from rewards.catalogue.models import Reward
from rewards.tiers.models import Ladder, Tier
from tests.factories import MembershipFactory, RewardFactory
from tests.support.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def gold(in_shop):
    ladder = Ladder.objects.create(shop=in_shop)
    Tier.objects.create(shop=in_shop, ladder=ladder, name="Bronze", threshold=0)
    return Tier.objects.create(shop=in_shop, ladder=ladder, name="Gold", threshold=20)


@pytest.fixture
def read(ingrid):
    return lambda url: text(ingrid.get(url))


def test_it_works(ingrid, at, typed, gold, read):
    ingrid.post(at("add_reward"), typed(whom=f"level-{gold.pk}"))

    assert Reward.objects.get().tier == gold
    assert "100 points · For Gold or higher" in read(at("rewards"))


def test_a_group(ingrid, at, typed, read):
    ingrid.post(at("add_reward"), typed(whom="group-regulars"))

    assert Reward.objects.get().segment == "regulars"
    assert "100 points · For a group: Regulars" in read(at("rewards"))


def test_everyone_is_what_is_meant_where_nothing_is_said(ingrid, at, typed):
    ingrid.post(at("add_reward"), typed())
    ingrid.post(at("add_reward"), typed(name="Dinner", whom=""))

    assert all(reward.is_for_everybody for reward in Reward.objects.all())
    assert Reward.objects.count() == 2


def test_it_can_be_for_everyone_again(ingrid, at, typed, points, gold):
    reward = RewardFactory(programme=points, tier=gold)
    ingrid.post(at("reward", reward.pk), typed(whom=""))

    reward.refresh_from_db()
    assert reward.is_for_everybody


def test_without_levels_none_are_offered(points, at, read):
    page = read(at("add_reward"))

    assert "Regulars" in page
    assert "or higher" not in page


def test_the_first_level_is_everyone_and_is_not_offered(points, at, read, gold):
    page = read(at("add_reward"))

    assert "Gold or higher" in page
    assert "Bronze" not in page


def test_a_level_that_is_gone_stays_until_the_owner_says_otherwise(ingrid, at, typed, points, gold):
    reward = RewardFactory(programme=points, tier=gold)
    Tier.objects.filter(pk=gold.pk).update(retired_at=clock.now())
    ingrid.post(at("reward", reward.pk), typed(whom=f"level-{gold.pk}", text="New"))

    reward.refresh_from_db()
    assert (reward.tier, reward.text) == (gold, "New")


@pytest.mark.parametrize("whom", ["level-0", "level-x", "group-millionaires", "everybody"])
def test_what_there_is_not_is_refused_beside_it(ingrid, at, typed, gold, whom):
    answer = ingrid.post(at("add_reward"), typed(whom=whom))

    assert answer.status_code == 422
    assert answer.context["form"].errors["whom"]


def test_a_level_next_door_is_no_choice(stranger, at, typed, next_door, gold):
    url = at("add_reward").replace("kaffe-kardemomme", next_door.slug)
    answer = stranger.post(url, typed(whom=f"level-{gold.pk}"))

    assert answer.context["form"].errors["whom"]


def test_the_preview_says_how_many_it_is_for(ingrid, at, typed, gold):
    url = at("preview_new_reward")
    MembershipFactory(shop=gold.shop)
    sent = {"headers": {"hx-request": "true"}}

    new = ingrid.post(url, typed(whom="group-new"), **sent).content.decode()
    assert "For a group: New." in new
    assert "1 member could choose it today." in new

    nobody = ingrid.post(url, typed(whom=f"level-{gold.pk}"), **sent).content.decode()
    assert "For Gold or higher" in nobody
    assert "Nobody could choose it today." in nobody
