"""Points and rewards, wanted by many at the same moment (L3, L7, RWD-11, B3–B6).

Each race has a control: with the lock or the conditional update away, the danger is real.
"""

import time
from collections import Counter
from datetime import datetime, timedelta

import pytest

from loyalty import keys
from loyalty.actors import Actor, Channel
from members.ledger.models import Account, LedgerEntry
from members.ledger.operations import expire_lapsed
from rewards.catalogue import stock
from rewards.catalogue.models import Reward
from rewards.catalogue.operations import cancel, lapse_claims, redeem, redeem_now
from rewards.models import Claim
from rewards.operations import hand_over
from tests.books import purse
from tests.factories import MembershipFactory, PointsFactory, RewardFactory, earn
from tests.races.conftest import HOLD
from tests.races.outcomes import outcome
from tests.races.rushing import MANY
from tests.races.spending import choosing
from tests.support.together import together

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 4


# --- The last one -------------------------------------------------------------------------------


@pytest.fixture
def the_last_one(points, rich, own):
    """The race: 24 members choose the last one."""
    last = RewardFactory(programme=points, cost=100, stock=1)
    cards = [rich() for _card in range(MANY)]

    def race():
        return Counter(together([choosing(card, last, own) for card in cards])), cards

    return race


def test_the_last_one_goes_to_one_of_many(the_last_one):
    outcomes, cards = the_last_one()

    assert outcomes == {"chosen": 1, "SoldOut": MANY - 1}
    assert Claim.objects.count() == 1
    assert Reward.objects.get().stock == 0
    assert sorted(purse(card)[0] for card in cards) == [50] + [150] * (MANY - 1)


@pytest.mark.postgres_only
def test_looking_before_taking_sells_the_last_one_to_many(the_last_one, monkeypatch):
    def look_before_taking(reward):
        if not reward.stock:
            raise stock.SoldOut
        time.sleep(HOLD)
        Reward.objects.filter(pk=reward.pk).update(stock=reward.stock - 1)

    monkeypatch.setattr(stock, "take_one", look_before_taking)
    outcomes, _cards = the_last_one()

    assert outcomes["chosen"] > 1


# --- One card -----------------------------------------------------------------------------------


@pytest.fixture
def as_often_as_allowed(points, rich, own):
    once = RewardFactory(programme=points, cost=1, per_member=1)

    def race():
        card = rich()
        return Counter(together([choosing(card, once, own) for _tap in range(12)])), card

    return race


def test_a_member_has_it_as_often_as_the_shop_says(as_often_as_allowed):
    outcomes, card = as_often_as_allowed()

    assert outcomes == {"chosen": 1, "EnoughOfIt": 11}
    assert purse(card)[0] == 149


@pytest.mark.postgres_only
def test_without_the_lock_only_the_database_keeps_the_limit(as_often_as_allowed, gap):
    outcomes, _card = as_often_as_allowed()

    assert outcomes["stopped"]


@pytest.fixture
def enough_for_ten(in_shop, points, counter, own):
    """The race: twenty rewards at ten points each, wanted at once from a card with a hundred."""
    cheap = RewardFactory(programme=points, cost=10)

    def race():
        card = MembershipFactory(shop=in_shop)
        earn(card, 100_000, counter=counter)
        return Counter(together([choosing(card, cheap, own) for _tap in range(20)])), card

    return race


def test_of_twenty_that_spend_what_is_enough_for_ten_ten_succeed(enough_for_ten):
    """Stored value was debited twice at the same moment (B5)."""
    outcomes, card = enough_for_ten()

    assert outcomes == {"chosen": 10, "PointsMissing": 10}
    assert purse(card) == (0, 0)


@pytest.mark.postgres_only
def test_without_the_lock_and_the_law_more_than_ten_do(enough_for_ten, gap, outlawed):
    outlawed(LedgerEntry, "entry_has_its_own_place")
    outcomes, _card = enough_for_ten()

    assert outcomes["chosen"] > 10


@pytest.fixture
def points_for_one(rich, lunch, own, till_actor):
    """The member chooses on the phone while staff hand it out at once (RWD-11)."""

    def race():
        card = rich()
        now = {"membership": card, "reward": lunch, "actor": till_actor}
        at_once = outcome(redeem_now, **now, key=keys.new(), says="chosen")
        return sorted(together([choosing(card, lunch, own), at_once])), card

    return race


def test_points_for_one_reward_bring_one(points_for_one):
    for _round in range(ROUNDS):
        outcomes, card = points_for_one()

        assert outcomes == ["PointsMissing", "chosen"]
        assert purse(card) == (50, 0)
        assert card.claims.count() == 1


@pytest.mark.postgres_only
def test_without_the_lock_only_the_database_stops_the_second(points_for_one, gap):
    assert points_for_one()[0] == ["chosen", "stopped"]


# --- Against time -------------------------------------------------------------------------------


