"""A café that looks at its members on a Wednesday in June, at noon in Oslo."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from loyalty import clock
from members.models import Membership
from members.segments import within
from tests.factories import MembershipFactory, ProgrammeFactory, stamp

OSLO = ZoneInfo("Europe/Oslo")
NOON = datetime(2026, 6, 17, 12, tzinfo=OSLO)


@pytest.fixture(autouse=True)
def wednesday(in_shop):
    with clock.at(NOON):
        yield


@pytest.fixture
def card(shop):
    """A card of nine, with nothing on it at first."""
    with clock.at(ago(500)):
        return ProgrammeFactory(shop=shop, rules__welcome=0)


@pytest.fixture
def join(card):
    """A member, who joined so many days ago."""

    def joined(days=400, **more):
        with clock.at(ago(days)):
            return MembershipFactory(shop=card.shop, **more)

    return joined


@pytest.fixture
def come(counter):
    """Their visits, each so many days ago."""

    def came(member, *days):
        for back in sorted(days, reverse=True):
            with clock.at(ago(back)):
                stamp(member, counter=counter)
        return member

    return came


def ago(days):
    return NOON - timedelta(days=days)


def group(key, now=NOON):
    return list(within(key, Membership.objects.all(), now).order_by("pk"))
