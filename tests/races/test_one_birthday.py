"""Two workers come by at the same moment: a member has one treat."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError

from loyalty import clock, keys
from members.ledger import posting
from members.models import Membership
from rewards.birthday import operations
from rewards.birthday.models import BirthdayGift, BirthdayTreat
from rewards.birthday.operations import give_treats
from rewards.birthday.owning import keep_treat
from rewards.models import Claim
from tests.factories import MembershipFactory, as_owner
from tests.support.together import together

pytestmark = pytest.mark.django_db(transaction=True)

ON_THE_DAY = datetime(2027, 5, 12, 11, tzinfo=UTC)


@pytest.fixture
def members(in_shop, card):
    keep_treat(BirthdayTreat(shop=in_shop, title="A bun"), actor=as_owner(in_shop))
    for _one in range(3):
        MembershipFactory(shop=in_shop)
    Membership.objects.update(birth_day=12, birth_month=5)


@pytest.fixture
def slow_look(slow):
    """A while passes between looking who had one and giving it."""
    slow(operations, "had", after=True)


@pytest.fixture
def both_look(meet):
    """Both have looked before either gives it."""
    meet(operations, "had", after=True)


@pytest.fixture
def other_keys(monkeypatch):
    """Each worker asks with a key of its own, as if the key did not come from card and year."""
    monkeypatch.setattr(operations.keys, "derived", lambda *things: keys.new())


def come_by():
    with clock.at(ON_THE_DAY):
        try:
            return give_treats(ON_THE_DAY)
        except posting.Busy:
            return come_by()
        except IntegrityError:
            return "stopped"


def test_two_workers_give_one(members, slow_look):
    together([come_by, come_by])

    assert Claim.objects.count() == BirthdayGift.objects.count() == 3


@pytest.mark.postgres_only
def test_with_other_keys_the_lock_decides(members, slow_look, other_keys):
    assert sum(together([come_by, come_by])) == 3
    assert Claim.objects.count() == 3


@pytest.mark.postgres_only
def test_without_the_lock_too_the_database_stops_it(members, both_look, other_keys, no_lock):
    assert "stopped" in together([come_by, come_by])
    assert Claim.objects.count() == BirthdayGift.objects.count() <= 3


@pytest.mark.postgres_only
def test_without_any_of_the_three_the_danger_is_real(
    members, both_look, other_keys, no_lock, outlawed
):
    outlawed(BirthdayGift, "one_birthday_treat_a_year")
    together([come_by, come_by])

    assert Claim.objects.count() > 3
