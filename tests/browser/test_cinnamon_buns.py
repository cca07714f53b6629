"""The bakery's Saturday cinnamon buns: its owner plans them, regulars come first, then everybody;
they are reserved, let go, snapped up by whoever was quick, and handed out at the till."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django_scopes import scope
from playwright.sync_api import expect

from loyalty import clock
from loyalty.management.ticking import pass_time
from loyalty.models import Role, Trade
from members.ledger import audit
from tests.factories import (
    CounterFactory,
    MembershipFactory,
    ProgrammeFactory,
    ShopFactory,
    StaffMemberFactory,
    stamp,
)
from tests.people import browser_of, employed
from tests.support.tills import become_counter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIVE_LIMIT = 15_000  # milliseconds; the page asks every 2 s, a busy machine is slower


# --- Who is in it -----------------------------------------------------------------------------


@pytest.fixture
def bakery(db):
    return ShopFactory(name="Bakeri Boller", slug="bakeri-boller", trade=Trade.BAKERY)


@pytest.fixture
def counter(bakery):
    ProgrammeFactory(shop=bakery, name="Bread card")
    ola = StaffMemberFactory(shop=bakery, name="Ola")
    return CounterFactory(shop=bakery, location__name="Torget", staff=ola)


@pytest.fixture
def cards(bakery, counter):
    """Rita's, a regular with four visits lately; Nils's and Kim's."""
    rita, nils, kim = (
        MembershipFactory(shop=bakery, name=name) for name in ("Rita", "Nils", "Kim")
    )
    for days in (2, 4, 6, 8):
        with clock.at(clock.now() - timedelta(days=days)):
            stamp(rita, counter=counter)
    return rita, nils, kim


class Saturday:
    """The next one, three days ahead at least."""

    def __init__(self, zone, turn):
        first = clock.today(zone) + timedelta(days=3)
        self.day = first + timedelta(days=(5 - first.weekday()) % 7)
        self.zone, self.turn = zone, turn

    def strikes(self, hour, *, in_seconds=0):
        """It is that time, and goes on; for the threads of the site as well."""
        moment = datetime.combine(self.day, time(hour), self.zone) - timedelta(seconds=in_seconds)
        ahead = moment - datetime.now(UTC)
        self.turn(clock, "now", lambda: datetime.now(UTC) + ahead)


@pytest.fixture
def saturday(bakery, monkeypatch):
    return Saturday(bakery.zone, monkeypatch.setattr)


@pytest.fixture
def site(live_server, settings):
    settings.PUBLIC_URL = live_server.url
    return live_server.url


@pytest.fixture
def office(new_context, site, bakery):
    """The owner's pages."""
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    client = browser_of(employed(bakery, Role.Level.OWNER, "Berit", "berit@bakeri.example"))
    cookies = [{"name": c.key, "value": c.value, "url": site} for c in client.cookies.values()]
    page.context.add_cookies(cookies)
    page.goto(f"{site}/o/{bakery.slug}/early/")
    return page


@pytest.fixture
def sheet_of(new_context, site, counter, no_outside_requests):
    """sheet_of(card): it is opened at the till."""
    no_outside_requests.expect("camera|NotFoundError|getUserMedia")  # this browser has none
    page = new_context().new_page()
    become_counter(page.context, site, counter.device)

    def open_card(card):
        page.goto(f"{site}/c/card/{card.counter_code}/")
        return page

    return open_card


@pytest.fixture
def phone_of(new_context, site):
    """phone_of(card): its page on a phone of its own."""

    def open_card(card):
        page = new_context().new_page()
        page.goto(f"{site}/m/{card.private}/")
        return page

    return open_card


def press(page, words):
    page.get_by_role("button", name=words, exact=True).click()


def says(page, words):
    expect(page.locator("main")).to_contain_text(words, timeout=LIVE_LIMIT)


# --- The story --------------------------------------------------------------------------------


