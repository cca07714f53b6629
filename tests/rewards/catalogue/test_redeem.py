"""Points are spent on a reward, over the counter too, and an undo brings them back.

What its pages refuse in words is in test_choosing; what comes back unused is in test_coming_back.
"""

from datetime import timedelta

import pytest

from loyalty import clock, keys
from members.operations import undo
from rewards.catalogue.models import Reward
from rewards.catalogue.operations import redeem, redeem_now
from rewards.catalogue.refusals import NotOffered
from rewards.models import Claim
from rewards.operations import AlreadyUsed, hand_over
from tests.books import balance, latest
from tests.factories import ProgrammeFactory, RewardFactory, choose

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def test_it_works(maja, lunch, own):
    answer = redeem(membership=maja, reward=lunch, key=keys.new(), actor=own)

    assert balance(maja) == answer["after"] == 50
    claim = Claim.objects.get(pk=answer["claim"])
    assert (claim.state, claim.title) == (Claim.State.READY, "Free lunch")


def test_before_its_first_day_it_is_not_offered(maja, points):
    tomorrow = clock.today(points.shop.zone) + timedelta(days=1)

    with pytest.raises(NotOffered):
        choose(maja, RewardFactory(programme=points, cost=10, starts_on=tomorrow))


def test_what_became_a_choice_for_a_full_card_meanwhile_costs_no_points(maja, lunch):
    """The page was open while the owner gave it another price."""
    card = ProgrammeFactory(shop=lunch.shop)
    Reward.objects.filter(pk=lunch.pk).update(programme=card, cost=None)

    with pytest.raises(NotOffered):
        choose(maja, lunch)
    assert balance(maja) == 150


def test_what_is_used_is_not_undone(maja, lunch, owner, till_actor):
    claim = choose(maja, lunch)
    hand_over(membership=maja, claim=claim, key=keys.new(), actor=till_actor)

    with pytest.raises(AlreadyUsed):
        undo(membership=maja, undone=latest("redeem"), key=keys.new(), actor=owner)


def test_at_the_counter_it_is_spent_and_handed_over_and_can_be_undone(maja, points, till_actor):
    last = RewardFactory(programme=points, stock=1)
    redeem_now(membership=maja, reward=last, key=keys.new(), actor=till_actor)
    claim = Claim.objects.get()
    assert claim.state == Claim.State.HANDED_OVER

    undo(membership=maja, undone=latest("redeem_now"), key=keys.new(), actor=till_actor)

    claim.refresh_from_db()
    last.refresh_from_db()
    assert (balance(maja), claim.state, last.stock) == (150, Claim.State.CANCELLED, 1)


def test_bonus_points_arrive_at_once_and_go_with_an_undo(maja, points, owner):
    bonus = RewardFactory(programme=points, cost=100, behaviour="bonus", bonus=250)
    assert choose(maja, bonus).state == Claim.State.HANDED_OVER
    assert balance(maja) == 300

    undo(membership=maja, undone=latest("redeem"), key=keys.new(), actor=owner)
    assert balance(maja) == 150
