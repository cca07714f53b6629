"""Everybody stands where the log says; and what is planted is noticed."""

from datetime import timedelta

import pytest
from django.db import transaction
from django_scopes import scopes_disabled

from rewards.tiers.models import Standing, TierMove
from rewards.tiers.proving import disagreements
from tests.factories import ShopFactory
from tests.rewards.tiers.conftest import MAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def silver(maja, visit):
    visit(maja, 3)
    return maja


@pytest.fixture
def planted():
    """planted(act): what is found after it. It leaves no trace."""

    def planted(act):
        with transaction.atomic(), scopes_disabled():
            act()
            found = list(disagreements())
            transaction.set_rollback(True)
        return found

    return planted


def test_it_works(silver):
    assert list(disagreements()) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("since", MAY - timedelta(days=1)), ("held_until", None), ("held_until", MAY.date())],
)
def test_a_standing_that_was_changed_is_noticed(silver, planted, field, value):
    assert planted(lambda: Standing.objects.update(**{field: value}))


def test_another_level_is_noticed(silver, planted, ladder):
    assert planted(lambda: Standing.objects.update(tier=ladder.named["Gold"]))


def test_a_standing_that_is_gone_is_noticed(silver, planted):
    assert planted(lambda: Standing.objects.all().delete())


def test_one_without_a_move_is_noticed(silver, planted):
    undone = TierMove.objects.get().operation

    assert planted(lambda: TierMove.objects.update(undone_by=undone))


def test_one_of_another_shop_is_noticed(silver, planted):
    other = ShopFactory()

    assert planted(lambda: Standing.objects.update(shop=other))
