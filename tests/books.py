"""What the books say of a card, and a Monday at whose end they add up."""

from datetime import UTC, datetime

import pytest
from django_scopes import scope

from loyalty import clock
from members.ledger import audit
from members.ledger.models import Account, Operation

MONDAY = datetime(2027, 3, 1, 11, tzinfo=UTC)  # noon in Oslo


@pytest.fixture
def monday(in_shop):
    """It is noon on a Monday, and what was booked adds up afterwards."""
    with clock.at(MONDAY):
        yield
        assert list(audit.disagreements()) == []


def account(card, kind="points"):
    with scope(shop=card.shop):
        return Account.objects.get(membership=card, programme__kind=kind)


def balance(card, kind="points"):
    return account(card, kind).balance


def purse(card, kind="points"):
    """What is there, and what is owed."""
    held = account(card, kind)
    return held.balance, held.shortfall


def lots(card):
    """The points that are left, and until when, in the order of earning."""
    with scope(shop=card.shop):
        left = account(card).lots.left().order_by("pk")
        return list(left.values_list("remaining", "expires_on"))


def latest(kind):
    """The operation of this kind that was done last."""
    return Operation.objects.filter(kind=kind).latest("pk")
