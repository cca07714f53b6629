"""Members choose while the owner counts what is left: none of it is lost."""

import pytest
from django_scopes import scope

from loyalty.actors import Actor, Channel
from rewards.catalogue import owning
from rewards.catalogue.models import Reward
from rewards.catalogue.owning import Left, Offer, change_reward
from tests.factories import MembershipFactory, RewardFactory, choose
from tests.support.together import together

pytestmark = pytest.mark.django_db(transaction=True)

MEMBERS = 6
TEN_MORE = Left(now=40, before=30)


@pytest.fixture
def lunch(in_shop, points):
    return RewardFactory(programme=points, cost=10, stock=30)


@pytest.fixture
def members(in_shop, lunch, counter):
    return MembershipFactory.create_batch(MEMBERS, shop=in_shop, points=50, points__counter=counter)


@pytest.fixture
def rush(lunch, members):
    def all_at_once():
        together(
            [lambda: restock(lunch), *(lambda card=card: choose(card, lunch) for card in members)]
        )
        lunch.refresh_from_db()
        return lunch.stock

    return all_at_once


def restock(reward):
    with scope(shop=reward.shop):
        change_reward(
            reward=reward,
            offer=Offer(reward.programme, reward.name, reward.behaviour, cost=reward.cost),
            left=TEN_MORE,
            picture=None,
            actor=Actor(reward.shop, Channel.OWNER),
        )


def test_ten_more_are_ten_more(rush, slow):
    slow(owning, "lock", after=True)

    assert rush() == 30 + 10 - MEMBERS


@pytest.mark.postgres_only
def test_without_the_lock_the_danger_is_real(rush, monkeypatch, slow):
    monkeypatch.setattr(owning, "lock", lambda reward: Reward.objects.get(pk=reward.pk))
    slow(owning, "lock", after=True)

    assert rush() > 30 + 10 - MEMBERS
