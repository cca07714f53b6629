"""A device becomes a counter by one link, once; and stops being one."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django_scopes import scope

from loyalty import clock
from loyalty.access import COUNTER_COOKIE
from loyalty.models import Counter
from loyalty.operations import offer_pairing, revoke
from tests.factories import LocationFactory, as_owner
from tests.people import browser_of
from tests.support.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(shop):
    with scope(shop=shop):
        return offer_pairing(
            location=LocationFactory(shop=shop), name="Storgata 2", actor=as_owner(shop)
        )


@pytest.fixture
def link(offer):
    return reverse("counter:pair", args=[offer.once])


def stored(counter):
    with scope(shop=counter.shop):
        return Counter.objects.get(pk=counter.pk)


def test_it_works(visitor, link, offer, ola):
    response = visitor.post(link)
    cookie = visitor.cookies[COUNTER_COOKIE]

    assert response.url == "/c/"
    assert visitor.get("/c/").status_code == 200
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert cookie["max-age"] == 400 * 24 * 3600
    assert cookie.value not in stored(offer.counter).device_hash


def test_opening_the_link_shows_the_shop_and_changes_nothing(visitor, link, offer):
    page = visitor.get(link)

    assert "It becomes the counter Storgata 2 of Kaffe &amp; Kardemomme." in text_of(page)
    assert COUNTER_COOKIE not in visitor.cookies
    assert stored(offer.counter).device_hash is None


def test_a_used_link_says_what_to_do(visitor, link):
    visitor.post(link)
    second = browser_of()

    for response in (second.get(link), second.post(link)):
        assert response.status_code == 410
        assert "This pairing code has run out. Ask for a new one." in text_of(response)
    assert COUNTER_COOKIE not in second.cookies


def test_a_late_link_is_over(visitor, link):
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert visitor.post(link).status_code == 410


def test_a_made_up_link_is_over(visitor):
    assert visitor.get("/c/pair/abc/").status_code == 410


def test_a_counter_in_use_stays_one(till, counter):
    cookie = till.get("/c/").cookies[COUNTER_COOKIE]

    assert cookie.value == counter.device
    assert cookie["max-age"] == 400 * 24 * 3600


@pytest.mark.parametrize(
    "path", ["/c/", "/c/last/", "/c/new/", "/c/help/", "/c/staff/", "/c/leave/"]
)
def test_an_unknown_device_is_told_to_pair(visitor, path):
    visitor.cookies[COUNTER_COOKIE] = "made up"
    response = visitor.get(path)

    assert response.status_code == 401
    assert "This counter was signed out. Scan the pairing code again." in text_of(response)


def test_a_revoked_device_is_signed_out(till, counter):
    with scope(shop=counter.shop):
        revoke(counter, actor=as_owner(counter.shop))

    assert till.get("/c/").status_code == 401


def test_leaving_asks_first(till, counter):
    page = till.get("/c/leave/")

    assert "Leave this counter?" in text_of(page)
    assert stored(counter).revoked_at is None


def test_leaving_revokes_the_counter(till, counter):
    response = till.post("/c/leave/", follow=True)

    assert response.status_code == 401
    assert stored(counter).revoked_at is not None


def test_a_counter_that_nobody_chose_for_can_leave(till, counter):
    counter.staff = None
    with scope(shop=counter.shop):
        counter.save()

    assert till.post("/c/leave/").status_code == 302
