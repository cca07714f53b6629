"""W1: one tap makes a card, looking makes nothing."""

import re

import pytest
from django.urls import reverse

from loyalty import clock, keys
from loyalty.models import Trade
from members import access
from members.joining import limits
from members.models import Membership
from members.programmes import pause
from tests.factories import (
    MembershipFactory,
    PersonFactory,
    ProgrammeFactory,
    ShopFactory,
    as_owner,
)
from tests.people import browser_of

KEY = re.compile(r'name="key" value="([^"]+)"')

pytestmark = pytest.mark.django_db


@pytest.fixture
def join_page(card):
    return reverse("join:join", args=[card.shop.slug])


@pytest.fixture
def tap(join_page, visitor):
    """The tap on "Get my card": the key of the page goes with it."""

    def send(client=visitor, query="", **more):
        html = client.get(join_page + query).content.decode()
        sent = {"key": KEY.search(html)[1]} | dict(re.findall(r'name="(p)" value="([^"]*)"', html))
        return client.post(join_page, sent, **more)

    return send


def cards(shop):
    return Membership.objects.filter(shop=shop)


def test_it_works(tap, visitor, in_shop):
    answer = tap()

    card = cards(in_shop).get()
    assert answer.url == reverse("card:card", args=[card.private])
    assert card.language == "en-gb"
    assert b"1 stamp so far." in visitor.get(answer.url).content


def test_looking_makes_nothing(join_page, visitor, in_shop):
    for look in (visitor.get, visitor.head):
        assert look(join_page).status_code == 200

    assert not cards(in_shop).exists()
    assert access.CARDS_COOKIE not in visitor.cookies


def test_the_page_says_what_the_live_rules_say(join_page, visitor, card):
    html = visitor.get(join_page).content.decode()

    assert "Every 10th coffee is on us" in html
    assert "Free to join. You start with one stamp." in html
    assert "1 welcome stamp is waiting for you." in html
    assert reverse("join:rules", args=[card.shop.slug]) in html
    assert reverse("privacy") in html


def test_without_welcome_stamps_none_are_promised(visitor):
    card = ProgrammeFactory(rules__welcome=0)

    html = visitor.get(reverse("join:join", args=[card.shop.slug])).content.decode()

    assert "Free to join." in html
    assert "You start with" not in html


def test_a_double_tap_makes_one_card(join_page, visitor, in_shop, card):
    sent = {"key": keys.new()}
    assert visitor.post(join_page, sent).url == visitor.post(join_page, sent).url

    assert cards(in_shop).count() == 1


def test_a_double_tap_makes_one_card_where_cookies_are_refused(join_page, in_shop, card):
    sent = {"key": keys.new()}
    assert browser_of().post(join_page, sent).url == browser_of().post(join_page, sent).url

    assert cards(in_shop).count() == 1


def test_it_needs_no_cookie_at_all(join_page, in_shop, card):
    strict = browser_of(enforce_csrf_checks=True)

    answer = strict.post(join_page, {"key": keys.new()})

    strict.cookies.clear()
    assert b"Save your card" in strict.get(answer.url).content
    assert cards(in_shop).count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://["},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_post_from_another_site_is_refused(join_page, visitor, in_shop, card, headers):
    answer = visitor.post(join_page, {"key": keys.new()}, headers=headers)

    assert answer.status_code == 403
    assert not cards(in_shop).exists()


@pytest.mark.parametrize("key", ["", "no-key", "🍰"])
def test_a_post_without_a_key_makes_nothing(join_page, visitor, in_shop, card, key):
    assert visitor.post(join_page, {"key": key}).status_code == 422

    assert not cards(in_shop).exists()


@pytest.mark.parametrize(
    ("query", "source", "detail"),
    [
        ("?p=a4", "poster", "a4"),
        ("?p=a5", "poster", "a5"),
        ("?p=till", "counter", ""),
        ("?p=somewhere-else", "other", ""),
        ("?p=" + "x" * 300, "other", ""),
        ("?p=%F0%9F%8D%B0<script>", "other", ""),
        ("", "link", ""),
    ],
)
def test_where_somebody_came_from_is_kept(tap, in_shop, query, source, detail):
    tap(query=query)

    card = cards(in_shop).get()
    assert (card.source, card.source_detail) == (source, detail)


# --- Whoever has a card ---


def test_a_second_scan_in_the_same_browser_opens_the_card(tap, join_page, visitor, in_shop):
    mine = tap().url

    assert visitor.get(join_page + "?p=a4").url == mine
    assert visitor.post(join_page, {"key": keys.new()}).url == mine
    assert cards(in_shop).count() == 1


def test_somebody_signed_in_with_a_card_here_is_led_to_it(join_page, card):
    person = PersonFactory()
    mine = MembershipFactory(shop=card.shop, person=person)

    assert browser_of(person).get(join_page).url == reverse("card:card", args=[mine.private])


