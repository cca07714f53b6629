"""What moves from one card to another keeps its dates."""

from datetime import date

import pytest

from members.ledger import accounts, posting
from tests.factories import MembershipFactory
from tests.members.ledger.purse import Purse

pytestmark = pytest.mark.django_db

JUNE = date(2037, 6, 30)


@pytest.fixture
def other(purse, programme, in_shop):
    return Purse(MembershipFactory(shop=in_shop), programme)


def move(purse, other):
    def step(op, account):
        into = accounts.find(op, other.membership, other.programme)
        posting.transfer(op, out_of=account, into=into)

    purse.do(step)


def test_it_works(purse, other):
    purse.earn(2, until=JUNE)
    purse.earn(3)
    other.earn(1)
    move(purse, other)

    assert (purse.balance, purse.lots) == (0, [])
    assert (other.balance, other.lots) == (6, [(1, None), (2, JUNE), (3, None)])


def test_moving_is_no_earning(purse, other):
    purse.earn(5)
    move(purse, other)

    assert purse.account.lifetime == 5
    assert other.account.lifetime == 0


def test_what_was_eaten_stays_eaten(purse, other):
    purse.earn(5, until=JUNE)
    purse.spend(2)
    move(purse, other)

    assert other.lots == [(3, JUNE)]


def test_an_empty_card_moves_nothing(purse, other):
    move(purse, other)

    assert purse.entries == other.entries == []
