"""An open page follows points as it follows stamps."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.factories import MembershipFactory, PointsFactory, RewardFactory, earn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

IN_TIME = 10_000  # milliseconds; the page asks every 2 s (UX-05), a busy machine is slower


@pytest.fixture
def maja(shop, card):
    points = PointsFactory(shop=shop)
    RewardFactory(programme=points)
    return MembershipFactory(shop=shop, name="Maja")


@pytest.fixture
def opened(live_server, new_context):
    def open_page(name, *args, **wishes):
        page = new_context(**wishes).new_page()
        page.goto(live_server.url + reverse(name, args=args))
        return page

    return open_page


@pytest.mark.parametrize("wishes", [{}, {"reduced_motion": "reduce"}])
def test_it_works(opened, maja, counter, wishes):
    page = opened("card:code", maja.private, **wishes)
    earn(maja, 7_400, counter=counter)

    words = f"7 points from {counter.location.name}. Now 7 points."
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible(timeout=IN_TIME)
    expect(page.locator(".landed-points")).to_have_text("+7")
    expect(page.locator(".who")).to_have_text("Maja · 1 of 9 · 7 points")
    moves = page.locator(".landed-points").evaluate("it => getComputedStyle(it).animationName")
    assert moves == ("none" if wishes else "thump")
    expect(page.locator(".qr")).to_be_visible(timeout=6000)


def test_the_card_page_shows_a_reward_as_soon_as_it_can_be_chosen(opened, maja, counter):
    page = opened("card:card", maja.private)
    expect(page.get_by_text("100 more needed")).to_be_visible()

    earn(maja, 100_000, counter=counter)

    page.get_by_role("link", name="See it Free lunch").click(timeout=IN_TIME)
    page.get_by_role("button", name="Use 100 points").click()
    page.get_by_role("link", name="Use my reward").click()
    expect(page.get_by_role("heading", name="Show this to staff")).to_be_visible()
