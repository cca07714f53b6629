"""What has run out leaves the balance, once, by the shop's own calendar."""

from datetime import UTC, date, datetime

import pytest
from django_scopes import scope

from loyalty import clock
from loyalty.calendar import months_after
from members.ledger.models import LedgerEntry, Operation
from members.ledger.operations import expire_lapsed
from tests.factories import MembershipFactory, ProgrammeFactory, ShopFactory
from tests.members.ledger.purse import Purse

pytestmark = pytest.mark.django_db

LAST = date(2027, 3, 27)  # the day before the clocks go forward in Oslo


def test_it_works(purse):
    purse.earn(2, until=LAST)
    purse.earn(3)

    assert expire_lapsed(datetime(2027, 3, 28, 12, tzinfo=UTC)) == 1
    assert purse.balance == 3
    assert purse.entries[-1] == (3, "expire", -2)


def test_twice_changes_nothing(purse):
    purse.earn(2, until=LAST)
    for _time in range(2):
        expire_lapsed(datetime(2027, 3, 28, 12, tzinfo=UTC))

    assert purse.balance == 0
    assert LedgerEntry.objects.filter(kind="expire").count() == 1


def test_the_entry_says_that_nobody_but_time_did_it(purse):
    purse.earn(2, until=LAST)
    expire_lapsed(datetime(2027, 3, 28, 12, tzinfo=UTC))
    [expired] = Operation.objects.filter(kind="expire")

    assert (expired.channel, expired.actor, expired.staff) == ("job", None, None)
    assert expired.answer == {"amount": 2}


@pytest.mark.parametrize(
    ("moment", "left"),
    [
        (datetime(2027, 3, 27, 22, 59, tzinfo=UTC), 2),  # 23:59 in Oslo, winter time
        (datetime(2027, 3, 27, 23, 0, tzinfo=UTC), 0),
    ],
)
def test_the_day_ends_at_midnight_in_the_shop(purse, moment, left):
    purse.earn(2, until=LAST)
    expire_lapsed(moment)

    assert purse.balance == left


@pytest.mark.parametrize(
    ("moment", "left"),
    [
        (datetime(2027, 3, 28, 21, 59, tzinfo=UTC), 2),  # 23:59 in Oslo, summer time by now
        (datetime(2027, 3, 28, 22, 0, tzinfo=UTC), 0),
    ],
)
def test_the_day_the_clocks_go_forward_ends_at_midnight_too(purse, moment, left):
    purse.earn(2, until=date(2027, 3, 28))
    expire_lapsed(moment)

    assert purse.balance == left


def test_each_shop_has_its_own_midnight(purse):
    london = ShopFactory(time_zone="Europe/London", country="GB", currency="GBP")
    programme = ProgrammeFactory(shop=london, rules__welcome=0)
    with scope(shop=london):
        theirs = Purse(MembershipFactory(shop=london), programme)
        theirs.earn(2, until=LAST)
    purse.earn(2, until=LAST)

    expire_lapsed(datetime(2027, 3, 27, 23, 30, tzinfo=UTC))  # half past midnight, Oslo only

    assert purse.balance == 0
    with scope(shop=london):
        assert theirs.balance == 2


def test_what_an_undo_gave_back_runs_out_on_its_own_date(purse):
    """A lot under another label that never expires was somebody's bug (B13)."""
    purse.earn(3, until=LAST)
    with clock.at(datetime(2027, 3, 1, 12, tzinfo=UTC)):
        purse.reverse(purse.spend(3))
    expire_lapsed(datetime(2027, 3, 28, 12, tzinfo=UTC))

    assert purse.lots == []


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2027, 12, 31), 12, date(2028, 12, 31)),
        (date(2027, 1, 30), 1, date(2027, 2, 28)),
    ],
)
def test_months_end_where_the_month_ends(day, months, last):
    assert months_after(day, months) == last
