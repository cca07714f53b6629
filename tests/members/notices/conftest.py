"""What the tests of notices share: Maja's card, saved with a proved e-mail, and its purse."""

from datetime import date, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress

from loyalty import clock
from members.messages.operations import Purpose
from members.messages.wishes import start_mail
from members.models import Consent
from members.notices.operations import tell_in_time
from tests.factories import MembershipFactory, PersonFactory, ProgrammeFactory
from tests.members.ledger.purse import Purse

LAST = date(2027, 11, 30)  # the last good day of what runs out


def proved_person(email):
    person = PersonFactory(email=email)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def told_card(shop, email, **more):
    """A card whose owner has a proved e-mail and wants to be told."""
    card = MembershipFactory(
        shop=shop, person=proved_person(email), language=more.pop("language", "en-gb"), **more
    )
    start_mail(card, Purpose.SERVICE, way=Consent.Way.CARD)
    return card


@pytest.fixture
def programme(shop):
    return ProgrammeFactory(shop=shop, rules__welcome=0)


@pytest.fixture
def maja(in_shop, programme):
    return told_card(in_shop, "maja@example.no", name="Maja")


@pytest.fixture
def purse(maja, programme):
    return Purse(maja, programme)


def before(days, *, hour=12, last=LAST, zone):
    """So many days before the last good day, at an hour in the shop."""
    day = last - timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, tzinfo=zone)


@pytest.fixture
def tick(in_shop):
    """Let the job come so many days before 30 November; returns how many mails went out."""

    def tick(days, **how):
        now = before(days, zone=in_shop.zone, **how)
        with clock.at(now):
            return tell_in_time(now)

    return tick
