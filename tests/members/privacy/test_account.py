"""From "My clubs" somebody deletes all their cards, and their sign-in with them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django_scopes import scopes_disabled

from loyalty import clock
from loyalty.models import Person
from members.models import Membership
from members.privacy.operations import erase_due, leave
from tests.factories import MembershipFactory
from tests.members.privacy.conftest import in_days
from tests.people import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def kari(person, card, next_door_card):
    for programme in (card, next_door_card):
        MembershipFactory(shop=programme.shop, person=person)
    return person


@pytest.fixture
def her(kari):
    browser = browser_of(kari)
    Person.objects.filter(pk=kari.pk).update(last_login=clock.now())
    return browser


@pytest.fixture
def page():
    return reverse("delete_account")


def left():
    with scopes_disabled():
        return Membership.objects.exclude(leaving_since=None).count()


def test_it_works(her, kari, page):
    assert f'href="{page}"' in her.get(reverse("clubs")).content.decode()
    html = her.get(page).content.decode()
    assert "Kaffe &amp; Kardemomme" in html
    assert "Blomster &amp; Jord" in html

    answer = her.post(page, follow=True)

    assert left() == 2
    assert "Your cards are deleted." in answer.content.decode()
    assert her.get(reverse("clubs")).status_code == 302, "signed out"
    with in_days(14):
        assert erase_due(clock.now()) == 2
    assert not Person.objects.filter(email=kari.email).exists()


def test_one_of_them_leaves_the_sign_in_alone(her, kari):
    with scopes_disabled():
        one, other = Membership.objects.order_by("pk")
        leave(one)
    with in_days(14):
        erase_due(clock.now())

    kari.refresh_from_db()
    assert kari.email
    assert her.get(reverse("card:card", args=[other.private])).status_code == 200


def test_a_deleted_card_is_found_by_signing_in(her, kari):
    with scopes_disabled():
        one = Membership.objects.earliest("pk")
        leave(one)

    html = her.get(reverse("clubs")).content.decode()

    assert reverse("card:card", args=[one.private]) in html
    assert "You can bring it back until 15 March." in html


def test_a_sign_in_of_long_ago_is_asked_for_a_code_first(her, kari, page):
    long_ago = clock.now() - timedelta(minutes=6)
    Person.objects.filter(pk=kari.pk).update(last_login=long_ago)

    answer = her.post(page)

    assert answer.url == reverse("account_confirm_login_code")
    assert left() == 0


def test_without_any_card_the_sign_in_goes_at_once(person, page):
    browser = browser_of(person)
    Person.objects.filter(pk=person.pk).update(last_login=clock.now())

    browser.post(page)

    assert not Person.objects.filter(email=person.email).exists()


def test_who_works_in_a_shop_keeps_the_sign_in(ingrid_person, page):
    browser = browser_of(ingrid_person)
    Person.objects.filter(pk=ingrid_person.pk).update(last_login=clock.now())
    assert "You work in a shop here, so your sign-in stays." in browser.get(page).content.decode()

    browser.post(page)

    ingrid_person.refresh_from_db()
    assert ingrid_person.email == "ingrid@kaffe.example"


def test_nobody_deletes_for_somebody_else(her, stranger, page):
    stranger.post(page)

    assert left() == 0


def test_who_is_not_signed_in_is_asked_to(visitor, page):
    assert visitor.post(page).status_code == 302
    assert left() == 0
