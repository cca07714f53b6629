"""Every page as a browser shows it: nothing for axe to find, and no sideways scroll on the
narrowest phone, in three languages, in light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django_scopes import scope
from playwright.sync_api import expect

from loyalty import keys
from loyalty.access import COUNTER_COOKIE
from loyalty.actors import Actor, Channel
from loyalty.models import Role
from loyalty.operations import offer_pairing, open_shop
from rewards.models import Claim
from stampcards import trades
from stampcards.counter import late
from stampcards.owning import start_card
from tests.factories import (
    LocationFactory,
    MembershipFactory,
    PaperCardFactory,
    PersonFactory,
    saved_late,
)
from tests.people import browser_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NARROWEST, PHONE, LAPTOP = 320, 390, 1280
LOOKS = [
    ("en-gb", "light", PHONE),
    ("en-gb", "dark", LAPTOP),
    ("da", "dark", NARROWEST),
    ("nb", "light", NARROWEST),
]


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}-{look[2]}")
def browse(request, new_context, live_server):
    """browse(client, *paths): what is wrong with these pages, seen with the cookies of a client."""
    language, theme, width = request.param
    context = new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce")
    site = {"url": live_server.url}
    context.add_cookies(
        [
            {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, **site},
            {"name": "theme", "value": theme, **site},
        ]
    )

    def look_at(client, *paths):
        cookies = [{"name": c.key, "value": c.value, **site} for c in client.cookies.values()]
        context.add_cookies(cookies)
        page = context.new_page()
        return [fault for path in paths for fault in faults_of(page, live_server.url + path)]

    return look_at


def faults_of(page, address):
    page.goto(address)
    expect(page.locator("main")).to_be_visible()
    found = Axe().run(page).response["violations"]
    faults = [f"{address}: {fault['id']}, {fault['nodes'][0]['html'][:200]}" for fault in found]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        faults.append(f"{address} scrolls sideways")
    return faults


def test_what_a_visitor_sees(browse, visitor, card):
    shop = card.shop.slug
    with scope(shop=card.shop):
        pairing = offer_pairing(
            shop=card.shop, location=LocationFactory(shop=card.shop), name="Bar"
        )

    assert not browse(
        visitor,
        *("/", "/privacy/", "/help/", "/accessibility/", "/start/", "/accounts/login/"),
        *(f"/j/{shop}/", f"/j/{shop}/rules/", f"/j/{shop}/have-card/", "/m/", "/s/0123456789"),
        f"/c/pair/{pairing.once}/",
        f"/s/{PaperCardFactory(shop=card.shop).counter_code}",
    )


def test_what_a_customer_sees(browse, visitor, card):
    maja = MembershipFactory(shop=card.shop, name="Maja", stamps=14)
    with scope(shop=card.shop):
        claim = Claim.objects.get()
    private = f"/m/{maja.private}/"

    assert not browse(
        visitor,
        *(private, f"{private}code/", f"{private}history/", f"{private}settings/"),
        *(f"{private}reward/{claim.pk}/", f"{private}reward/{claim.pk}/use/"),
        f"{private}print/",
    )


def test_what_staff_see(browse, visitor, counter, card, no_outside_requests):
    no_outside_requests.expect("camera|NotFoundError|getUserMedia")  # this browser has none
    visitor.cookies[COUNTER_COOKIE] = counter.device
    maja = MembershipFactory(shop=card.shop, name="Maja", stamps=14)
    liv = MembershipFactory(shop=card.shop, stamps=2)

    assert not browse(
        visitor,
        *("/c/", f"/c/card/{maja.counter_code}/", f"/c/card/{liv.counter_code}/"),
        *("/c/last/", "/c/new/", "/c/staff/", "/c/help/", "/c/leave/", "/c/theme/"),
        *("/c/search/", "/c/new/phone/", "/c/new/paper/"),
    )


def test_what_staff_see_of_two_cards_and_of_none(browse, till, card, no_outside_requests):
    no_outside_requests.expect("camera|NotFoundError|getUserMedia|answer 404")
    maja = MembershipFactory(shop=card.shop, name="Maja", stamps=14)
    blank, paper = PaperCardFactory.create_batch(2, shop=card.shop)
    stamp = {"key": keys.new(), "programme": card.pk, "count": 1}
    till.post(f"/c/card/{paper.counter_code}/stamp/", stamp)

    assert not browse(
        till,
        *(f"/c/card/{code}/" for code in (paper.counter_code, blank.counter_code, "0123456789")),
        f"/c/card/{paper.counter_code}/move/",
        *(f"/c/card/{maja.counter_code}/merge/{other}" for other in ("", f"{paper.counter_code}/")),
    )


def test_what_an_owner_sees(browse, ingrid, card, counter):
    maja = MembershipFactory(shop=card.shop, name="Maja", stamps=14)
    saved_late(counter=counter, code=maja.counter_code, programme=card)
    with scope(shop=card.shop):
        late.note_missing(counter, given=4, waiting=[])
    shop = f"/o/{card.shop.slug}/"

    assert not browse(
        ingrid,
        *("/o/", shop, f"{shop}programme/", f"{shop}posters/", f"{shop}people/"),
        *(f"{shop}flags/", f"{shop}flags/settings/", f"{shop}late/", f"{shop}statement/"),
        *("/accounts/email/", "/accounts/sessions/", "/accounts/2fa/"),
    )


def test_what_a_new_owner_sees(browse, db):
    person = PersonFactory(name="Nils")
    shop = open_shop(person=person, name="Brød & Bolle", country="NO", language="nb")
    name, rules = trades.proposal(shop.trade, currency="NOK", language="nb")
    with scope(shop=shop):
        start_card(name=name, rules=rules, actor=Actor(shop, Channel.OWNER, person=person))
    assert shop.roles.get().level == Role.Level.OWNER

    assert not browse(browser_of(person), "/start/3/", "/start/4/", "/start/5/", "/start/6/")
