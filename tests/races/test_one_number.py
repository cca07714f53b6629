"""One phone number, told to two tills at the same moment, makes one card."""

import pytest

from loyalty import keys
from loyalty.actors import Actor
from members.joining import operations
from members.joining.operations import Contact, enrol
from members.models import Membership
from tests.factories import CounterFactory
from tests.races.outcomes import outcome
from tests.support.together import together

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = "+4740612345"


@pytest.fixture
def tills(in_shop, card, ola):
    return [CounterFactory(shop=in_shop, staff=ola) for _till in "ab"]


@pytest.fixture
def slow_look(slow):
    """A while passes between looking for the number and making a card for it."""
    slow(operations, "_cards_with", after=True)


def enrolling(phone, tills):
    """Each till asks once, with a key of its own."""
    wish = {"contact": Contact(phone=phone)}
    return [outcome(enrol, **wish, key=keys.new(), actor=Actor.of_counter(till)) for till in tills]


def test_two_tills_make_one_card(tills, slow_look):
    outcomes = together(enrolling(PHONE, tills))

    assert outcomes == ["done", "done"]
    assert Membership.objects.get().phone == PHONE


@pytest.mark.postgres_only
def test_without_the_lock_they_make_two(tills, slow_look, monkeypatch):
    monkeypatch.setattr(operations, "_one_at_a_time", lambda shop: None)
    together(enrolling(PHONE, tills))

    assert Membership.objects.filter(phone=PHONE).count() == 2
