"""Steps 5 and 6: the club rules, and three things until the programme runs (W13)."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.conf import settings
from django_scopes import scope

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from loyalty.models import Counter
from loyalty.operations import pair
from members.models import Programme
from stampcards.operations import add_stamps
from tests.factories import MembershipFactory
from tests.people import browser_of
from tests.support.pages import html_of

pytestmark = pytest.mark.django_db

RULES, READY, START = "/start/5/", "/start/6/", "/start/6/start/"
NEW_CODE, COUNTER, STAMP = "/start/6/counter/", "/start/6/counter/state/", "/start/6/stamp/state/"


@pytest.fixture
def at_the_end(at_work):
    """The owner's browser on the last page, with a pairing code on it."""
    at_work.post(RULES)
    return at_work


@pytest.fixture
def stamp(unfinished, owner):
    """Maja joins, and gets her first stamp."""

    def give():
        unfinished.refresh_from_db()  # started meanwhile
        with scope(shop=unfinished):
            add_stamps(
                membership=MembershipFactory(shop=unfinished),
                programme=Programme.objects.get(),
                count=1,
                key=keys.new(),
                actor=Actor(unfinished, Channel.OWNER, person=owner),
            )

    return give


def once(browser):
    return browser.session["start"]["once"]


def test_it_works(at_the_end, unfinished):
    page = html_of(at_the_end.get(READY))
    assert "Ready. Three things and you are live." in page
    assert f"{settings.PUBLIC_URL}/c/pair/{once(at_the_end)}/" in page
    assert f"/o/{unfinished.slug}/posters/a4.pdf" in page

    answer = at_the_end.post(START)

    assert answer.headers["Location"] == READY
    unfinished.refresh_from_db()
    assert unfinished.live_since
    page = html_of(at_the_end.get(READY))
    assert f"{settings.PUBLIC_URL}/j/{unfinished.slug}/" in page
    assert "Waiting for your first stamp…" in page
    assert page.count("<svg xmlns") == 2  # a code for the counter, a code to join


def test_the_rules_are_made_of_the_settings(at_work):
    page = html_of(at_work.get(RULES))

    for line in (
        "Anyone can join, free.",
        "1 stamp for each purchase of 25\xa0kr or more. At most once an hour.",
        "1 extra stamp for: Own cup.",
        "You need 9 stamps. Then you get: Any hot drink. The first stamp is from us.",
        "Stamps last 12 months from the day you get them.",
        "Questions: hei@example.no.",
    ):
        assert line in page


def test_looking_offers_no_counter(at_work, unfinished):
    at_work.get(RULES)
    page = html_of(at_work.get(READY))

    assert "New code" in page
    with scope(shop=unfinished):
        assert not Counter.objects.exists()


def test_nobody_can_join_before_the_start(at_the_end, unfinished, visitor):
    assert "Start the programme first." in html_of(at_the_end.get(READY))
    assert visitor.get(f"/j/{unfinished.slug}/").status_code == HTTPStatus.NOT_FOUND

    at_the_end.post(START)

    assert visitor.get(f"/j/{unfinished.slug}/").status_code == HTTPStatus.OK


def test_starting_twice_changes_nothing(at_the_end, unfinished):
    at_the_end.post(START)
    unfinished.refresh_from_db()
    since = unfinished.live_since
    at_the_end.post(START)

    unfinished.refresh_from_db()
    assert unfinished.live_since == since


def test_it_can_be_finished_on_another_device(at_the_end, owner, unfinished):
    laptop = browser_of(owner)

    assert laptop.post(START).headers["Location"] == READY
    assert "You are live" in html_of(laptop.get(READY))


# --- The counter ----------------------------------------------------------------------------


def test_a_new_code_voids_the_one_before_without_a_trace(at_the_end, unfinished):
    before = once(at_the_end)
    at_the_end.post(NEW_CODE)

    assert once(at_the_end) != before
    with scope(shop=unfinished):
        assert Counter.objects.count() == 1
    assert browser_of().get(f"/c/pair/{before}/").status_code != HTTPStatus.OK


def test_after_ten_minutes_the_code_is_gone_and_a_new_one_offered(at_the_end):
    with clock.at(clock.now() + timedelta(minutes=11)):
        page = html_of(at_the_end.get(READY))

    assert "The pairing code has run out." in page
    assert once(at_the_end) not in page


def test_the_tile_notices_the_counter_by_itself(at_the_end):
    assert f'hx-get="{COUNTER}"' in html_of(at_the_end.get(READY))
    assert at_the_end.get(COUNTER).status_code == HTTPStatus.NO_CONTENT

    pair(once(at_the_end))

    assert "Your counter is ready." in html_of(at_the_end.get(COUNTER))
    page = html_of(at_the_end.get(READY))  # with a reload as well
    assert "Your counter is ready." in page
    assert f'hx-get="{COUNTER}"' not in page


def test_a_new_code_leaves_a_paired_counter_alone(at_the_end, unfinished):
    pair(once(at_the_end))
    at_the_end.post(NEW_CODE)

    with scope(shop=unfinished):
        assert Counter.objects.exclude(device_hash=None).count() == 1


# --- The first stamp ------------------------------------------------------------------------


def test_the_page_notices_the_first_stamp_by_itself(at_the_end, stamp):
    at_the_end.post(START)
    assert at_the_end.get(STAMP).status_code == HTTPStatus.NO_CONTENT

    stamp()

    answer = at_the_end.get(STAMP)
    assert answer.status_code == 286  # htmx asks no more
    assert "That's it. Your programme is running." in html_of(answer)
    page = html_of(at_the_end.get(READY))  # with a reload as well
    assert "Your programme is running." in page
    assert f'hx-get="{STAMP}"' not in page


def test_a_card_alone_is_no_stamp(at_the_end, unfinished):
    at_the_end.post(START)
    MembershipFactory(shop=unfinished)

    assert at_the_end.get(STAMP).status_code == HTTPStatus.NO_CONTENT


# --- Who may --------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [RULES, READY, START, NEW_CODE, COUNTER, STAMP])
def test_a_stranger_finds_nothing(at_the_end, unfinished, stranger, visitor, address):
    for answer in (stranger.get(address), stranger.post(address)):
        assert answer.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
    assert visitor.post(address).status_code == HTTPStatus.FOUND

    unfinished.refresh_from_db()
    assert unfinished.live_since is None
    with scope(shop=unfinished):
        assert Counter.objects.count() == 1


@pytest.mark.parametrize("address", [START, NEW_CODE])
def test_nothing_happens_by_looking(at_the_end, address):
    assert at_the_end.get(address).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_no_browser_keeps_the_pairing_code(at_the_end):
    assert "no-store" in at_the_end.get(READY)["Cache-Control"]
