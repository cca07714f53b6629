"""A new phone: an e-mail, a code, and the card is back."""

import re

import pytest
from django.urls import reverse

from loyalty.outbox.models import OutboxMessage
from members import access
from tests.factories import MembershipFactory, PersonFactory
from tests.people import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def have_card_page(card):
    return reverse("join:have_card", args=[card.shop.slug])


@pytest.fixture
def found(card):
    return reverse("join:found", args=[card.shop.slug])


@pytest.fixture
def maja(card):
    person = PersonFactory(email="maja@example.no")
    return MembershipFactory(shop=card.shop, person=person)


@pytest.fixture
def code_of(mailoutbox):
    """The code of the newest mail."""
    return lambda: re.search(r"\b\d{6}\b", mailoutbox[-1].body)[0]


def test_it_works(have_card_page, maja, code_of, visitor):
    visitor.post(have_card_page, {"email": " Maja@Example.no "})
    confirm = reverse("account_confirm_login_code")

    answer = visitor.post(confirm, {"code": code_of()}, follow=True)

    assert answer.redirect_chain[-1][0] == reverse("card:card", args=[maja.private])
    assert maja.private in visitor.cookies[access.CARDS_COOKIE].value


def test_known_and_unknown_addresses_get_the_same_answer(have_card_page, maja, card):
    known = browser_of().post(have_card_page, {"email": "maja@example.no"})
    unknown = browser_of().post(have_card_page, {"email": "nobody@example.no"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


@pytest.mark.parametrize("typed", ["", "maja", "maja@", "x" * 300 + "@example.no", "🍰"])
def test_a_bad_e_mail_is_told_beside_its_field_and_kept(have_card_page, visitor, typed):
    answer = visitor.post(have_card_page, {"email": typed})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_email_error"' in html
    assert f'value="{typed}"' in html or not typed
    assert not OutboxMessage.objects.exists()


def test_whoever_has_no_card_here_is_offered_one(found, card):
    answer = browser_of(PersonFactory(email="nobody@example.no")).get(found)

    assert answer.status_code == 200
    assert b"No card with that e-mail here" in answer.content
    assert reverse("join:join", args=[card.shop.slug]) in answer.content.decode()


def test_a_card_next_door_is_not_found_here(found, next_door_card):
    person = PersonFactory()
    MembershipFactory(shop=next_door_card.shop, person=person)

    assert b"No card with that e-mail here" in browser_of(person).get(found).content


def test_nobody_in_particular_is_asked_for_an_e_mail(found, have_card_page, visitor):
    assert visitor.get(found).url == have_card_page


def test_a_post_from_another_site_is_refused(have_card_page, visitor):
    elsewhere = {"origin": "https://evil.example"}

    answer = visitor.post(have_card_page, {"email": "maja@example.no"}, headers=elsewhere)

    assert answer.status_code == 403
    assert not OutboxMessage.objects.exists()
