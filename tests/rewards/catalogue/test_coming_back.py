"""Points of a reward that is not used come back: once, to where they were, and to nobody else.

Regressions of others: B8 (points back once, nothing else moves), B9 and B10 (lots of mixed origin),
B18 (two cards that became one).
"""

from datetime import date, datetime, timedelta

import pytest
from django_scopes import scopes_disabled

from loyalty import clock, keys
from members import rooms
from members.ledger.models import LedgerEntry, Lot
from members.ledger.operations import expire_lapsed
from members.ledger.refusals import AlreadySpent
from members.merging import merge
from members.operations import undo, void
from rewards.catalogue.operations import cancel, lapse_claims, redeem_now
from rewards.catalogue.refusals import PointsMissing
from rewards.models import Claim
from rewards.operations import NotReady, hand_over
from rewards.points.rules import Expiry, PointRules
from tests.books import MONDAY, balance, latest, lots, purse
from tests.factories import (
    MembershipFactory,
    PointsFactory,
    RewardFactory,
    RuleVersionFactory,
    choose,
    earn,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

DAY = timedelta(days=1)


@pytest.fixture
def points(in_shop):
    """Each lasts a month: what is earned on 1 March until 1 April."""
    return PointsFactory(shop=in_shop, rules__expiry=Expiry.EARNED, rules__expires_months=1)


@pytest.fixture
def lunch(points):
    return RewardFactory(programme=points, cost=100, use_within_days=10, stock=5)


# --- Time ---------------------------------------------------------------------------------------


def test_it_works(maja, lunch, own):
    before = lots(maja)
    cancel(membership=maja, claim=choose(maja, lunch), key=keys.new(), actor=own)

    assert lots(maja) == before == [(150, date(2027, 4, 1))]
    lunch.refresh_from_db()
    assert lunch.stock == 5


def test_run_out_it_comes_back_once(maja, lunch):
    choose(maja, lunch)
    later = MONDAY + 11 * DAY
    with clock.at(later):
        assert lapse_claims(later) == 1
        assert lapse_claims(later) == 0

    lunch.refresh_from_db()
    assert (balance(maja), lunch.stock) == (150, 5)


def test_cancelled_it_comes_back_once_and_nothing_else_moves(maja, lunch, own, owner):
    """A refund of what was paid for with points took them a second time, elsewhere (B8)."""
    other = choose(maja, RewardFactory(programme=lunch.programme, cost=30))
    claim = choose(maja, lunch)
    cancel(membership=maja, claim=claim, key=keys.new(), actor=own)

    with pytest.raises(NotReady):
        cancel(membership=maja, claim=claim, key=keys.new(), actor=own)
    other.refresh_from_db()
    assert (balance(maja), other.state) == (120, Claim.State.READY)


def test_points_that_ran_out_meanwhile_come_back_for_two_weeks(maja, lunch):
    """Chosen on 30 March, run out on 10 April: the points themselves only held to 1 April."""
    with clock.at(MONDAY + 29 * DAY):
        choose(maja, lunch)
    night = MONDAY + 41 * DAY
    with clock.at(night):
        expire_lapsed(night)
        lapse_claims(night)

        assert lots(maja) == [(100, date(2027, 4, 11) + 14 * DAY)]
    with clock.at(night + 15 * DAY):
        expire_lapsed(clock.now())
        assert balance(maja) == 0


def test_through_the_last_second_of_the_last_day_they_can_be_spent(maja, lunch, shop):
    last = datetime(2027, 4, 1, 23, 59, 59, tzinfo=shop.zone)
    with clock.at(last):
        assert choose(maja, lunch).state == Claim.State.READY


def test_a_second_later_they_are_missing_also_before_the_job_has_run(maja, lunch, shop):
    """The balance still holds them. A late job gives nothing away, and the words are about it."""
    with clock.at(datetime(2027, 4, 2, tzinfo=shop.zone)):
        assert balance(maja) == 150
        with pytest.raises(PointsMissing, match=r"^100 more are needed for this\.$"):
            choose(maja, lunch)


def test_what_is_missing_is_told_without_what_ran_out(maja, points, counter):
    with clock.at(MONDAY + 35 * DAY):
        earn(maja, 40_000, counter=counter)
        with pytest.raises(PointsMissing, match=r"^60 more are needed"):
            choose(maja, RewardFactory(programme=points, cost=100))


# --- Lots of mixed origin -----------------------------------------------------------------------


def test_whatever_the_points_come_from_they_are_spent_to_the_last(in_shop, maja, points, own):
    """The balance was right and the deduction from another set: free rewards for ever (B9, B10)."""
    choose(maja, RewardFactory(programme=points, cost=20, behaviour="bonus", bonus=10))
    other = MembershipFactory(shop=in_shop, points=20)
    merge(kept=maja, gone=other, key=keys.new(), actor=own)
    cake = RewardFactory(programme=points, cost=5)
    cancel(membership=maja, claim=choose(maja, cake), key=keys.new(), actor=own)
    left = balance(maja)
    assert left == 150 - 20 + 10 + 20

    for _time in range(left // 5):
        choose(maja, cake)
    with pytest.raises(PointsMissing, match=r"^5 more are needed"):
        choose(maja, cake)

    assert balance(maja) == 0
    assert not Lot.objects.left().exists()
    debits = LedgerEntry.objects.filter(amount__lt=0)
    assert all(entry.allocations.filter(amount__gt=0).exists() for entry in debits)


# --- What is owed -------------------------------------------------------------------------------


def test_what_comes_back_pays_what_is_owed(maja, lunch, own, owner):
    """Buy, choose, refund, cancel: the points of a purchase that never was are not there (B7)."""
    claim = choose(maja, lunch)
    bought = latest("earn_points")
    void(membership=maja, undone=bought, reason="refund", key=keys.new(), actor=owner)
    assert purse(maja) == (0, 100)
    cancel(membership=maja, claim=claim, key=keys.new(), actor=own)

    assert purse(maja) == (0, 0)


def test_so_it_is_when_the_reward_runs_out(maja, lunch, owner):
    choose(maja, lunch)
    bought = latest("earn_points")
    void(membership=maja, undone=bought, reason="refund", key=keys.new(), actor=owner)
    later = MONDAY + 11 * DAY
    with clock.at(later):
        lapse_claims(later)

    assert purse(maja) == (0, 0)


def test_a_bonus_voided_after_it_was_spent_leaves_no_more_than_before(maja, points, owner):
    """Cost 40, gave 15: 125. Then 120 are spent. Voided, what it cost pays for what it gave."""
    choose(maja, RewardFactory(programme=points, cost=40, behaviour="bonus", bonus=15))
    gamble = latest("redeem")
    choose(maja, RewardFactory(programme=points, cost=120))
    void(membership=maja, undone=gamble, reason="mistake", key=keys.new(), actor=owner)

    assert purse(maja) == (150 - 120, 0)


# --- Two cards ----------------------------------------------------------------------------------


@pytest.fixture
def became(in_shop, maja, lunch, own):
    """Maja had chosen lunch when her card became part of another one."""
    choose(maja, lunch)
    kept = MembershipFactory(shop=in_shop)
    merge(kept=kept, gone=maja, key=keys.new(), actor=own)
    return kept


def test_cancelled_on_the_other_card_the_points_are_there_with_their_date(became, maja, own):
    """Points were lost at merge, or left on a card nobody can use (B18)."""
    cancel(membership=became, claim=Claim.objects.get(), key=keys.new(), actor=own)

    assert lots(became) == [(50, date(2027, 4, 1)), (100, date(2027, 4, 1))]
    assert lots(maja) == []


def test_run_out_on_the_other_card_they_are_there_too(became, maja):
    """It stopped the job for every shop: what a merged card had booked was refused."""
    later = MONDAY + 11 * DAY
    with clock.at(later):
        assert lapse_claims(later) == 1
        assert lapse_claims(later) == 0

    assert (balance(became), balance(maja)) == (150, 0)
    assert Claim.objects.get().state == Claim.State.EXPIRED


def test_every_room_lives_through_the_night(became):
    later = MONDAY + 11 * DAY
    with clock.at(later), scopes_disabled():
        for tick in rooms.answering("tick"):
            tick(later)
    assert balance(became) == 150


def test_unused_the_cards_part_as_they_were(became, maja, own, owner):
    merged = latest("merge")
    undo(membership=became, undone=merged, key=keys.new(), actor=owner)
    cancel(membership=maja, claim=Claim.objects.get(), key=keys.new(), actor=own)

    assert (balance(became), balance(maja)) == (0, 150)


def test_cancelled_since_they_do_not_part(became, own, owner):
    """The points are on the other card, and might be somebody else's then."""
    cancel(membership=became, claim=Claim.objects.get(), key=keys.new(), actor=own)

    with pytest.raises(AlreadySpent):
        undo(membership=became, undone=latest("merge"), key=keys.new(), actor=owner)
    assert balance(became) == 150


# --- Used twice ---------------------------------------------------------------------------------


def test_cancelled_undone_and_handed_out_in_every_order_it_leaves_the_shop_once(
    maja, lunch, own, till_actor
):
    """Cancelled, opened again, and the coupon used twice (B21)."""
    claim = choose(maja, lunch)
    give = {"membership": maja, "claim": claim}
    hand_over(**give, key=keys.new(), actor=till_actor)
    undo(membership=maja, undone=latest("hand_over"), key=keys.new(), actor=till_actor)
    cancel(**give, key=keys.new(), actor=own)
    with pytest.raises(NotReady):
        hand_over(**give, key=keys.new(), actor=till_actor)
    redeem_now(membership=maja, reward=lunch, key=keys.new(), actor=till_actor)
    undo(membership=maja, undone=latest("redeem_now"), key=keys.new(), actor=till_actor)
    for again in Claim.objects.all():
        with pytest.raises(NotReady):
            hand_over(membership=maja, claim=again, key=keys.new(), actor=till_actor)

    assert balance(maja) == 150


def test_a_claim_of_one_card_is_refused_on_another(in_shop, maja, lunch, own, till_actor):
    """Somebody else's personal coupon was accepted (B20)."""
    claim = choose(maja, lunch)
    other = MembershipFactory(shop=in_shop)

    with pytest.raises(NotReady):
        hand_over(membership=other, claim=claim, key=keys.new(), actor=till_actor)
    with pytest.raises(NotReady):
        cancel(membership=other, claim=claim, key=keys.new(), actor=own)
    assert (balance(maja), balance(other)) == (50, 0)


# --- Rules --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("then", "now", "left"), [(True, False, 150), (False, True, 50)])
def test_points_return_by_the_rules_of_the_day_they_were_spent(in_shop, then, now, left):
    """Also when nothing was earned under them: what counts is what the shop said that day."""
    points = PointsFactory(shop=in_shop, rules__returns=not then)
    card = MembershipFactory(shop=in_shop, points=150)
    RuleVersionFactory(programme=points, rules=PointRules(returns=then))
    choose(card, RewardFactory(programme=points, use_within_days=7))
    RuleVersionFactory(programme=points, rules=PointRules(returns=now))
    with clock.at(MONDAY + 8 * DAY):
        lapse_claims(clock.now())

    assert balance(card) == left
