"""Every answer carries what protects it: pages, errors, redirects, pictures, files, scripts."""

import copy
import logging

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from loyalty.models import Trade
from tests.people import browser_of, till_of
from tests.security.answers import CARRIES, wrongs
from tests.walker.declared import DECLARED
from tests.walker.walk import ROUTES, path_of
from tests.walker.world import target

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# Who reads the addresses below; everything else is asked for by a visitor.
READERS = {"owner:": "owner", "counter:": "till", "account": "customer", "mfa": "customer"}
# Words that might name the page to go on to.
ABROAD = dict.fromkeys(("next", "then", "back", "url", "to"), "https://evil.example/")


@pytest.fixture
def everything(db):
    """A shop that has everything a shop can have."""
    logging.disable()
    yield target("Kanari", Trade.CAFE)
    logging.disable(logging.NOTSET)


def readers(own):
    people = {
        "visitor": browser_of(),
        "owner": browser_of(own.owner),
        "customer": browser_of(own.member.person),
        "till": till_of(own.counter),
    }
    for client in people.values():
        client.raise_request_exception = False
    return people


def own_path(own, name, route):
    """An address with everything in it that is the shop's own."""
    arguments = DECLARED[name].arguments(own, own)[-1]
    link = {"private": own.member.private} if "private" in arguments else {}
    return path_of(route, {**arguments, **link})


def test_every_address_carries_it(everything):
    people = readers(everything)
    seen, faults = set(), []
    for name, route in ROUTES:
        who = next((who for start, who in READERS.items() if name.startswith(start)), "visitor")
        path = own_path(everything, name, route)
        for method in ("get", "post"):
            savepoint = transaction.savepoint()
            client = copy.copy(people[who])
            client.cookies = copy.deepcopy(client.cookies)
            response = getattr(client, method)(path, ABROAD)
            seen.add(response.status_code)
            faults += [f"{method} {path}: {wrong}" for wrong in wrongs(response, path)]
            transaction.savepoint_rollback(savepoint)

    assert not faults, "\n".join(faults)
    assert {200, 302, 404, 405} <= seen


TOO_MANY = dict.fromkeys(map(str, range(201)), "")
TOO_MUCH = "x" * 1_000_001
ERRORS = {
    "not there": (404, lambda client: client.get("/nowhere/")),
    "sign in first": (302, lambda client: client.get("/o/nobodys-shop/")),
    "no such card": (404, lambda client: client.get("/m/no-such-link/")),
    "not asked like that": (405, lambda client: client.get("/c/card/0/stamp/")),
    "never asked like that": (405, lambda client: client.trace("/privacy/")),
    "another host": (400, lambda client: client.get("/", headers={"host": "evil.example"})),
    "no token": (403, lambda client: client.post("/accounts/login/", {"email": "a@b.no"})),
    "from another site": (
        403,
        lambda client: client.post("/m/x/name/", headers={"sec-fetch-site": "cross-site"}),
    ),
    "too many fields": (
        400,
        lambda client: browser_of().post("/accounts/login/", TOO_MANY),
    ),
    "too much": (
        400,
        lambda client: browser_of().post("/accounts/login/", {"email": TOO_MUCH}),
    ),
    "broken": (500, lambda client: client.get("/broken/")),
    "busy": (503, lambda client: client.get("/busy/")),
    "a page without its slash": (301, lambda client: client.get("/privacy")),
    "a file of ours": (200, lambda client: client.get("/static/css/app.css")),
    "no file of ours": (404, lambda client: client.get("/static/css/nowhere.css")),
    "a way out of the files": (404, lambda client: client.get("/static/../loyalty/settings.py")),
    "the worker of the till": (200, lambda client: client.get("/c/sw.js")),
}


@pytest.mark.parametrize("error", ERRORS)
def test_errors_carry_it_too_and_say_nothing_of_the_house(error, settings):
    settings.ROOT_URLCONF = "tests.security.urls"
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    status, ask = ERRORS[error]

    response = ask(client)

    assert response.status_code == status
    assert not wrongs(response, response.wsgi_request.path)
    said = b"".join(response.streaming_content) if response.streaming else response.content
    assert not any(word in said for word in (b"4711", b"Traceback", b"Django", b"Exception"))


def test_a_smaller_role_carries_it_too(staff_client, shop):
    response = staff_client.get(f"/o/{shop.slug}/people/invite/")

    assert response.status_code == 403
    assert not wrongs(response, response.wsgi_request.path)


@pytest.mark.parametrize("name", CARRIES)
def test_a_missing_header_would_be_noticed(name, visitor):
    response = visitor.get("/")
    del response.headers[name]

    assert wrongs(response, "/")


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Content-Security-Policy", ""),
        ("Content-Security-Policy", "default-src 'none'; script-src 'self' 'unsafe-inline'"),
        ("Permissions-Policy", "camera=()"),
        ("Access-Control-Allow-Origin", "*"),
        ("Location", "https://evil.example/"),
        ("Location", "//evil.example/"),
        ("Content-Type", "text/html"),
    ],
)
def test_a_weak_header_would_be_noticed(header, value, visitor):
    response = visitor.get("/")
    response.headers[header] = value

    assert wrongs(response, "/")


def test_a_page_that_may_be_kept_and_a_careless_cookie_would_be_noticed(visitor):
    response = visitor.get("/")
    assert wrongs(response, "/o/") == ["a browser may keep it"]

    response.set_cookie("careless", "1")
    assert len(wrongs(response, "/")) == 2


def test_files_are_not_left_out_by_the_order_of_the_middleware(settings, visitor):
    """The control: whoever answers first is not passed by those below."""
    settings.MIDDLEWARE = sorted(settings.MIDDLEWARE, key=lambda name: "whitenoise" not in name)

    assert wrongs(visitor.get("/static/css/app.css"), "/static/css/app.css")


def test_an_empty_answer_is_wrong_in_every_way():
    assert len(wrongs(HttpResponse(), "/o/")) > 8
