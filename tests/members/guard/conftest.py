"""A café in September with three people behind the counter, and a way to look at its days."""

import copy
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from loyalty import clock
from loyalty.models import StaffMember
from members.guard import flags
from members.guard.models import GuardSettings
from tests.factories import MembershipFactory, ProgrammeFactory, StaffMemberFactory, stamp

OSLO = ZoneInfo("Europe/Oslo")
WEDNESDAY = datetime(2026, 9, 16, 10, 0, tzinfo=OSLO)
A_WEEK = timedelta(days=7)


@pytest.fixture
def card(shop):
    """The programme, running since long before."""
    with clock.at(WEDNESDAY - timedelta(days=400)):
        return ProgrammeFactory(shop=shop, rules__most_per_purchase=20)


@pytest.fixture
def next_door_card(next_door):
    with clock.at(WEDNESDAY - timedelta(days=400)):
        return ProgrammeFactory(shop=next_door)


@pytest.fixture
def join(card):
    def joins(name="", **more):
        with clock.at(WEDNESDAY - timedelta(days=300)):
            return MembershipFactory(shop=card.shop, name=name, **more)

    return joins


@pytest.fixture
def maja(join):
    return join("Maja")


@pytest.fixture
def staff(shop) -> dict[str, StaffMember]:
    return {name: StaffMemberFactory(shop=shop, name=name) for name in ("Sara", "Jonas", "Per")}


@pytest.fixture
def sara(staff):
    return staff["Sara"]


@pytest.fixture
def come(counter):
    """come(member, moment): a stamp at the till by the door, by Ola if nobody else is named."""

    def comes(member, moment, count=1, *, by="Ola", at=None, **more):
        till = copy.copy(at or counter)
        if by != "Ola":
            till.staff = by
        with clock.at(moment):
            return stamp(member, count, counter=till, **more)

    return comes


@pytest.fixture
def look(shop):
    """look(): what stands out in the week up to Wednesday night, at these thresholds."""

    def looks(until=WEDNESDAY + timedelta(hours=13), since=None, **thresholds):
        settings = GuardSettings(shop=shop, **thresholds)
        return flags.of_shop(shop, since or until - A_WEEK, until, settings)

    return looks


def told(found):
    return [flag.what for flag in found]
