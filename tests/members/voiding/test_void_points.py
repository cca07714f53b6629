"""Points that were spent are owed, and paid by the next ones; a reward gives its points back (F8).

Regressions of others: a refund keeps the points (B7), once per change of state instead of once per
purchase (B11), balances after a refund (B12).
"""

from datetime import UTC, datetime, timedelta

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor
from members.card.history import page_of
from members.ledger.models import Lot
from members.operations import undo
from members.visits import Purchase
from rewards.catalogue.operations import cancel, redeem
from rewards.models import Claim
from rewards.points.operations import earn_points
from tests.books import MONDAY, account, latest, purse
from tests.factories import MembershipFactory, PointsFactory, RewardFactory, earn

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


# --- Points -------------------------------------------------------------------------------------


def test_earned_ten_spent_eight_takes_two_and_eight_are_owed(
    member, points, bought, take_back, actor
):
    done = bought(member, 10_000)
    snack = RewardFactory(programme=points, cost=8)
    redeem(membership=member, reward=snack, key=keys.new(), actor=actor)
    take_back(done)
    assert purse(member) == (0, 8)

    bought(member, 5_000)
    assert purse(member) == (0, 3)
    bought(member, 5_000)
    assert purse(member) == (2, 0)
    assert "Taken for a correction" in history(member)


def test_what_paid_a_debt_and_is_voided_is_owed_again(member, points, bought, take_back, actor):
    first = bought(member, 10_000)
    snack = RewardFactory(programme=points, cost=8)
    redeem(membership=member, reward=snack, key=keys.new(), actor=actor)
    take_back(first)
    second = bought(member, 20_000)
    assert purse(member) == (12, 0)
    take_back(second)

    assert purse(member) == (0, 8)


def test_bought_spent_and_refunded_ten_times_gains_nothing(
    member, points, bought, take_back, actor
):
    """Buy, earn, return, repeat: points for nothing (B7)."""
    lunch = RewardFactory(programme=points, cost=100)
    chosen = 0
    for _round in range(10):
        done = bought(member, 100_000)
        if purse(member)[0] >= 100:
            redeem(membership=member, reward=lunch, key=keys.new(), actor=actor)
            chosen += 1
        take_back(done)

    assert chosen == 1
    assert purse(member) == (0, 100)
    assert account(member).lifetime == 0


def test_chosen_refunded_and_cancelled_ten_times_gains_nothing(
    member, points, bought, take_back, actor
):
    """The same with a change of mind at the end."""
    lunch = RewardFactory(programme=points, cost=100)
    for _round in range(10):
        done = bought(member, 100_000)
        chosen = redeem(membership=member, reward=lunch, key=keys.new(), actor=actor)
        take_back(done)
        claim = Claim.objects.get(pk=chosen["claim"])
        cancel(membership=member, claim=claim, key=keys.new(), actor=actor)

    assert purse(member) == (0, 0)


def test_registered_corrected_voided_and_registered_it_is_right_each_time(
    member, points, bought, take_back, till_actor
):
    """Points once per change of state, instead of once per purchase (B11)."""
    wrong = bought(member, 100_000)
    assert purse(member) == (100, 0)
    undo(membership=member, undone=wrong, key=keys.new(), actor=till_actor)
    assert purse(member) == (0, 0)
    right = bought(member, 10_000)
    assert purse(member) == (10, 0)
    take_back(right)
    assert purse(member) == (0, 0)
    bought(member, 10_000)
    assert purse(member) == (10, 0)


def test_each_balance_in_the_history_is_the_sum_so_far(
    *, member, points, bought, take_back, actor, counter
):
    """Wrong after cancel and refund, and mixed between customers (B12). Late lines included."""
    done = bought(member, 100_000)
    redeem(
        membership=member,
        reward=RewardFactory(programme=points, cost=60),
        key=keys.new(),
        actor=actor,
    )
    earn_points(
        membership=member,
        programme=points,
        purchase=Purchase(20_000),
        again=True,
        key=keys.new(),
        actor=Actor.of_counter(counter, at=MONDAY - DAY),
    )
    take_back(done)
    bought(MembershipFactory(shop=member.shop), 70_000)

    shown = [line for line in lines(member) if line.programme == "Points"]
    sums = [sum(line.amount for line in shown[place:]) for place in range(len(shown))]
    assert [line.balance for line in shown] == sums
    assert sums[0] == purse(member)[0] == 0


# --- A reward chosen ----------------------------------------------------------------------------


@pytest.fixture
def lasting(in_shop):
    """Points of 1 March last until 1 April."""
    return PointsFactory(shop=in_shop, rules__expiry="earned", rules__expires_months=1)


def test_a_choice_voided_gives_the_points_back_to_their_lots(
    member, lasting, counter, take_back, actor
):
    earn(member, 60_000, counter=counter)
    with clock.at(MONDAY + DAY):
        earn(member, 60_000, counter=counter)
        before = list(Lot.objects.filter(account__programme=lasting).values())
        lunch = RewardFactory(programme=lasting, cost=100, stock=1)
        redeem(membership=member, reward=lunch, key=keys.new(), actor=actor)
        take_back(latest("redeem"), reason="mistake")

    assert list(Lot.objects.filter(account__programme=lasting).values()) == before
    lunch.refresh_from_db()
    assert (lunch.stock, Claim.objects.get().state) == (1, "cancelled")


def test_what_ran_out_meanwhile_comes_back_for_two_weeks(
    member, lasting, counter, take_back, actor
):
    earn(member, 60_000, counter=counter)
    with clock.at(MONDAY + 20 * DAY):
        earn(member, 60_000, counter=counter)
        lunch = RewardFactory(programme=lasting, cost=100)
        redeem(membership=member, reward=lunch, key=keys.new(), actor=actor)
    with clock.at(MONDAY + 40 * DAY):
        take_back(latest("redeem"))

    day = (MONDAY + 40 * DAY).date()
    left = Lot.objects.filter(account__programme=lasting).left().order_by("expires_on")
    assert list(left.values_list("remaining", "expires_on")) == [
        (60, datetime(2027, 4, 21, tzinfo=UTC).date()),
        (60, day + 14 * DAY),
    ]


def lines(member):
    return page_of(member, "1")[1]


def history(member):
    return [line.words for line in lines(member)]
