"""Staff see that something on a card runs out within a week."""

from datetime import date, timedelta

import pytest

from members.ledger.models import Lot
from members.notices.room import tags
from rewards.models import Claim
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db

LAST = date(2027, 3, 31)


@pytest.fixture
def maja(in_shop, card):
    return MembershipFactory(shop=in_shop)


def told(member, today):
    return list(tags(member, today))


@pytest.mark.parametrize(("days", "soon"), [(8, False), (7, True), (0, True), (-1, False)])
def test_it_works(maja, days, soon):
    Lot.objects.update(expires_on=LAST)

    assert told(maja, LAST - timedelta(days=days)) == (["Expires soon"] if soon else [])


def test_what_is_used_up_does_not_run_out(maja):
    Lot.objects.update(expires_on=LAST, remaining=0)

    assert told(maja, LAST) == []


def test_what_never_runs_out_is_not_told(maja):
    Lot.objects.update(expires_on=None)

    assert told(maja, LAST) == []


def test_a_reward_is_told_too(in_shop, card):
    full = MembershipFactory(shop=in_shop, stamps=9)
    Lot.objects.update(expires_on=None)
    Claim.objects.update(expires_on=LAST)

    assert told(full, LAST) == ["Expires soon"]


def test_a_card_next_door_is_another_card(maja, next_door_member):
    Lot.objects.with_scopes_disabled().filter(account__membership=next_door_member).update(
        expires_on=LAST
    )
    Lot.objects.filter(account__membership=maja).update(expires_on=None)

    assert told(maja, LAST) == []
