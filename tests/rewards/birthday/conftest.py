from datetime import UTC, datetime

import pytest

from loyalty import clock
from rewards.birthday.models import BirthdayTreat
from rewards.birthday.operations import give_treats
from rewards.birthday.owning import keep_treat
from tests.factories import MembershipFactory, as_owner


@pytest.fixture(autouse=True)
def new_year():
    """Long before any birthday in these tests, so that cards are older than their treats."""
    with clock.at(datetime(2026, 1, 15, 11, tzinfo=UTC)):
        yield


@pytest.fixture
def treat(in_shop):
    """A bun, from 7 days before the birthday to 7 days after it."""
    keep_treat(
        BirthdayTreat(shop=in_shop, title="A bun", value_minor=1500), actor=as_owner(in_shop)
    )
    return BirthdayTreat.objects.select_related("shop").get()


@pytest.fixture
def born(in_shop, card):
    """A member with a birthday: born(12, 5)."""

    def make(day, month, **more):
        member = MembershipFactory(shop=in_shop, **more)
        return move_birthday(member, day, month)

    return make


@pytest.fixture
def maja(born, treat):
    return born(12, 5, name="Maja")


def move_birthday(member, day, month):
    member.birthday = (day, month)
    member.save(update_fields=["birth_day", "birth_month"])
    return member


def tick(year, month, day, hour=11):
    """The worker comes by, at an hour in UTC. How many treats it gave."""
    now = datetime(year, month, day, hour, tzinfo=UTC)
    with clock.at(now):
        return give_treats(now)
