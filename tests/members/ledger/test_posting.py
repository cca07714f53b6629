"""What is booked: earning, spending, and whose date comes first."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from loyalty import clock
from members.ledger import posting
from members.ledger.models import Account, Allocation, LedgerEntry, Lot, Operation
from members.ledger.posting import Line
from members.ledger.refusals import NotEnough
from tests.factories import MembershipFactory
from tests.members.ledger.purse import Kind, Purse

pytestmark = pytest.mark.django_db

MAY, JUNE, JULY = date(2027, 5, 31), date(2027, 6, 30), date(2027, 7, 31)
NOON_IN_MAY = datetime(2027, 5, 31, 12, tzinfo=UTC)


def test_it_works(purse):
    purse.earn(5)
    purse.spend(2)

    assert purse.balance == 3
    assert purse.account.lifetime == 5
    assert purse.entries == [(1, "earn", 5), (2, "spend", -2)]


def test_the_soonest_date_goes_first_and_no_date_last(purse):
    with clock.at(NOON_IN_MAY):
        purse.earn(2, until=None)
        purse.earn(2, until=JULY)
        purse.earn(2, until=JUNE)
        purse.spend(3)

    assert purse.lots == [(2, None), (1, JULY)]


def test_of_one_date_the_earlier_earning_goes_first(purse):
    with clock.at(NOON_IN_MAY):
        purse.earn(2, until=JUNE)
        purse.earn(3, until=JUNE)
        purse.spend(1)

    assert purse.lots == [(1, JUNE), (3, JUNE)]


def test_a_spending_says_which_earnings_it_ate(purse):
    purse.earn(2, until=JUNE)
    purse.earn(4, until=JULY)
    with clock.at(NOON_IN_MAY):
        spent = purse.spend(5)

    eaten = Allocation.objects.filter(debit__operation=spent).order_by("pk")
    assert list(eaten.values_list("lot__amount", "amount")) == [(2, 2), (4, 3)]


def test_too_little_says_how_much_is_missing_and_books_nothing(purse):
    purse.earn(3)

    with pytest.raises(NotEnough) as refused:
        purse.spend(5)

    assert refused.value.values == {"missing": 2}
    assert purse.entries == [(1, "earn", 3)]
    assert Operation.objects.latest("pk").answer == {
        "refused": "not_enough",
        "values": {"missing": 2},
    }


def test_what_has_run_out_cannot_be_spent_however_late_the_job_is(purse):
    with clock.at(NOON_IN_MAY):
        purse.earn(3, until=MAY)
    with clock.at(datetime(2027, 6, 1, 12, tzinfo=UTC)), pytest.raises(NotEnough):
        purse.spend(1)

    assert purse.balance == 3  # the job has not been here yet


def test_the_last_day_is_a_good_day_until_midnight_in_the_shop(purse):
    purse.earn(2, until=MAY)

    with clock.at(datetime(2027, 5, 31, 21, 59, tzinfo=UTC)):  # 23:59 in Oslo
        purse.spend(1)
    with clock.at(datetime(2027, 5, 31, 22, 0, tzinfo=UTC)), pytest.raises(NotEnough):
        purse.spend(1)


def test_two_lines_for_one_account_add_up(purse):
    def both(op, account):
        posting.post(op, Line(account, Kind.EARN, 4, 4), Line(account, Kind.EARN, 1, 1))

    purse.do(both)

    assert purse.entries == [(1, "earn", 4), (2, "earn", 1)]
    assert (purse.balance, purse.account.lifetime) == (5, 5)


def test_cards_of_two_members_never_touch(purse, programme, in_shop):
    other = Purse(MembershipFactory(shop=in_shop), programme)
    purse.earn(2)
    other.earn(7)

    with pytest.raises(NotEnough):
        purse.spend(3)
    assert other.balance == 7


def test_a_body_that_breaks_leaves_nothing_behind(purse):
    def break_down(op, account):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        purse.do(break_down)

    assert LedgerEntry.objects.count() == 0
    assert not Operation.objects.filter(kind="test").exists()


@pytest.mark.parametrize(
    ("law", "rows", "change"),
    [
        ("account_never_negative", Account, {"balance": -1}),
        ("shortfall_never_negative", Account, {"shortfall": -1}),
        ("lot_holds_what_it_got", Lot, {"remaining": F("amount") + 1}),
    ],
)
def test_the_database_itself_refuses(purse, law, rows, change):
    """Whatever the code decides: the last guard against a mistake in it."""
    purse.earn(5)

    with pytest.raises(IntegrityError, match=law), transaction.atomic():
        rows.objects.update(**change)
