"""Whoever may not open a page asks the owner for it, from the page that says no."""

import pytest
from django.core.cache import cache

from loyalty.outbox.models import OutboxMessage
from loyalty.outbox.operations import drain
from tests.support.pages import page_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card", "ingrid_person")]


@pytest.fixture(autouse=True)
def nobody_asked_before():
    cache.clear()


@pytest.fixture
def ask(at):
    """ask(browser, page): what comes of pressing the button below a refusal of that page."""

    def ask(browser, page):
        return browser.post(at("ask_owner"), {"page": page}, follow=True)

    return ask


def notes():
    return OutboxMessage.objects.filter(template="owner/mail/asked")


def test_it_works(manager, ask, at, mailoutbox):
    refusal = manager.get(at("settings"))

    assert refusal.status_code == 403
    assert "Send Ingrid a note" in text_of(refusal)
    assert "Sent. They get an e-mail" in page_of(ask(manager, at("settings")))
    drain.func()
    [mail] = mailoutbox
    assert mail.to == ["ingrid@kaffe.example"]
    assert at("settings") in mail.body


def test_an_owner_needs_nobody(ingrid, ask, at):
    answer = ask(ingrid, at("settings"))

    assert answer.redirect_chain == [(at("settings"), 302)]
    assert not notes().exists()


@pytest.mark.parametrize(
    "page", ["", "https://x.example/", "//x.example/", "/accounts/login/", "/o/nextdoor/settings/"]
)
def test_no_note_leads_elsewhere(manager, ask, next_door, page):
    next_door.slug = "nextdoor"
    next_door.save()

    assert ask(manager, page).status_code == 404
    assert not notes().exists()


def test_a_sixth_note_within_an_hour_waits(manager, ask, at):
    for _ in range(5):
        ask(manager, at("settings"))

    assert "Five notes within an hour" in page_of(ask(manager, at("settings")))
    assert notes().count() == 5


def test_a_stranger_asks_nobody(stranger, ask, at):
    assert ask(stranger, at("settings")).status_code == 404
    assert not notes().exists()


def test_a_till_is_told_whom_to_ask_and_sends_nothing(till, at):
    refusal = till.get(at("settings"))

    assert "Ask Ingrid." in text_of(refusal)
    assert "Send Ingrid a note" not in text_of(refusal)
