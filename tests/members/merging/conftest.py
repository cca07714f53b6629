"""What the tests of merging share: cards become one, and two again, at noon on a Monday."""

from datetime import timedelta

import pytest

from loyalty import keys
from members.ledger import audit
from members.ledger.models import Operation
from members.merging import merge
from members.operations import undo
from tests.factories import MembershipFactory

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def monday(card, monday):
    """Every test of merging is on a Monday, with a card from before."""


@pytest.fixture
def become(till_actor):
    """Make one card of two at the till, and return the operation."""

    def become(gone, kept, *, actor=till_actor):
        key = keys.new()
        merge(kept=kept, gone=gone, key=key, actor=actor)
        assert list(audit.disagreements()) == []
        return Operation.objects.select_related("membership").get(key=key)

    return become


@pytest.fixture
def take_back(till_actor):
    def take_back(undone, *, key=None, actor=till_actor):
        undone = Operation.objects.select_related("membership").get(pk=undone.pk)
        return undo(membership=undone.membership, undone=undone, key=key or keys.new(), actor=actor)

    return take_back


@pytest.fixture
def cards(in_shop):
    """Four stamps and three, the welcome among both."""
    return [MembershipFactory(shop=in_shop, stamps=n) for n in (4, 3)]
