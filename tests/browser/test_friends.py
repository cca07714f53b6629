"""Maja shares with a friend: the phone's own sheet, or the clipboard; nothing for axe to find."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from rewards.friends.owning import keep_scheme, proposal
from tests.factories import as_owner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

A_PHONE = "window.shared = []; navigator.share = async (what) => { shared.push(what.text); };"
NO_SHEET = """
delete Navigator.prototype.share;
window.copied = [];
const writeText = async (text) => { copied.push(text); };
Object.defineProperty(navigator, "clipboard", { value: { writeText } });
"""


@pytest.fixture
def on(in_shop, member):
    keep_scheme(proposal(in_shop), actor=as_owner(in_shop))
    return member


def share_page(new_context, live_server, card, script):
    context = new_context(locale="en-GB", viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.add_init_script(script)
    page.goto(live_server.url + reverse("friends:share", args=[card.private]))
    return page


def test_the_phone_s_own_sheet(new_context, live_server, on):
    page = share_page(new_context, live_server, on, A_PHONE)
    page.get_by_label("Your message").fill("Come and have a bun with me")
    page.get_by_role("button", name="Share").click()

    assert page.evaluate("shared") == ["Come and have a bun with me"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert not Axe().run(page).violations_count


def test_without_a_sheet_it_is_copied(new_context, live_server, on):
    page = share_page(new_context, live_server, on, NO_SHEET)
    expect(page.get_by_role("button", name="Share")).to_be_hidden()
    page.get_by_role("button", name="Copy").click()

    expect(page.get_by_text("Copied.")).to_be_visible()
    assert on.friend_code in page.evaluate("copied")[0]


def test_a_friend_opens_the_invitation(new_context, live_server, on):
    page = new_context(locale="en-GB").new_page()
    page.goto(f"{live_server.url}/R/{on.friend_code}")
    expect(page.get_by_text("Maja sent you this. You both get a stamp")).to_be_visible()
    page.get_by_role("button", name="Get my card").click()

    expect(page.get_by_role("heading", name="Your card", exact=True)).to_be_attached()
    assert on.brought.get().state == "joined"
