"""Who proves the e-mail of a line gets its card."""

import pytest
from django.urls import reverse

from loyalty import clock, keys
from members.models import Membership
from members.opening import operations
from members.opening.claiming import claim
from members.opening.models import OpeningLine
from members.opening.room import forget
from members.paper.operations import move_back
from members.privacy.operations import leave
from members.privacy.told import everything_about
from tests.factories import PersonFactory
from tests.members.notices.conftest import proved_person
from tests.people import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def brought(bring):
    bring("Name,E-mail,Coffee card", "Maja,maja@example.no,5")
    return Membership.objects.select_related("shop").get()


@pytest.fixture
def maja(db):
    return proved_person("maja@example.no")


def test_it_works(brought, maja, shop):
    old = brought.counter_code, brought.private
    answer = browser_of(maja).get(reverse("join:found", args=[shop.slug]))

    brought.refresh_from_db()
    assert answer.url == reverse("card:card", args=[brought.private])
    assert (brought.person, brought.unclaimed) == (maja, False)
    assert brought.counter_code not in old
    assert brought.private not in old
    assert brought.accounts.get().balance == 5


def test_twice_is_once(brought, maja, shop):
    first = claim(shop, maja)

    assert claim(shop, maja) is None
    assert Membership.objects.get() == first


def test_the_e_mail_of_a_card_that_somebody_has_is_thrown_away(brought, maja, shop):
    operations.pass_time(clock.now())
    assert OpeningLine.objects.get().email == "maja@example.no"

    claim(shop, maja)
    operations.pass_time(clock.now())
    assert OpeningLine.objects.get().email == ""


def test_an_e_mail_nobody_proved_opens_nothing(brought, shop):
    assert claim(shop, PersonFactory(email="maja@example.no")) is None


def test_another_e_mail_opens_nothing(brought, shop):
    assert claim(shop, proved_person("kari@example.no")) is None


def test_a_card_that_was_deleted_is_nobodys(brought, maja, shop):
    leave(brought)

    assert claim(shop, maja) is None


def test_a_stranger_next_door_gives_nothing_away(brought, maja, next_door):
    assert claim(next_door, maja) is None


def test_it_stands_in_their_data_and_is_forgotten_with_the_card(brought, maja):
    assert "maja@…" in str(everything_about(brought, maja))

    OpeningLine.objects.filter(membership=brought).update(name="Maja")
    forget(None, brought, None)

    assert list(OpeningLine.objects.values_list("name", "email")) == [("", "")]


def test_moved_back_at_once_it_is_not_theirs_again_by_itself(brought, maja, shop, owner):
    move_back(membership=claim(shop, maja), key=keys.new(), actor=owner)

    answer = browser_of(maja).get(reverse("join:found", args=[shop.slug]))

    assert answer.status_code == 200
    assert claim(shop, maja) is None
