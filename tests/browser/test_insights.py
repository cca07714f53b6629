"""The page of figures as a browser shows it, with all there can be on it."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from loyalty import clock
from members.visits import Purchase
from rewards.figures.rollup import rebuild
from tests.factories import CounterFactory, LocationFactory, MembershipFactory, stamp

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lived(shop, card, counter):
    """Half a year in two places: somebody every ten days, for an amount."""
    torshov = LocationFactory(shop=shop, name="Torshov")
    tills = [counter, CounterFactory(shop=shop, location=torshov)]
    with clock.at(clock.now() - timedelta(days=181)):
        members = [MembershipFactory(shop=shop) for _each in range(3)]
    for day in range(10, 180, 10):
        with clock.at(clock.now() - timedelta(days=day)):
            for till, member in zip(tills, members[day // 60 :], strict=False):
                stamp(member, counter=till, purchase=Purchase(amount_minor=4500), sure=True)
    rebuild(shop, clock.now())
    return torshov


def test_what_an_owner_sees_of_figures(browse, ingrid, lived, shop):
    page = f"/o/{shop.slug}/insights/"

    assert not browse(ingrid, page, f"{page}?period=12-months&place={lived.pk}&margin=none")


@pytest.mark.usefixtures("lived")
def test_an_owner_looks_at_a_place_and_asks_what_a_figure_is(
    new_context, live_server, ingrid, shop
):
    page = new_context(locale="en-GB").new_page()
    page.context.add_cookies(
        [{"name": "sessionid", "value": ingrid.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/o/{shop.slug}/insights/")
    page.get_by_label("Period").select_option("12-months")
    page.get_by_label("Place").select_option(label="Torshov")
    page.get_by_role("button", name="Show").click()

    came_back = page.locator(".figure", has=page.locator(".label", has_text="Came back"))
    came_back.get_by_text("What is this?").click()
    expect(came_back.get_by_text("Retention rate: of the members")).to_be_visible()
    page.get_by_text("Show as table").first.click()
    expect(page.get_by_role("columnheader", name="Visits")).to_be_visible()
    expect(page.get_by_role("region", name="By the month they joined")).to_be_visible()
