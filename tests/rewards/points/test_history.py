"""Every line of what happened to points, and the balance after each, programme by programme."""

from datetime import timedelta

import pytest
from django.db.models import Sum

from loyalty import clock, keys
from members.card.history import page_of
from members.ledger.models import Account, Operation
from members.operations import void
from rewards.catalogue.operations import cancel, choose_for_card, lapse_claims
from rewards.models import Claim
from rewards.operations import expire_claims
from rewards.points.rules import Action
from tests.factories import MembershipFactory, PointsFactory, RewardFactory, choose, earn, stamp

pytestmark = pytest.mark.django_db


@pytest.fixture
def points(in_shop):
    return PointsFactory(shop=in_shop, rules__per_attendance=2, rules__actions=(Action("Cup", 5),))


@pytest.fixture
def maja(points, counter):
    """Maja, with 64 points."""
    return MembershipFactory(shop=points.shop, name="Maja", points=64, points__counter=counter)


def told(member):
    lines = page_of(member, "1")[1]
    return [(line.words, line.change, line.balance) for line in lines]


def test_it_works(maja, points, counter):
    choose(maja, RewardFactory(programme=points, cost=50))

    assert told(maja) == [
        ("Reward chosen: Free lunch", "−50", 14),
        (f"64 points from {counter.location.name}, 640\N{NO-BREAK SPACE}kr", "+64", 64),
    ]


def test_what_was_done_for_points_is_named(maja, counter):
    earn(maja, counter=counter, bought=False, attended=True)
    earn(maja, counter=counter, bought=False, actions=("Cup",))

    place = counter.location.name
    assert told(maja)[:2] == [
        (f"5 points from {place}: Cup", "+5", 71),
        (f"2 points from {place}, for coming by", "+2", 66),
    ]


def test_a_bonus_comes_from_us(maja, points):
    bonus = RewardFactory(programme=points, cost=50, behaviour="bonus", bonus=30, name="Luck")
    choose(maja, bonus)

    assert told(maja)[:3] == [
        ("Reward used: Luck", "", None),
        ("30 points from us", "+30", 44),
        ("Reward chosen: Luck", "−50", 14),
    ]


def test_whoever_changes_their_mind_has_their_points_again(maja, points, own):
    claim = choose(maja, RewardFactory(programme=points, cost=50))
    cancel(membership=maja, claim=claim, key=keys.new(), actor=own)

    assert told(maja)[:2] == [
        ("Changed your mind: Free lunch", "+50", 64),
        ("Reward chosen: Free lunch", "−50", 14),
    ]


def test_what_ran_out_unused_comes_back(maja, points):
    choose(maja, RewardFactory(programme=points, cost=50, use_within_days=7))
    later = clock.now() + timedelta(days=8)
    with clock.at(later):
        lapse_claims(later)

    assert told(maja)[0] == ("Ran out unused: Free lunch", "+50", 64)


def test_unless_the_shop_keeps_it(in_shop):
    points = PointsFactory(shop=in_shop, rules__returns=False)
    maja = MembershipFactory(shop=in_shop, points=64)
    claim = choose(maja, RewardFactory(programme=points, cost=50, use_within_days=7))
    later = clock.now() + timedelta(days=8)
    with clock.at(later):
        lapse_claims(later)

        assert told(maja)[0] == ("Ran out unused: Free lunch", "", None)
        line = page_of(maja, "1")[1][0]
        assert line.at.astimezone(in_shop.zone).date() == claim.expires_on + timedelta(days=1)


def test_a_card_reward_that_ran_out_is_a_line_too(in_shop, card):
    member = MembershipFactory(shop=card.shop, stamps=9)
    later = clock.now() + timedelta(days=200)
    with clock.at(later):
        expire_claims(later)

        assert told(member)[0] == ("Ran out unused: Any hot drink", "", None)


def test_another_reward_for_a_full_card_is_a_line_and_so_is_its_own_again(in_shop, card, own):
    member = MembershipFactory(shop=card.shop, stamps=9)
    claim = Claim.objects.get()
    beans = RewardFactory(programme=card, cost=None, name="Beans")
    ask = {"membership": member, "claim": claim, "actor": own}
    choose_for_card(reward=beans, key=keys.new(), **ask)
    cancel(key=keys.new(), **ask)

    assert told(member)[:2] == [("Changed your mind", "", None), ("Reward chosen: Beans", "", None)]


def test_a_refund_after_spending_and_what_it_takes_later(maja, points, owner, counter):
    bought = Operation.objects.get(kind="earn_points")
    choose(maja, RewardFactory(programme=points, cost=50))
    void(membership=maja, undone=bought, reason="refund", key=keys.new(), actor=owner)
    earn(maja, 60_000, counter=counter)

    place = counter.location.name
    assert told(maja)[:3] == [
        ("Taken for a correction", "−50", 10),
        (f"60 points from {place}, 600\N{NO-BREAK SPACE}kr", "+60", 60),
        ("Corrected by the shop", "−14", 0),
    ]


def test_each_programme_has_its_own_balance_late_entries_included(in_shop, card, counter, own):
    points = PointsFactory(shop=in_shop)
    maja = MembershipFactory(shop=in_shop)
    earn(maja, 64_000, counter=counter)
    stamp(maja, 1, counter=counter, programme=card)
    with clock.at(clock.now() - timedelta(hours=3)):
        earn(maja, 10_000, counter=counter)
    claim = choose(maja, RewardFactory(programme=points, cost=50))
    stamp(maja, 2, counter=counter, programme=card)
    cancel(membership=maja, claim=claim, key=keys.new(), actor=own)

    lines = [line for line in page_of(maja, "1")[1] if line.balance is not None]
    for account in Account.objects.filter(membership=maja).select_related("programme"):
        own_lines = [line for line in lines if line.programme == account.programme.name]
        so_far = 0
        for line in reversed(own_lines):
            so_far += line.amount
            assert line.balance == so_far
        assert so_far == account.balance == account.entries.aggregate(sum=Sum("amount"))["sum"]
