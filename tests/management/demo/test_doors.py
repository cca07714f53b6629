"""The links the terminal prints open what they say, and nothing else."""

from datetime import timedelta

import pytest
from django.core.signing import TimestampSigner
from django.test import Client
from django.urls import include, path
from django_scopes import scope, scopes_disabled

from loyalty import clock
from loyalty.management.demo import links, seed, shops, signin
from loyalty.models import Counter, Role, Shop
from loyalty.operations import pair
from loyalty.urls import urlpatterns as house

# The house as it stands when DEMO is on.
urlpatterns = [*house, path("demo/", include("loyalty.management.demo.signin"))]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]


@pytest.fixture
def cafe():
    seed.seed(clock.now(), members=3)
    return Shop.objects.get(slug=shops.CAFE.slug)


@pytest.fixture
def role(cafe):
    return Role.objects.get(shop=cafe, level=Role.Level.OWNER)


def test_it_works(cafe):
    lines = list(links.doors("http://127.0.0.1:8000"))

    assert lines[0] == "Kaffe & Kardemomme, café in Oslo"
    assert [line.split()[0] for line in lines[1:4]] == ["Owner", "Counter", "Card"]
    assert lines[3].endswith("  Maja, 7 of 9 and a reward")
    assert len(lines) == 15


def test_the_owners_link_signs_in_and_opens_the_week(role):
    browser = Client()
    answer = browser.get(links.owner_door(role.shop))

    assert (answer.status_code, answer.url) == (302, "/o/kaffe-kardemomme/")
    assert browser.session["_auth_user_id"] == str(role.person_id)


def test_a_forged_link_is_a_404_and_signs_nobody_in(role):
    forged = TimestampSigner(salt="another").sign(role.pk)
    browser = Client()

    assert browser.get(f"/demo/{forged}/").status_code == 404
    assert "_auth_user_id" not in browser.session


def test_a_link_is_good_for_a_day(role, time_machine):
    link = links.owner_door(role.shop)
    time_machine.move_to(clock.now() + signin.LIFE + timedelta(minutes=1))

    assert Client().get(link).status_code == 404


def test_the_counters_link_pairs_one_browser_and_the_next_start_offers_another(cafe):
    with scope(shop=cafe):
        first = links.counter_door(cafe).strip("/").split("/")[-1]
        counter, _device = pair(first)
        second = links.counter_door(cafe).strip("/").split("/")[-1]

    assert second != first
    with scopes_disabled():
        assert Counter.objects.get(pk=counter.pk).device_hash, "a paired browser stays so"
    assert pair(second)[0] == counter


def test_a_shop_whose_card_was_renamed_still_shows_one(cafe):
    with scope(shop=cafe):
        cafe.memberships.update(name="")

        assert links.shown_card(cafe, shops.CAFE) is not None
