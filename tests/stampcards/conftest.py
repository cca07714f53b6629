"""What the tests of a stamp share: one for Maja, many at once, and what was booked last."""

from functools import partial

import pytest

from loyalty.actors import Actor
from members.ledger.models import LedgerEntry
from stampcards.operations import add_stamps
from tests.factories import MembershipFactory, ProgrammeFactory


@pytest.fixture
def give(in_shop, member, card, counter):
    return partial(
        add_stamps,
        membership=member,
        programme=card,
        count=1,
        actor=Actor.of_counter(counter),
    )


@pytest.fixture
def latest():
    """The entry that was booked last."""
    return lambda: LedgerEntry.objects.select_related("account__shop", "visit__location").latest(
        "pk"
    )


@pytest.fixture
def eight(in_shop, counter):
    """A card of eight without a head start, that takes any number at once."""
    programme = ProgrammeFactory(
        shop=in_shop, rules__need=8, rules__welcome=0, rules__most_per_purchase=40
    )
    return partial(
        add_stamps,
        membership=MembershipFactory(shop=in_shop),
        programme=programme,
        again=True,
        reason="group",
        actor=Actor.of_counter(counter),
    )
