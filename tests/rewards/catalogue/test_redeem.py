"""Points are spent on a reward, once, and come back to where they were."""

from datetime import timedelta

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members.ledger import audit
from members.ledger.models import Account, Lot, Operation
from members.operations import undo, void
from members.refusals import NothingToUndo
from rewards.catalogue.models import Reward
from rewards.catalogue.operations import cancel, lapse_claims, redeem, redeem_now
from rewards.catalogue.refusals import EnoughOfIt, NotOffered, PointsMissing, SoldOut
from rewards.models import Claim
from rewards.operations import AlreadyUsed, hand_over
from tests.factories import (
    MembershipFactory,
    PointsFactory,
    ProgrammeFactory,
    RewardFactory,
    earn,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def points(in_shop):
    return PointsFactory(shop=in_shop)


@pytest.fixture
def lunch(points):
    return RewardFactory(programme=points)


@pytest.fixture
def maja(points, counter):
    card = MembershipFactory(shop=points.shop, name="Maja")
    earn(card, 150_000, counter=counter)  # 1 500 kr: 150 points
    return card


@pytest.fixture
def own(in_shop):
    return Actor(in_shop, Channel.CARD)


def balance(card):
    return Account.objects.get(membership=card, programme__kind="points").balance


def take(card, reward, actor, **more):
    return redeem(membership=card, reward=reward, key=keys.new(), actor=actor, **more)


def claim_of(answer):
    return Claim.objects.get(pk=answer["claim"])


def test_it_works(maja, lunch, own):
    answer = take(maja, lunch, own)

    assert balance(maja) == answer["after"] == 50
    assert claim_of(answer).state == Claim.State.READY
    assert claim_of(answer).title == "Free lunch"
    assert list(audit.disagreements()) == []


def test_too_few_points_say_how_many_are_missing(maja, points, own):
    dear = RewardFactory(programme=points, cost=151)

    with pytest.raises(PointsMissing, match="1 more is needed"):
        take(maja, dear, own)
    assert balance(maja) == 150


def test_the_last_one_goes_once(maja, points, own):
    last = RewardFactory(programme=points, cost=10, stock=1)
    take(maja, last, own)

    with pytest.raises(SoldOut):
        take(maja, last, own)
    assert balance(maja) == 140


def test_each_member_has_it_as_often_as_the_shop_says(maja, points, own):
    once = RewardFactory(programme=points, cost=10, per_member=1)
    take(maja, once, own)

    with pytest.raises(EnoughOfIt):
        take(maja, once, own)


@pytest.mark.parametrize("days", [-1, 1])
def test_outside_its_days_it_is_not_offered(maja, points, own, days):
    today = clock.today(points.shop.zone)
    when = (
        {"ends_on": today - timedelta(days=1)} if days < 0 else {"starts_on": today + timedelta(1)}
    )
    reward = RewardFactory(programme=points, cost=10, **when)

    with pytest.raises(NotOffered):
        take(maja, reward, own)


def test_what_became_a_choice_for_a_full_card_meanwhile_costs_no_points(maja, lunch, own):
    """The page was open while the owner gave it another price."""
    card = ProgrammeFactory(shop=lunch.shop)
    Reward.objects.filter(pk=lunch.pk).update(programme=card, cost=None)

    with pytest.raises(NotOffered):
        take(maja, lunch, own)
    assert balance(maja) == 150


def test_cancelled_before_use_the_points_return_to_their_lot(maja, lunch, own):
    before = list(Lot.objects.values_list("pk", "remaining", "expires_on"))
    claim = claim_of(take(maja, lunch, own))
    cancel(membership=maja, claim=claim, key=keys.new(), actor=own)

    assert list(Lot.objects.values_list("pk", "remaining", "expires_on")) == before
    claim.refresh_from_db()
    assert claim.state == Claim.State.CANCELLED


def test_what_is_used_is_not_cancelled_nor_undone(maja, lunch, own, counter):
    answer = take(maja, lunch, own)
    claim = claim_of(answer)
    hand_over(membership=maja, claim=claim, key=keys.new(), actor=Actor.of_counter(counter))

    with pytest.raises(AlreadyUsed):
        cancel(membership=maja, claim=claim, key=keys.new(), actor=own)
    with pytest.raises(AlreadyUsed):
        undo(
            membership=maja,
            undone=Operation.objects.get(kind="redeem"),
            key=keys.new(),
            actor=Actor(maja.shop, Channel.OWNER),
        )


def test_at_the_counter_it_is_spent_and_handed_over_and_can_be_undone(maja, points, counter):
    last = RewardFactory(programme=points, stock=1)
    actor = Actor.of_counter(counter)
    answer = redeem_now(membership=maja, reward=last, key=keys.new(), actor=actor)
    assert claim_of(answer).state == Claim.State.HANDED_OVER

    done = Operation.objects.get(kind="redeem_now")
    undo(membership=maja, undone=done, key=keys.new(), actor=actor)

    assert balance(maja) == 150
    assert claim_of(answer).state == Claim.State.CANCELLED
    last.refresh_from_db()
    assert last.stock == 1
    assert list(audit.disagreements()) == []


def test_bonus_points_arrive_at_once_and_go_with_an_undo(maja, points, own):
    bonus = RewardFactory(programme=points, cost=100, behaviour=Reward.Behaviour.BONUS, bonus=250)
    answer = take(maja, bonus, own)
    assert balance(maja) == 300
    assert claim_of(answer).state == Claim.State.HANDED_OVER

    undo(
        membership=maja,
        undone=Operation.objects.get(kind="redeem"),
        key=keys.new(),
        actor=Actor(maja.shop, Channel.OWNER),
    )
    assert balance(maja) == 150


def test_a_reward_that_ran_out_gives_its_points_back_once(maja, points, own):
    hurry = RewardFactory(programme=points, use_within_days=7, stock=3)
    take(maja, hurry, own)
    later = clock.now() + timedelta(days=8)
    with clock.at(later):
        assert lapse_claims(later) == 1
        assert lapse_claims(later) == 0

    assert balance(maja) == 150
    hurry.refresh_from_db()
    assert hurry.stock == 3


def test_unless_the_rules_keep_them(in_shop, counter, own):
    points = PointsFactory(shop=in_shop, rules__returns=False)
    card = MembershipFactory(shop=in_shop)
    earn(card, 150_000, counter=counter)
    take(card, RewardFactory(programme=points, use_within_days=7), own)
    later = clock.now() + timedelta(days=8)
    with clock.at(later):
        lapse_claims(later)

    assert balance(card) == 50
    assert Claim.objects.get().state == Claim.State.EXPIRED


def test_a_refund_after_spending_takes_what_is_left_and_the_rest_is_owed(maja, lunch, own, counter):
    take(maja, lunch, own)
    bought = Operation.objects.get(kind="earn_points")
    manager = Actor(maja.shop, Channel.OWNER)
    void(membership=maja, undone=bought, reason="refund", key=keys.new(), actor=manager)

    account = Account.objects.get(membership=maja, programme__kind="points")
    assert (account.balance, account.shortfall) == (0, 100)
    with pytest.raises(NothingToUndo):
        void(membership=maja, undone=bought, reason="refund", key=keys.new(), actor=manager)

    earn(maja, 130_000, counter=counter)
    account.refresh_from_db()
    assert (account.balance, account.shortfall) == (30, 0)
    assert list(audit.disagreements()) == []
