from datetime import UTC, datetime

import pytest
from django.urls import reverse

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from rewards.vip import operations
from rewards.vip.models import Opening
from tests.factories import DropFactory, MembershipFactory, OpeningFactory, VipFactory

TUESDAY = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)  # 10:00 in Oslo
THURSDAY = datetime(2027, 3, 4, 8, 0, tzinfo=UTC)  # 09:00: it opens to the picked ones
SATURDAY = datetime(2027, 3, 6, 8, 0, tzinfo=UTC)  # 09:00: to everyone
SUNDAY = datetime(2027, 3, 7, 16, 0, tzinfo=UTC)  # 17:00: to be collected until then


@pytest.fixture(autouse=True)
def on_tuesday(in_shop, card):
    with clock.at(TUESDAY):
        yield


@pytest.fixture
def at(shop):
    return lambda name, *more: reverse(f"owner:{name}", args=[shop.slug, *more])


@pytest.fixture
def vera(in_shop, card):
    """The one member the owner has picked."""
    member = MembershipFactory(shop=in_shop, name="Vera")
    VipFactory(membership=member)
    return member


@pytest.fixture
def maja(in_shop, card):
    return MembershipFactory(shop=in_shop, name="Maja")


@pytest.fixture
def typed():
    """Buns for the picked on Thursday and for everyone on Saturday, as a browser sends it."""

    def data(**more):
        nothing = (
            "text per_member first_top first_top_days second_to second_top second_top_days "
            "second_on second_at hold_hours place starts_on starts_at ends_on ends_at "
            "reply_on reply_at"
        )
        told = {
            "key": keys.new(),
            "kind": "product",
            "name": "Cinnamon buns",
            "price": "49 kr each",
            "quantity": "24",
            "one_each": "on",
            "first_to": "picked",
            "first_on": "2027-03-04",
            "first_at": "09:00",
            "general": "later",
            "everyone_on": "2027-03-06",
            "everyone_at": "09:00",
            "others": "teaser",
            "collect_on": "2027-03-07",
            "collect_at": "17:00",
        }
        return {**dict.fromkeys(nothing.split(), ""), **told, **more}

    return data


@pytest.fixture
def evening(typed):
    """A tasting on Saturday week, as a browser sends it."""

    def data(**more):
        told = {
            "kind": "event",
            "name": "Tasting",
            "place": "Storgata 1",
            "starts_on": "2027-03-13",
            "starts_at": "18:00",
            "ends_on": "2027-03-13",
            "ends_at": "20:00",
            "reply_on": "2027-03-12",
            "reply_at": "18:00",
        }
        return typed(**{**told, **more})

    return data


@pytest.fixture
def buns(in_shop):
    """24 of them, scheduled, as `typed` says."""
    drop = DropFactory(
        shop=in_shop, name="Cinnamon buns", collect_by=SUNDAY, over_at=SUNDAY, scheduled_at=TUESDAY
    )
    OpeningFactory(drop=drop, audience=Opening.Audience.PICKED, at=THURSDAY)
    OpeningFactory(drop=drop, at=SATURDAY)
    return drop


@pytest.fixture
def reserve(in_shop):
    """Somebody reserves one."""

    def reserved(drop, member):
        actor = Actor(in_shop, Channel.CARD)
        return operations.reserve(membership=member, drop=drop, key=keys.new(), actor=actor)

    return reserved
