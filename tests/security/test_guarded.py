"""What comes with a request and is believed, and what is not."""

import logging
from functools import partial

import pytest
from allauth.account.adapter import get_adapter
from django.core import signing
from django.core.mail import EmailMessage
from django.test import RequestFactory
from django.urls import reverse

from tests.loyalty.security.conftest import CODE, LOGIN
from tests.people import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SPOOFED = "198.51.100.7, 203.0.113.5"
SEEN = "203.0.113.5"  # what the proxy in front of us adds, or puts in the place of the rest


@pytest.fixture
def address(settings):
    def address(proxies, forwarded):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
        headers = {"x-forwarded-for": forwarded} if forwarded else {}
        return get_adapter().get_client_ip(RequestFactory().get("/", headers=headers))

    return address


@pytest.mark.parametrize("proxies", [0, 1])
def test_the_address_counted_is_the_one_the_own_proxy_saw(address, proxies):
    assert address(proxies, SPOOFED) == (SEEN if proxies else "127.0.0.1")


def test_a_wrong_count_of_proxies_would_be_noticed(address):
    """The control: one too many, and a visitor chooses what is counted."""
    assert address(2, SPOOFED) == "198.51.100.7"


def test_however_many_addresses_are_claimed_one_is_counted(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = {"request_login_code": "3/m/ip"}

    went_on = [ask(f"198.51.100.{n}, {SEEN}", f"m{n}@example.no").url == CODE for n in range(6)]

    assert went_on == [True] * 3 + [False] * 3


def ask(forwarded, email):
    return browser_of().post(LOGIN, {"email": email}, headers={"x-forwarded-for": forwarded})


@pytest.mark.parametrize(
    "typed", ["a@b.no\r\nBcc: all@evil.example", "a@b.no\nX: y", "a@b.no,c@d.no"]
)
def test_no_address_and_no_name_begins_a_header_of_a_mail(visitor, mailoutbox, typed):
    assert visitor.post(LOGIN, {"email": typed}).status_code == 422
    assert not mailoutbox
    with pytest.raises(ValueError, match="newline"):
        EmailMessage(subject="Hello\nBcc: all@evil.example", to=["a@b.no"]).message()


@pytest.mark.parametrize("number", ["9" * 30, "-1", "1e9", "0x10", "１", "NaN"])
def test_numbers_beyond_the_database_are_refused(ingrid, shop, card, number):
    page = reverse("owner:card", args=[shop.slug, card.pk])

    assert ingrid.post(page, {"size": number, "minimum": number}).status_code == 422


def test_a_field_sent_twice_is_read_once(visitor, mailoutbox):
    visitor.post(f"{LOGIN}?email=query@example.no", {"email": ["a@example.no", "b@example.no"]})

    [mail] = mailoutbox
    assert mail.to == ["b@example.no"]


def test_an_error_nobody_expected_is_in_the_log(settings, caplog):
    settings.ROOT_URLCONF = "tests.security.urls"
    client = browser_of(raise_request_exception=False)

    with caplog.at_level(logging.ERROR, "django.request"):
        assert client.get("/broken/").status_code == 500

    assert "RuntimeError" in caplog.text


def test_a_link_signed_with_the_old_secret_still_opens(settings):
    read = partial(signing.loads, salt="x")
    signed = signing.dumps("a link", salt="x")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "n" * 60

    assert read(signed) == "a link"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(signing.BadSignature):
        read(signed)
