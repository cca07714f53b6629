"""What the tests of the till share: how a page is read, and how a form on it is sent."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django_scopes import scope

from loyalty import clock, keys
from tests.factories import StaffMemberFactory

TAG = re.compile(r"<[^>]+>")
SPACE = re.compile(r"\s+")


def text_of(response):
    """What a reader sees of the page's main part."""
    page = response.content.decode()
    _before, found, main = page.partition("<main")
    return SPACE.sub(" ", TAG.sub(" ", "<" + main if found else page)).strip()


@pytest.fixture
def later():
    """Two hours from now, when nobody's last stamp is recent."""
    with clock.at(clock.now() + timedelta(hours=2)):
        yield


def put_on_the_till(counter):
    """Somebody stands at that counter."""
    counter.staff = StaffMemberFactory(shop=counter.shop)
    with scope(shop=counter.shop):
        counter.save(update_fields=["staff"])


@pytest.fixture
def give(till, member, card):
    """give(): one stamp for Maja at the till, as the sheet's form sends it."""

    def post(client=till, membership=member, programme=card, **more):
        asked = {"key": keys.new(), "programme": programme.pk, "count": 1, **more}
        return client.post(reverse("counter:stamp", args=[membership.counter_code]), asked)

    return post


@pytest.fixture
def hand(till, member):
    """hand(claim): that reward for Maja."""

    def post(claim, client=till, membership=member, **more):
        asked = {"key": keys.new(), "claim": claim.pk, **more}
        return client.post(reverse("counter:reward", args=[membership.counter_code]), asked)

    return post


@pytest.fixture
def undo(till):
    """undo(key): take back what was done under a key."""

    def post(undone, client=till, **more):
        asked = {"key": keys.new(), **more}
        return client.post(reverse("counter:undo", args=[undone]), asked)

    return post


@pytest.fixture
def find(till):
    """find(text): what was typed or scanned, followed to the page it leads to."""

    def post(text, client=till, **more):
        return client.post(reverse("counter:home"), {"code": text, **more}, follow=True)

    return post
