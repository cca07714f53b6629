"""Ingrid protects her shop with a passkey, and signs in with it: with it alone, and as second step.

Chromium has an authenticator of its own for this (WebDriver, "virtual authenticators").
"""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FINGERPRINT = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(new_context, settings):
    """A laptop with a fingerprint reader, and the rules of an installation."""
    settings.REQUIRE_SECOND_FACTOR = True
    context = new_context(viewport={"width": 320, "height": 700})
    page = context.new_page()
    laptop = context.new_cdp_session(page)
    laptop.send("WebAuthn.enable")
    laptop.send("WebAuthn.addVirtualAuthenticator", {"options": FINGERPRINT})
    return page


@pytest.fixture
def sign_in(page, live_server, mailoutbox):
    """sign_in(path): with a mailed code, on the way to a page."""

    def sign_in(path):
        page.goto(live_server.url + path)
        page.get_by_label("E-mail").fill("ingrid@kaffe.example")
        page.get_by_role("button", name="Send me a code").click()
        code = page.get_by_label("Code")
        expect(code).to_be_visible()
        code.fill(re.search(r"\b\d{6}\b", mailoutbox[-1].body)[0])
        page.get_by_role("button", name="Continue").click()

    return sign_in


def sign_out(page, live_server):
    page.goto(live_server.url + reverse("account_logout"))
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign out")).to_be_hidden()


def says(page, words):
    """The page has come, is well made, and fits a narrow phone."""
    expect(page.get_by_role("heading", level=1, name=words)).to_be_visible()
    assert not Axe().run(page).response["violations"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_it_works(page, sign_in, live_server, ingrid_person, shop):
    people = reverse("owner:people", args=[shop.slug])
    sign_in(people)
    says(page, "Protect your shop")

    page.get_by_role("link", name="Add a passkey").click()
    says(page, "Add a passkey")
    page.get_by_role("button", name="Add a passkey").click()
    says(page, "Recovery codes")
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them. Continue").click()
    says(page, "People")
    page.goto(live_server.url + reverse("account_devices"))
    says(page, "Sign-in and devices")

    # Another day: the passkey alone.
    sign_out(page, live_server)
    page.goto(live_server.url + people)
    page.get_by_role("button", name="Use a passkey").click()
    says(page, "People")

    # Out of habit, by mailed code: then it is the second step.
    sign_out(page, live_server)
    sign_in(people)
    says(page, "One more step")
    page.get_by_role("button", name="Use a passkey").click()
    says(page, "People")


def test_a_passkey_this_device_does_not_have(page, live_server):
    page.goto(live_server.url + reverse("account_login"))
    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_text("That did not work. Try again, or take a code")).to_be_visible()
