"""Step 3: one tap on a trade fills everything in, and opens the shop."""

from http import HTTPStatus

import pytest
from django_scopes import scope

from loyalty.models import Role, Shop, StaffMember, Trade
from loyalty.operations import go_live
from members.models import Programme
from stampcards import trades
from stampcards.rules import StampRules
from tests.factories import as_owner
from tests.people import browser_of
from tests.setup.people import typed
from tests.support.pages import html_of

pytestmark = pytest.mark.django_db

TRADE, CARD = "/start/3/", "/start/4/"


@pytest.fixture
def named(browser):
    """An owner who has typed a name, and has no shop yet."""
    browser.post("/start/", {"name": "Kaffe & Kardemomme", "country": "NO"})
    return browser


def rules_of(shop):
    with scope(shop=shop):
        [programme] = Programme.objects.all()
        return programme, StampRules.read(programme.versions.latest("number").rules)


def test_it_works(named, owner):
    answer = named.post(TRADE, {"trade": "bakery"})

    assert answer.headers["Location"] == CARD
    shop = Shop.objects.get()
    assert (shop.name, shop.slug) == ("Kaffe & Kardemomme", "kaffe-kardemomme")
    assert (shop.trade, shop.accent, shop.currency) == ("bakery", "#c2571a", "NOK")
    assert (shop.language, shop.contact_email) == ("en-gb", "hei@example.no")
    assert shop.live_since is None
    assert Role.objects.get(shop=shop, person=owner).level == Role.Level.OWNER
    programme, rules = rules_of(shop)
    assert (programme.name, rules.need, rules.reward) == ("Bread card", 7, "Loaf of the day")


@pytest.mark.parametrize("trade", Trade)
def test_every_trade_fills_in_a_card_that_can_be_previewed(named, trade):
    named.post(TRADE, {"trade": trade.value})
    page = html_of(named.get(CARD))

    card = trades.CARDS[trade]
    assert f'value="{card.name}"' in page
    assert f"1</b> of {card.need}" in page
    assert f"/start/colour/{card.colour[1:]}.css" in page
    assert "Costs you about" in page


def test_the_page_has_eight_cards_to_tap(named):
    page = html_of(named.get(TRADE))

    assert page.count('name="trade"') == len(Trade)
    assert "What do you run?" in page
    assert not Shop.objects.exists()


def test_a_double_tap_opens_one_shop(owner):
    one, other = browser_of(owner), browser_of(owner)
    for browser in (one, other):
        browser.post("/start/", {"name": "Kaffe", "country": "NO"})
    for browser in (one, other):
        browser.post(TRADE, {"trade": "cafe"})

    assert Shop.objects.count() == 1


def test_a_taken_name_gets_another_address(named, shop):
    named.post(TRADE, {"trade": "cafe"})

    assert Shop.objects.latest("pk").slug == "kaffe-kardemomme-2"


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Blåbær & Øl", "blabaer-ol"), ("☕☕", "shop"), ("<b>Kaffe</b>", "bkaffeb")],
)
def test_any_name_gets_an_address_and_is_shown_as_text(browser, name, slug):
    browser.post("/start/", {"name": name, "country": "NO"})
    browser.post(TRADE, {"trade": "cafe"})

    assert Shop.objects.get().slug == slug
    assert "<b>Kaffe</b>" not in html_of(browser.get(CARD))


def test_the_owner_is_on_the_staff(named, owner):
    named.post(TRADE, {"trade": "cafe"})

    with scope(shop=Shop.objects.get()):
        assert StaffMember.objects.get().name == "hei"


def test_another_trade_fills_everything_in_anew(at_work, unfinished):
    at_work.post(TRADE, {"trade": "salon"})

    unfinished.refresh_from_db()
    programme, rules = rules_of(unfinished)
    assert (unfinished.trade, unfinished.accent) == ("salon", "#7a2e52")
    assert (programme.name, rules.need) == ("Treatment card", 5)


def test_the_same_trade_again_keeps_what_was_changed(at_work, unfinished):
    at_work.post(CARD, typed(title="My own card"))
    at_work.post(TRADE, {"trade": "cafe"})

    assert rules_of(unfinished)[0].name == "My own card"


def test_the_language_of_the_browser_becomes_the_shops(owner):
    browser = browser_of(owner)
    browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "da"
    browser.post("/start/", {"name": "Kaffe", "country": "DK"})
    browser.post(TRADE, {"trade": "cafe"})

    shop = Shop.objects.get()
    assert (shop.language, shop.currency, shop.time_zone) == ("da", "DKK", "Europe/Copenhagen")


@pytest.mark.parametrize("bad", ["", "bank", "<b>"])
def test_a_trade_we_do_not_know_is_refused(named, bad):
    answer = named.post(TRADE, {"trade": bad})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not Shop.objects.exists()


def test_a_running_programme_is_not_refilled(at_work, unfinished):
    go_live(as_owner(unfinished))
    at_work.get("/start/6/")  # nothing under way any more

    assert at_work.post(TRADE, {"trade": "salon"}).status_code == HTTPStatus.NOT_FOUND
    assert rules_of(unfinished)[0].name == "Coffee card"


def test_a_stranger_finds_nothing(unfinished, stranger, visitor):
    assert stranger.get(TRADE).status_code == HTTPStatus.NOT_FOUND
    assert stranger.post(TRADE, {"trade": "salon"}).status_code == HTTPStatus.NOT_FOUND
    assert visitor.get(TRADE).headers["Location"].startswith("/accounts/login/")
    assert rules_of(unfinished)[0].name == "Coffee card"
