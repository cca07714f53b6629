"""A card with points, what its shop does to it, and what it reads then."""

import pytest
from django.urls import reverse

from loyalty import keys
from members.ledger import audit
from members.ledger.models import Operation
from members.models import Programme
from tests.dashboard.members.reading import address
from tests.factories import (
    MembershipFactory,
    earn,
    stamp,
)
from tests.support.pages import words_of


@pytest.fixture(autouse=True)
def within(in_shop):
    yield
    assert list(audit.disagreements()) == []


@pytest.fixture
def maja(points):
    """Collects points, and nothing else."""
    return MembershipFactory(shop=points.shop, name="Maja")


@pytest.fixture
def read(ingrid):
    def read(card, by=ingrid):
        answer = by.get(address(card))
        assert answer.status_code == 200
        return words_of(answer)

    return read


@pytest.fixture
def take_back(ingrid):
    """Post the form; what is read next."""

    def take_back(operation, *, reason="refund", key=None, by=ingrid, card=None, follow=True):
        card = card or operation.membership
        path = reverse("owner:take_back", args=[card.shop.slug, card.pk, operation.pk])
        return by.post(path, {"key": key or keys.new(), "reason": reason}, follow=follow)

    return take_back


@pytest.fixture
def correct(ingrid):
    def correct(card, amount, *, programme=None, reason="goodwill", by=ingrid, follow=True):
        programme = programme or Programme.objects.get(kind="points")
        path = reverse("owner:correct_balance", args=[card.shop.slug, card.pk])
        asked = {"key": keys.new(), "amount": amount, "reason": reason, "programme": programme.pk}
        return by.post(path, asked, follow=follow)

    return correct


@pytest.fixture
def buy(counter):
    """A purchase that earns points; its operation."""

    def buy(card, kroner=100):
        key = keys.new()
        earn(card, kroner * 100, counter=counter, key=key)
        return Operation.objects.get(key=key)

    return buy


@pytest.fixture
def stamped(counter, card):
    def stamped(member, count=1):
        key = keys.new()
        stamp(member, count, counter=counter, key=key, programme=card)
        return Operation.objects.get(key=key)

    return stamped