def test_somebody_signed_in_joins_as_themselves(tap, in_shop):
    person = PersonFactory(name="Maja")
    tap(client=browser_of(person))

    card = cards(in_shop).get()
    assert (card.person, card.name) == (person, "Maja")


def test_a_card_next_door_is_no_card_here(join_page, visitor, next_door_member, in_shop, card):
    visitor.get(reverse("card:card", args=[next_door_member.private]))

    assert visitor.get(join_page).status_code == 200


def test_one_browser_holds_cards_of_many_shops(tap, join_page, visitor, next_door_card):
    mine = tap().url
    there = reverse("join:join", args=[next_door_card.shop.slug])
    other = visitor.post(there, {"key": keys.new()}).url

    assert (visitor.get(join_page).url, visitor.get(there).url) == (mine, other)


def test_a_link_somebody_sends_later_does_not_take_my_cards_place(tap, join_page, visitor, card):
    mine = tap().url
    theirs = MembershipFactory(shop=card.shop)
    visitor.get(reverse("card:card", args=[theirs.private]))

    assert visitor.get(join_page).url == mine


def test_a_browser_remembers_so_many_cards_and_no_more(visitor, card):
    for _ in range(access.MOST_REMEMBERED + 1):
        one = MembershipFactory(shop=card.shop)
        visitor.get(reverse("card:card", args=[one.private]))

    links = visitor.cookies[access.CARDS_COOKIE].value.split(".")
    assert len(links) == access.MOST_REMEMBERED
    assert links[-1] == one.private


def test_the_cookie_is_not_for_scripts(tap, visitor):
    tap()

    cookie = visitor.cookies[access.CARDS_COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize("value", ["...", "x" * 3000, "a.b.c", r'"\000"'])
def test_a_made_up_cookie_is_nobodys_card(join_page, visitor, value):
    visitor.cookies[access.CARDS_COOKIE] = value

    assert visitor.get(join_page).status_code == 200


# --- When it can't be ---


def test_a_paused_shop_takes_nobody(join_page, visitor, in_shop, card):
    in_shop.paused_since = clock.now()
    in_shop.save()
    words = "Kaffe &amp; Kardemomme is not taking new members right now."

    looked, tapped = visitor.get(join_page), visitor.post(join_page, {"key": keys.new()})

    assert words in looked.content.decode()
    assert b"Get my card" not in looked.content
    assert tapped.status_code == 422
    assert words in tapped.content.decode()
    assert not cards(in_shop).exists()


def test_while_its_card_is_on_pause_a_shop_takes_nobody_either(join_page, visitor, card, in_shop):
    pause(card, actor=as_owner(card.shop))
    words = "Kaffe &amp; Kardemomme is not taking new members right now."

    assert words in visitor.get(join_page).content.decode()
    assert visitor.post(join_page, {"key": keys.new()}).status_code == 422
    assert not cards(in_shop).exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_shop_that_has_not_started_has_no_page(visitor, method):
    card = ProgrammeFactory(shop=ShopFactory(live_since=None))

    answer = getattr(visitor, method)(reverse("join:join", args=[card.shop.slug]))

    assert answer.status_code == 404


def test_too_many_from_one_address_wait_an_hour(join_page, in_shop, card, monkeypatch):
    monkeypatch.setattr(limits, "JOINS_PER_ADDRESS_AND_HOUR", 2)

    answers = [browser_of().post(join_page, {"key": keys.new()}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert b"Many new cards came from here just now." in answers[-1].content
    assert cards(in_shop).count() == 2


def test_another_address_is_not_held_up(join_page, in_shop, card, monkeypatch):
    monkeypatch.setattr(limits, "JOINS_PER_ADDRESS_AND_HOUR", 1)
    for address in ("192.0.2.1", "192.0.2.2"):
        browser_of(REMOTE_ADDR=address).post(join_page, {"key": keys.new()})

    assert cards(in_shop).count() == 2


def test_markup_in_a_shops_name_is_text(visitor):
    card = ProgrammeFactory(shop=ShopFactory(name="<script>alert(1)</script> 🍰"))

    html = visitor.get(reverse("join:join", args=[card.shop.slug])).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt; 🍰" in html
    assert "<script>alert" not in html


def test_a_norwegian_restaurant_says_what_the_law_leaves_out(visitor):
    card = ProgrammeFactory(shop=ShopFactory(trade=Trade.RESTAURANT))

    html = visitor.get(reverse("join:join", args=[card.shop.slug])).content.decode()

    assert "Does not apply to alcohol." in html


def test_a_cache_that_forgets_turns_nobody_away(tap, in_shop, settings):
    dummy = "django.core.cache.backends.dummy.DummyCache"
    settings.CACHES = {"default": {"BACKEND": dummy}}
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    tap()

    assert cards(in_shop).count() == 1
