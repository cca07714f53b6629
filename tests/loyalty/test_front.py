"""The pages anybody may read."""

from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import ShopFactory
from tests.support.pages import html_of

pytestmark = pytest.mark.django_db

PAGES = ["front", "front_nb", "front_da", "privacy", "help", "accessibility"]


def test_it_works(visitor):
    page = html_of(visitor.get("/"))

    assert "Start free" in page
    assert 'class="scard"' in page  # a real card
    assert f'href="{reverse("start:begin")}"' in page
    assert f'href="{reverse("account_login")}"' in page


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_there_for_everybody(visitor, stranger, till, name):
    for browser in (visitor, stranger, till):
        assert browser.get(reverse(name)).status_code == HTTPStatus.OK


@pytest.mark.parametrize("name", PAGES)
def test_no_page_takes_a_post(visitor, name):
    assert visitor.post(reverse(name)).status_code == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize(("address", "language"), [("/nb/", "nb"), ("/da/", "da")])
def test_an_address_names_its_language(visitor, address, language):
    answer = visitor.get(address)

    assert f'<html lang="{language}"' in html_of(answer)
    assert answer.headers["Content-Language"] == language


def test_the_first_page_speaks_the_readers_language():
    page = Client(headers={"accept-language": "da"}).get("/")

    assert '<html lang="da"' in html_of(page)


def test_another_language_can_be_chosen_on_a_page_that_names_one(visitor):
    assert '<input type="hidden" name="next" value="/">' in html_of(visitor.get("/nb/"))


def test_somebody_signed_in_is_led_to_their_shops(ingrid):
    page = html_of(ingrid.get("/"))

    assert f'href="{reverse("owner:shops")}"' in page
    assert "Sign in</a>" not in page


def test_the_demo_says_where_codes_appear_and_shows_its_shops(visitor, shop, settings):
    ShopFactory(name="Unfinished", live_since=None)
    assert "terminal" not in html_of(visitor.get("/"))
    assert "Try an example shop" not in html_of(visitor.get("/"))

    settings.DEMO = True
    page = html_of(visitor.get("/"))

    assert "sign-in codes appear in the terminal" in page
    assert reverse("join:join", args=[shop.slug]) in page
    assert "Unfinished" not in page


def test_no_page_promises_what_is_left_out(visitor):
    for name in PAGES:
        page = html_of(visitor.get(reverse(name))).lower()
        for word in ("newsletter", "leaderboard", "badges", "per month", "pricing"):
            assert word not in page


@pytest.mark.parametrize("name", PAGES)
def test_no_page_needs_an_inline_style_or_script(visitor, name):
    answer = visitor.get(reverse(name))

    assert "style=" not in html_of(answer)
    assert "<script>" not in html_of(answer)
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_the_public_pages_ask_the_database_next_to_nothing(visitor, django_assert_max_num_queries):
    with django_assert_max_num_queries(0):
        visitor.get("/")
