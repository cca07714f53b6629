import pytest

from members.ledger import audit
from tests.factories import MembershipFactory, ProgrammeFactory
from tests.members.ledger.purse import Purse


@pytest.fixture
def programme(shop):
    return ProgrammeFactory(shop=shop, rules__welcome=0)


@pytest.fixture
def purse(in_shop, programme):
    """An empty account. Whatever a test books on it must add up at its end."""
    yield Purse(MembershipFactory(shop=in_shop), programme)
    assert list(audit.disagreements()) == []
