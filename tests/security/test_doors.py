"""No address takes a form from another site, or leads to one (pitfalls 22 to 25)."""

import copy
import logging

import pytest
from django.db import transaction
from django.utils.http import urlencode

from loyalty.models import Trade
from members import access
from tests.people import browser_of, till_of
from tests.security.answers import stays_here
from tests.security.test_headers import READERS, own_path
from tests.walker.walk import ROUTES
from tests.walker.world import rows_of, target

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ELSEWHERE = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
REFUSED = (403, 404, 405)
# A mail program posts it by itself: the signature in the address is the proof (RFC 8058).
FROM_ANYWHERE = {"messages:stop"}
ABROAD = ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)")


@pytest.fixture
def own(db):
    logging.disable()
    yield target("Kanari", Trade.CAFE)
    logging.disable(logging.NOTSET)


@pytest.fixture
def people(own):
    strict = {"enforce_csrf_checks": True}
    return {
        "visitor": browser_of(**strict),
        "owner": browser_of(own.owner, **strict),
        "customer": browser_of(own.member.person, **strict),
        "till": till_of(own.counter, **strict),
    }


def taken(own, people):
    """Addresses that took a form from another site, sent by whoever may use them."""
    told = []
    for name, route in ROUTES:
        who = next((who for start, who in READERS.items() if name.startswith(start)), "visitor")
        client = copy.copy(people[who])
        client.cookies = copy.deepcopy(client.cookies)
        client.raise_request_exception = False
        savepoint = transaction.savepoint()
        told += post_from_elsewhere(client, name, own_path(own, name, route))
        transaction.savepoint_rollback(savepoint)
    return told


def post_from_elsewhere(client, name, path):
    response = client.post(path, {"code": "1", "count": "1"}, headers=ELSEWHERE)
    if name not in FROM_ANYWHERE and response.status_code not in REFUSED:
        yield f"POST {path}: {response.status_code}"


def test_no_form_is_taken_from_another_site(own, people):
    before = rows_of(own.shop)

    assert taken(own, people) == []
    assert rows_of(own.shop) == before


def test_a_door_that_asks_nobody_where_they_come_from_would_be_noticed(own, people, monkeypatch):
    monkeypatch.setattr(access, "_is_from_elsewhere", lambda request: False)

    assert taken(own, people)


@pytest.mark.parametrize("where", ABROAD)
@pytest.mark.parametrize("name", ["login/", "logout/", "again/", "protect/", "2fa/reauthenticate/"])
def test_no_page_of_the_sign_in_leads_to_another_site(ingrid, name, where):
    """All others are asked by test_headers.py, with one such address each."""
    for ask in (ingrid.get, ingrid.post):
        response = ask(f"/accounts/{name}?{urlencode({'next': where})}", {"next": where})
        assert stays_here(response.headers.get("Location", "/"))


@pytest.mark.parametrize("where", ABROAD)
def test_choosing_a_language_does_neither(visitor, where):
    response = visitor.post("/language/", {"language": "nb", "next": where})

    assert stays_here(response.headers["Location"])


@pytest.mark.parametrize("where", ABROAD)
def test_it_would_be_noticed(where):
    assert not stays_here(where)


@pytest.mark.parametrize("header", ["host", "x-forwarded-host", "forwarded", "x-original-url"])
def test_no_header_says_where_we_are(visitor, header):
    response = visitor.get("/accounts/login/", headers={header: "evil.example"})

    assert response.status_code == (400 if header == "host" else 200)
    assert b"evil.example" not in response.content


def test_links_in_mail_lead_to_the_address_of_the_settings(
    ingrid, shop, mailoutbox, settings, django_capture_on_commit_callbacks
):
    settings.PUBLIC_URL = "https://stamps.example"
    asked = {"email": "ny@example.no", "name": "Ny", "level": "1"}

    with django_capture_on_commit_callbacks(execute=True):
        ingrid.post(f"/o/{shop.slug}/people/invite/", asked, headers={"host": "localhost"})

    assert "https://stamps.example/" in mailoutbox[-1].body
    assert "localhost" not in mailoutbox[-1].body
