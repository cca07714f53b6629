"""Step 1: the shop's name and an e-mail (W11)."""

from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from loyalty.models import Person, Shop
from tests.setup.people import code_in
from tests.support.pages import html_of

pytestmark = pytest.mark.django_db

START, TRADE = "/start/", "/start/3/"
TYPED = {"name": "Kaffe & Kardemomme", "email": "hei@example.no", "country": "NO"}


def test_it_works(visitor, mailoutbox):
    answer = visitor.post(START, TYPED)
    assert answer.headers["Location"] == reverse("account_confirm_login_code")

    answer = visitor.post(answer.headers["Location"], {"code": code_in(mailoutbox)})

    assert answer.headers["Location"] == TRADE
    assert "Kaffe &amp; Kardemomme" in html_of(visitor.get(TRADE))


def test_looking_changes_nothing(visitor):
    page = html_of(visitor.get(START))

    assert "Make your stamp card" in page
    assert "Already here? Sign in" in page
    assert not Shop.objects.exists()
    assert not Person.objects.exists()


def test_what_was_typed_is_there_after_another_e_mail_is_wanted(visitor):
    visitor.post(START, TYPED)
    assert f'<a href="{START}">Use another e-mail</a>' in html_of(
        visitor.get("/accounts/login/code/confirm/")
    )

    page = html_of(visitor.get(START))

    assert 'value="Kaffe &amp; Kardemomme"' in page
    assert 'value="hei@example.no"' in page


def test_the_shop_name_outlives_three_wrong_codes(visitor, mailoutbox):
    visitor.post(START, TYPED)
    for _try in range(3):
        answer = visitor.post("/accounts/login/code/confirm/", {"code": "x"}, follow=True)

    assert answer.redirect_chain == [(START, HTTPStatus.FOUND)]
    assert "Too many tries." in html_of(answer)
    assert 'value="Kaffe &amp; Kardemomme"' in html_of(answer)


def test_a_name_of_300_letters_is_refused_in_words_and_kept(visitor, mailoutbox):
    answer = visitor.post(START, {**TYPED, "name": "x" * 300})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "That name is too long. Use 80 letters at most." in html_of(answer)
    assert "x" * 300 in html_of(answer)
    assert not mailoutbox


@pytest.mark.parametrize(
    ("field", "bad", "words"),
    [
        ("name", "", "Type the name of your shop."),
        ("name", "   ", "Type the name of your shop."),
        ("name", "a\x00b", "Null characters are not allowed."),
        ("email", "", "Type your e-mail."),
        ("email", "nope", "Check your e-mail. It looks like name@example.com."),
        ("country", "XX", "Select a valid choice."),
    ],
)
def test_each_slip_is_named_beside_its_field(visitor, mailoutbox, field, bad, words):
    answer = visitor.post(START, {**TYPED, field: bad})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "There is a problem" in html_of(answer)
    assert html_of(answer).count(words) == 2  # above, and beside the field
    assert not mailoutbox


@pytest.mark.parametrize(
    ("speaks", "country"),
    [
        ("nb-NO,nb;q=0.9,en;q=0.5", "NO"),
        ("nn", "NO"),
        ("da,en;q=0.5", "DK"),
        ("sv-SE", "SE"),
        ("en-IE", "IE"),
        ("en-GB", "GB"),
        ("en-NO", "NO"),
        ("", "GB"),
        ("xx, *;q=nonsense", "GB"),
    ],
)
def test_the_country_is_guessed_from_the_browser(speaks, country):
    page = html_of(Client(headers={"accept-language": speaks}).get(START))

    assert f'<option value="{country}" selected>' in page


def test_somebody_signed_in_types_no_e_mail(browser, mailoutbox):
    assert 'name="email"' not in html_of(browser.get(START))

    answer = browser.post(START, {"name": "Ny", "country": "NO"})

    assert answer.headers["Location"] == TRADE
    assert not mailoutbox


def test_an_unfinished_shop_is_offered_to_go_on_with(at_work):
    page = html_of(at_work.get(START))

    assert "You have begun: Ny Kaffe." in page
    assert 'href="/start/4/"' in page


def test_a_colour_nobody_saved_colours_the_preview_only(visitor):
    answer = visitor.get("/start/colour/7b3f2a.css")

    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert html_of(answer).startswith(".preview,")
    assert "max-age" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("bad", ["red", "7B3F2A", "7b3f2", "7b3f2a0", "zzzzzz"])
def test_what_is_no_colour_is_not_found(visitor, bad):
    assert visitor.get(f"/start/colour/{bad}.css").status_code == HTTPStatus.NOT_FOUND
