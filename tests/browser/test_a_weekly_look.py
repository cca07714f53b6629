"""Monday to Sunday in two minutes: the owner sees how the week goes, what a number means, what to
do next, and how far the goal is."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import expect

from loyalty import clock
from tests.factories import MembershipFactory, ProgrammeFactory, earn, stamp

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def quarter(shop, points, counter):
    """Three months of a shop: who came once, who comes weekly, who is one stamp away."""
    now = clock.now()
    shop.live_since = now - timedelta(days=90)
    shop.save(update_fields=["live_since"])
    with clock.at(shop.live_since):
        ProgrammeFactory(shop=shop)
        weekly, near = (MembershipFactory(shop=shop, name=name) for name in ("Maja", "Liv"))
    for days in (50, 43, 20, 14, 7, 0):
        with clock.at(now - timedelta(days=days)):
            earn(weekly, 74_50, counter=counter)
    with clock.at(now - timedelta(days=40)):
        stamp(near, 7, counter=counter)
    return shop


@pytest.fixture(params=[("light", 1280), ("dark", 320)], ids=["desk", "phone"])
def page(request, new_context, live_server, ingrid):
    theme, width = request.param
    context = new_context(viewport={"width": width, "height": 800}, locale="en-GB")
    context.set_default_timeout(15_000)
    site = {"url": live_server.url}
    context.add_cookies(
        [
            {"name": "theme", "value": theme, **site},
            {"name": settings.LANGUAGE_COOKIE_NAME, "value": "en-gb", **site},
            *({"name": c.key, "value": c.value, **site} for c in ingrid.cookies.values()),
        ]
    )
    return context.new_page()


def test_the_owner_looks_at_the_week(page, live_server, quarter):
    page.goto(f"{live_server.url}/o/{quarter.slug}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("visit")
    expect(page.get_by_role("heading", name="Next: 1 member is close to a reward")).to_be_visible()

    the_numbers_say_what_they_are(page)
    the_drawing_has_its_numbers_beside_it(page)
    nothing_is_wrong_with(page)
    a_goal_is_set(page)
    nothing_is_wrong_with(page)
    the_file_can_be_taken_along(page)

    page.get_by_role("link", name="The week before").click()
    expect(page.get_by_text("compared with the week before")).to_be_visible()
    expect(page.get_by_text("Next:")).to_have_count(0)
    page.get_by_role("link", name="The week after").click()

    page.get_by_role("link", name="See who").click()
    expect(page.get_by_text("Liv")).to_be_visible()


def the_numbers_say_what_they_are(page):
    spend = page.locator(".figure", has_text="Spend per visit")
    expect(spend.locator(".num")).to_have_text("74.50\N{NO-BREAK SPACE}kr")
    spend.get_by_text("What is this?").click()
    expect(spend.get_by_text("Sum of recorded amounts divided by visits")).to_be_visible()
    expect(spend.get_by_text("1 visit with an amount")).to_be_visible()


def the_drawing_has_its_numbers_beside_it(page):
    drawing = page.get_by_role("img", name="Visits per day")
    expect(drawing).to_be_visible()
    figure = page.locator("figure", has=drawing)
    figure.get_by_text("Show as table").click()
    expect(figure.get_by_role("row")).to_have_count(8)


def a_goal_is_set(page):
    page.get_by_role("link", name="Set a goal").click()
    nothing_is_wrong_with(page)
    page.get_by_label("How many").fill("50")
    page.get_by_label("Until").fill(f"{clock.now() + timedelta(days=60):%Y-%m-%d}")
    page.get_by_role("button", name="Set the goal").click()
    expect(page.get_by_text("2 of 50")).to_be_visible()
    expect(page.get_by_text("on track", exact=True)).to_be_visible()


def the_file_can_be_taken_along(page):
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert download.value.suggested_filename.endswith(".csv")


def nothing_is_wrong_with(page):
    found = Axe().run(page).response["violations"]
    assert not [f"{fault['id']}: {fault['nodes'][0]['html'][:200]}" for fault in found]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