def test_saturdays_cinnamon_buns(cards, office, sheet_of, phone_of, saturday):
    two_buns_are_planned(office, saturday.day.isoformat())

    saturday.strikes(8, in_seconds=2)
    rita, nils, kim = (phone_of(card) for card in cards)
    a_regular_is_there_first(rita)
    others_see_a_lock(nils)

    saturday.strikes(10)
    everybody_may_now(nils)
    the_last_one_is_let_go_and_snapped_up(nils, kim)
    the_owner_sees_who(office)

    saturday.strikes(12)
    it_is_handed_out_once(sheet_of, cards[0])
    it_was_hers(rita)

    saturday.strikes(16, in_seconds=-2)
    what_nobody_collects_runs_out(kim)
    with scope(shop=cards[0].shop):
        assert list(audit.disagreements()) == []


def two_buns_are_planned(page, day):
    page.get_by_role("link", name="New early access").first.click()
    page.get_by_label("A limited edition").check()
    page.get_by_label("Item").fill("Cinnamon buns")
    page.locator("[name=price]").fill("39 kr")
    page.locator("[name=quantity]").fill("2")
    page.get_by_label("Opens to", exact=True).select_option("segment:regulars")
    for name, hour in (("first", "08:00"), ("everyone", "10:00"), ("collect", "16:00")):
        page.locator(f"[name={name}_on]").fill(day)
        page.locator(f"[name={name}_at]").fill(hour)
    expect(page.locator("#preview")).to_contain_text("Cinnamon buns")
    press(page, "Schedule")
    says(page, "Cinnamon buns")


def a_regular_is_there_first(phone):
    """The page is open before it opens, and opens by itself."""
    says(phone, "Early access VIP · A regular Cinnamon buns")
    phone.get_by_role("link", name="See it Cinnamon buns").click()
    says(phone, "Open now, 2 left.")
    press(phone, "Reserve one")
    says(phone, "Reserved until Saturday 16:00. Say your code at the counter.")
    press(phone, "Undo")
    says(phone, "Open now, 2 left.")
    press(phone, "Reserve one")
    says(phone, "1 of 2 left")


def others_see_a_lock(phone):
    says(phone, "Opens to everyone Sat 10:00.")
    phone.get_by_role("link", name="See it Cinnamon buns").click()
    says(phone, "Opens to everyone Saturday 10:00.")
    expect(phone.get_by_role("button", name="Reserve one")).to_have_count(0)


def everybody_may_now(phone):
    phone.reload()
    says(phone, "Open now, 1 left.")
    press(phone, "Reserve one")
    says(phone, "0 of 2 left")


def the_last_one_is_let_go_and_snapped_up(phone, other):
    other.reload()
    other.get_by_role("link", name="See it Cinnamon buns").click()
    says(other, "All are reserved right now.")
    phone.get_by_role("link", name="Your card").first.click()
    phone.get_by_role("link", name="See it Cinnamon buns").click()
    press(phone, "Let it go")
    expect(phone.get_by_text("Let go. Somebody else can have it now.")).to_be_visible()
    says(other, "Open now, 1 left.")  # by itself
    press(other, "Reserve one")
    says(other, "0 of 2 left")


def the_owner_sees_who(office):
    office.get_by_role("link", name="Cinnamon buns").click()
    says(office, "2 of 2 reserved, 0 left.")
    for name in ("Rita", "Kim"):
        says(office, name)


def it_is_handed_out_once(sheet_of, card):
    till = sheet_of(card)
    says(till, "Reserved: Cinnamon buns")
    press(till, "Hand out: Cinnamon buns")
    expect(till.locator("#said")).to_contain_text("Rita: Handed out: Cinnamon buns")
    expect(sheet_of(card).locator("main")).not_to_contain_text("Reserved: Cinnamon buns")


def it_was_hers(phone):
    phone.reload()
    says(phone, "You have had yours.")


def what_nobody_collects_runs_out(phone):
    pass_time(clock.now())
    phone.reload()
    says(phone, "This is over.")
    phone.goto(phone.url.partition("early/")[0] + "history/")
    says(phone, "Not collected in time: Cinnamon buns")
