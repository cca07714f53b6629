import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.urls import reverse

from tests.people import browser_of

LOGIN, CODE = "/accounts/login/", "/accounts/login/code/confirm/"


class App:
    """An authenticator app that was set up for somebody."""

    def __init__(self, person):
        self.secret = generate_totp_secret()
        self.person = person
        TOTP.activate(person, self.secret)

    def code(self, step=1):
        """What it shows now; steps 0 and 2 are of clocks half a minute off."""
        return code_of(self.secret, step)

    def recovery_codes(self):
        return RecoveryCodes.activate(self.person).get_unused_codes()


def code_of(secret, step=1):
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[step]))


@pytest.fixture
def at(shop):
    """at("people", …): the address of an owner's page of this shop."""
    return lambda name, *more: reverse(f"owner:{name}", args=[shop.slug, *more])


@pytest.fixture
def required(settings):
    """As on an installation."""
    settings.REQUIRE_SECOND_FACTOR = True


@pytest.fixture
def app(ingrid_person):
    """Ingrid's app."""
    return App(ingrid_person)


@pytest.fixture
def code(mailoutbox):
    """The code of the newest mail."""
    return lambda: re.search(r"\b\d{6}\b", mailoutbox[-1].body)[0]


@pytest.fixture
def sign_in(code):
    """sign_in(person): a new browser that was sent a code, and the answer to typing it."""

    def sign_in(person, then="/o/"):
        browser = browser_of()
        browser.post(f"{LOGIN}?next={then}", {"email": person.email})
        return browser, browser.post(CODE, {"code": code()})

    return sign_in


@pytest.fixture
def passkey():
    """passkey(person): one that was made, as the database keeps it."""

    def passkey(person, name="Safari on iPhone"):
        return Authenticator.objects.create(
            user=person, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": {}}
        )

    return passkey


@pytest.fixture
def sessions():
    return lambda person: list(UserSession.objects.filter(user=person))
