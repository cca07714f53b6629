"""What a card owes after a correction moves with it, and comes back."""

import pytest

from members.ledger.refusals import AlreadySpent
from tests.factories import (
    MembershipFactory,
    ProgrammeFactory,
)
from tests.members.ledger.purse import Purse
from tests.members.merging.whole import everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def purses(in_shop, card):
    """Two cards without a welcome."""
    programme = ProgrammeFactory(shop=in_shop, rules__welcome=0)
    return [Purse(MembershipFactory(shop=in_shop), programme) for _card in "ab"]


def owe(purse, amount):
    earned = purse.earn(amount)
    purse.spend(amount)
    purse.reverse(earned, owe=True)


def test_what_is_owed_moves_and_comes_back(purses, become, take_back):
    gone, kept = purses
    owe(gone, 3)
    owe(kept, 1)
    merged = become(gone.membership, kept.membership)
    assert (gone.account.shortfall, kept.account.shortfall) == (0, 4)
    take_back(merged)

    assert (gone.account.shortfall, kept.account.shortfall) == (3, 1)


def test_what_arrives_pays_what_is_owed(purses, become, take_back):
    gone, kept = purses
    gone.earn(5)
    owe(kept, 2)
    before = everything(gone.membership, kept.membership)
    merged = become(gone.membership, kept.membership)
    assert (kept.balance, kept.account.shortfall) == (3, 0)
    take_back(merged)

    assert everything(gone.membership, kept.membership) == before


def test_a_debt_that_was_paid_since_is_used(purses, become, take_back):
    gone, kept = purses
    owe(gone, 3)
    merged = become(gone.membership, kept.membership)
    kept.earn(2)

    with pytest.raises(AlreadySpent):
        take_back(merged)


def test_a_debt_that_moves_is_paid_by_what_is_there(purses, become, take_back):
    """Whoever owes something has nothing to spend, on one card as on two."""
    gone, kept = purses
    owe(gone, 3)
    kept.earn(5)
    before = everything(gone.membership, kept.membership)
    merged = become(gone.membership, kept.membership)
    assert (kept.balance, kept.account.shortfall) == (2, 0)
    take_back(merged)

    assert everything(gone.membership, kept.membership) == before


def test_parted_what_came_since_pays_what_is_owed_again(purses, become, take_back):
    gone, kept = purses
    gone.earn(3)
    owe(kept, 5)
    merged = become(gone.membership, kept.membership)
    kept.earn(4)
    assert (kept.balance, kept.account.shortfall) == (2, 0)
    take_back(merged)

    assert (gone.balance, kept.balance, kept.account.shortfall) == (3, 0, 1)
