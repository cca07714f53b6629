"""What is taken back: the same lots, the same dates, once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError

from loyalty import clock
from members.ledger.models import Allocation, LedgerEntry, Lot
from members.ledger.operations import expire_lapsed
from members.ledger.refusals import AlreadySpent

pytestmark = pytest.mark.django_db

JUNE, JULY = date(2027, 6, 30), date(2027, 7, 31)
IN_MAY = datetime(2027, 5, 31, 12, tzinfo=UTC)
IN_JULY = datetime(2027, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def purse(purse):
    with clock.at(IN_MAY):
        yield purse


def test_an_earning_undone_leaves_nothing_to_spend(purse):
    earned = purse.earn(5)
    purse.reverse(earned)

    assert (purse.balance, purse.account.lifetime, purse.lots) == (0, 0, [])
    assert purse.entries == [(1, "earn", 5), (2, "reverse", -5)]


def test_a_spending_undone_goes_back_to_the_same_lots(purse):
    purse.earn(2, until=JUNE)
    purse.earn(4, until=JULY)
    before = purse.lots
    spent = purse.spend(5)
    purse.reverse(spent)

    assert purse.lots == before
    assert Lot.objects.count() == 2
    assert purse.balance == 6


def test_the_original_stays_as_it_was(purse):
    earned = purse.earn(5)
    before = LedgerEntry.objects.filter(operation=earned).values().get()
    purse.reverse(earned)

    assert LedgerEntry.objects.filter(operation=earned).values().get() == before


def test_what_lapsed_meanwhile_comes_back_with_a_grace_date(purse):
    purse.earn(2, until=JUNE)
    purse.earn(4, until=JULY)
    spent = purse.spend(5)
    with clock.at(IN_JULY):
        purse.reverse(spent)

    assert purse.lots == [(4, JULY), (2, date(2027, 7, 1) + timedelta(days=14))]
    assert purse.balance == 6


def test_the_grace_runs_out_too(purse):
    purse.earn(2, until=JUNE)
    spent = purse.spend(2)
    with clock.at(IN_JULY):
        purse.reverse(spent)
    with clock.at(IN_JULY + timedelta(days=15)):
        expire_lapsed(clock.now())

    assert purse.balance == 0


def test_an_earning_that_was_spent_is_not_undone(purse):
    earned = purse.earn(5)
    purse.spend(1)

    with pytest.raises(AlreadySpent):
        purse.reverse(earned)
    assert purse.balance == 4


def test_an_earning_that_ran_out_is_not_undone(purse):
    earned = purse.earn(5, until=JUNE)

    with clock.at(IN_JULY), pytest.raises(AlreadySpent):
        purse.reverse(earned)


def test_an_earning_is_taken_from_its_own_lot_before_others(purse):
    purse.earn(3, until=JUNE)
    later = purse.earn(3, until=JULY)
    purse.reverse(later)

    assert purse.lots == [(3, JUNE)]


def test_what_cannot_be_taken_back_is_owed(purse):
    """Earn 10, spend 8, refund: takes back 2, records 8 (F8)."""
    earned = purse.earn(10)
    purse.spend(8)
    purse.reverse(earned, owe=True)

    assert (purse.balance, purse.account.shortfall) == (0, 8)
    assert purse.entries[-1] == (3, "reverse", -2)


def test_what_is_owed_is_taken_from_the_next_earnings(purse):
    earned = purse.earn(10)
    purse.spend(8)
    purse.reverse(earned, owe=True)
    purse.earn(5)

    assert (purse.balance, purse.account.shortfall) == (0, 3)
    assert purse.entries[-2:] == [(4, "earn", 5), (5, "adjust", -5)]

    purse.earn(5)

    assert (purse.balance, purse.account.shortfall) == (2, 0)


def test_all_of_it_spent_is_a_reversal_of_nothing(purse):
    earned = purse.earn(4)
    purse.spend(4)
    purse.reverse(earned, owe=True)

    assert purse.entries[-1] == (3, "reverse", 0)
    assert purse.account.shortfall == 4


def test_buy_earn_return_ten_times_gains_nothing(purse):
    for _round in range(10):
        purse.reverse(purse.earn(3), owe=True)

    assert (purse.balance, purse.account.shortfall, purse.account.lifetime) == (0, 0, 0)


def test_nothing_is_undone_twice(purse):
    earned = purse.earn(5)
    purse.earn(5)
    purse.reverse(earned)

    with pytest.raises((IntegrityError, AlreadySpent)):
        purse.reverse(earned)
    assert purse.balance == 5


def test_a_spending_is_not_undone_twice(purse):
    purse.earn(5)
    spent = purse.spend(3)
    purse.reverse(spent)

    with pytest.raises(IntegrityError, match=r"entry_undone_once|reverses_id"):
        purse.reverse(spent)
    assert purse.balance == 5
    assert Allocation.objects.count() == 2
