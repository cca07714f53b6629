"""What the tests of the till share: how a form on its pages is sent."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django_scopes import scope

from loyalty import clock, keys
from stampcards.counter.models import LateAction
from tests.factories import StaffMemberFactory
from tests.stampcards.counter.saved import Device


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
def sheet(till):
    """sheet(card): what the till shows of it."""
    return lambda card: till.get(reverse("counter:card", args=[card.counter_code]))


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


@pytest.fixture
def device(till, counter, card):
    return Device(till, counter, card)


class Book:
    """What stands in the shop's books."""

    def __init__(self, member):
        self.member = member

    @property
    def balance(self):
        return self.member.accounts.get().balance

    @property
    def states(self):
        rows = LateAction.objects.order_by("device_seq")
        return list(rows.values_list("device_seq", "state"))


@pytest.fixture
def book(member, in_shop):
    return Book(member)
