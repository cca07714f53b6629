"""What the tests of messages share: Maja's card with a proved e-mail, and noon in Oslo."""

from datetime import UTC, datetime

import pytest

from loyalty import clock
from members.messages import operations
from members.messages.operations import Purpose
from members.messages.wishes import start_mail
from members.models import Consent
from tests.factories import MembershipFactory
from tests.members.notices.conftest import proved_person

NOON = datetime(2027, 3, 1, 11, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    with clock.at(NOON):
        yield NOON


@pytest.fixture
def maja(in_shop, card):
    """A saved card whose owner has chosen no mail at all."""
    person = proved_person("maja@example.no")
    return MembershipFactory(shop=in_shop, name="Maja", person=person, language="en-gb")


@pytest.fixture
def later(settings):
    """The worker comes only when a test calls it."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


def wants(card, *purposes):
    for purpose in purposes:
        start_mail(card, purpose, way=Consent.Way.CARD)


def tell(card, once="reward", *, purpose=Purpose.SERVICE, at=None, until=None, **values):
    """A message such as a room upstairs writes."""
    return operations.tell(
        card,
        template="rewards/mail/ready",
        values={"title": "Cinnamon bun", "expires_on": "2027-03-30", **values},
        purpose=purpose,
        once=once,
        at=at or clock.now(),
        until=until,
    )