@pytest.fixture
def against_expiry(in_shop, counter, own):
    """Chosen in the last second of the last day, while the job comes by after midnight."""
    points = PointsFactory(shop=in_shop, rules__expiry="earned", rules__expires_months=1)
    lunch = RewardFactory(programme=points, cost=100)

    def race():
        card = MembershipFactory(shop=in_shop)
        earn(card, 150_000, counter=counter)
        last = Account.objects.get(membership=card).lots.get().expires_on
        midnight = datetime.combine(last, datetime.min.time(), in_shop.zone) + timedelta(days=1)
        late = Actor(in_shop, Channel.CARD, at=midnight - timedelta(seconds=1))
        job = outcome(expire_lapsed, now=midnight, says="expired")
        return together([choosing(card, lunch, late), job]), card

    return race


def test_what_is_chosen_does_not_run_out_as_well(against_expiry):
    for _round in range(ROUNDS):
        outcomes, card = against_expiry()
        ran_out = LedgerEntry.objects.filter(account__membership=card, kind="expire")

        assert (outcomes, [entry.amount for entry in ran_out]) in [
            (["chosen", "expired"], [-50]),
            (["PointsMissing", "expired"], [-150]),
        ]
        assert purse(card) == (0, 0)


@pytest.mark.postgres_only
def test_without_the_lock_only_the_database_keeps_them_apart(against_expiry, gap):
    assert "stopped" in against_expiry()[0]


@pytest.fixture
def against_the_night(in_shop, rich, points, counter, own):
    """Handed out in the last second of its last day, while the job comes by after midnight."""
    hurry = RewardFactory(programme=points, cost=100, use_within_days=7, stock=9)

    def race():
        card = rich()
        redeem(membership=card, reward=hurry, key=keys.new(), actor=own)
        claim = Claim.objects.get(membership=card)
        start = datetime.combine(claim.expires_on, datetime.min.time(), in_shop.zone)
        midnight = start + timedelta(days=1)
        late = Actor.of_counter(counter, at=midnight - timedelta(seconds=1))
        wish = {"membership": card, "claim": claim, "actor": late, "key": keys.new()}
        job = outcome(lapse_claims, now=midnight, says="lapsed")
        outcomes = together([outcome(hand_over, **wish, says="out"), job])
        claim.refresh_from_db()
        hurry.refresh_from_db()
        return outcomes, claim.state, purse(card)[0]

    return race


def test_what_is_handed_out_does_not_run_out_as_well(against_the_night):
    for _round in range(ROUNDS):
        assert against_the_night() in [
            (["out", "lapsed"], "handed_over", 50),
            (["NotReady", "lapsed"], "expired", 150),
        ]


# --- Against a change of mind -------------------------------------------------------------------


def test_a_reward_is_either_used_or_paid_back(rich, lunch, own, till_actor):
    for _round in range(ROUNDS):
        outcomes, claim, card = used_or_paid_back(rich(), lunch, own, till_actor)

        assert (outcomes, claim.state, purse(card)[0]) in [
            (["out", "AlreadyUsed"], "handed_over", 50),
            (["NotReady", "back"], "cancelled", 150),
        ]


@pytest.mark.postgres_only
def test_without_the_lock_it_is_used_and_paid_back(*, rich, lunch, own, till_actor, gap, outlawed):
    """`outlawed` empties the books, which no longer add up."""
    rounds = [used_or_paid_back(rich(), lunch, own, till_actor) for _round in range(ROUNDS)]

    assert list({purse(card)[0] for out, _, card in rounds if out == ["out", "back"]}) == [150]


def used_or_paid_back(card, lunch, own, till_actor):
    redeem(membership=card, reward=lunch, key=keys.new(), actor=own)
    claim = Claim.objects.get(membership=card)
    wish = {"membership": card, "claim": claim}
    out = outcome(hand_over, **wish, actor=till_actor, key=keys.new(), says="out")
    back = outcome(cancel, **wish, actor=own, key=keys.new(), says="back")
    outcomes = together([out, back])
    claim.refresh_from_db()
    return outcomes, claim, card


def test_points_that_come_back_are_spent_once(rich, lunch, own, till_actor):
    """One reward is cancelled while staff want to take its points for another."""
    for _round in range(ROUNDS):
        outcomes, card = come_back_and_go(rich(), lunch, own, till_actor)

        assert (outcomes, purse(card)[0]) in [
            (["back", "out"], 50),
            (["back", "PointsMissing"], 150),
        ]


@pytest.mark.postgres_only
def test_without_the_lock_only_the_database_counts_them(rich, lunch, own, till_actor, gap):
    cheap = RewardFactory(programme=lunch.programme, cost=10)
    outcomes, _card = come_back_and_go(rich(), lunch, own, till_actor, cheap)

    assert sorted(outcomes) in (["back", "stopped"], ["out", "stopped"])


def come_back_and_go(card, lunch, own, till_actor, other=None):
    redeem(membership=card, reward=lunch, key=keys.new(), actor=own)
    claim = Claim.objects.get(membership=card)
    back = {"membership": card, "claim": claim, "actor": own, "key": keys.new()}
    out = {"membership": card, "reward": other or lunch, "actor": till_actor, "key": keys.new()}
    acts = [outcome(cancel, **back, says="back"), outcome(redeem_now, **out, says="out")]
    return together(acts), card
