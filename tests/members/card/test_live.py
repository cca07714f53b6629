"""Open pages follow what happens at the counter; and everything works without scripts."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from loyalty import keys
from loyalty.actors import Actor
from members.ledger.models import Operation
from members.operations import undo
from rewards.models import Claim
from rewards.operations import hand_over
from tests.factories import MembershipFactory, stamp

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

IN_TIME = 10_000  # milliseconds; the page asks every 2 s (UX-05), a busy machine is slower


@pytest.fixture
def opened(live_server, new_context):
    """A page of a card in a browser of its own."""

    def open_page(name, *args, **wishes):
        page = new_context(**wishes).new_page()
        page.goto(live_server.url + reverse(name, args=args))
        return page

    return open_page


def test_a_stamp_lands_on_the_code_page_and_the_qr_comes_back(opened, member, counter):
    page = opened("card:code", member.private)
    expect(page.locator(".qr")).to_be_visible()

    stamp(member, 4, counter=counter)

    words = f"4 stamps from {counter.location.name}. Now 5 of 9."
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible(timeout=IN_TIME)
    expect(page.locator(".slot.on")).to_have_count(5)
    expect(page.locator(".qr")).to_be_hidden()
    expect(page.locator(".who")).to_have_text("Maja · 5 of 9")
    expect(page.locator(".qr")).to_be_visible(timeout=6000)
    expect(page.locator(".scard")).to_have_count(0)


def test_a_correction_is_told_too(opened, member, counter, in_shop):
    stamp(member, 1, counter=counter)
    page = opened("card:code", member.private)

    done = Operation.objects.get(kind="add_stamps")
    undo(membership=member, undone=done, key=keys.new(), actor=Actor.of_counter(counter))

    status = page.get_by_role("status").filter(has_text="Corrected by the shop: 1 of 9.")
    expect(status).to_be_visible(timeout=IN_TIME)


def test_a_card_that_fills_shows_its_reward_on_the_card_page(opened, card, counter):
    member = MembershipFactory(shop=card.shop, stamps=8)
    page = opened("card:card", member.private)
    expect(page.get_by_text("One to go.")).to_be_visible()

    stamp(member, 1, counter=counter)

    expect(page.get_by_role("link", name="Use my reward")).to_be_visible(timeout=IN_TIME)
    expect(page.get_by_text("New card started.")).to_be_visible()


def test_a_reward_handed_out_says_so_by_itself(opened, card, counter, in_shop):
    member = MembershipFactory(shop=card.shop, stamps=9)
    claim = Claim.objects.get()
    page = opened("reward:show", member.private, claim.pk)
    page.get_by_role("link", name="Use my reward").click()
    expect(page.get_by_text("Show this to staff")).to_be_visible()

    hand_over(membership=member, claim=claim, key=keys.new(), actor=Actor.of_counter(counter))

    used = page.locator(".ticket").get_by_text(re.compile(r"Used today at \d\d:\d\d\. Enjoy\."))
    expect(used).to_be_visible(timeout=IN_TIME)
    expect(page.locator(".ring")).to_be_visible()


def test_after_two_minutes_a_tap_refreshes(opened, live_server, new_context, member, counter):
    page = new_context().new_page()
    page.clock.install()
    page.goto(live_server.url + reverse("card:code", args=[member.private]))
    page.clock.run_for(1000)
    expect(page.get_by_text("Refresh")).to_be_hidden()

    for _ in range(63):
        page.clock.run_for(2000)
        page.wait_for_timeout(20)  # let the answer of the server come back
    tap = page.get_by_role("link", name="Tap to refresh")
    expect(tap).to_be_visible()
    stamp(member, 1, counter=counter)
    tap.click()

    expect(page.locator(".who")).to_have_text("Maja · 2 of 9")
    expect(tap).to_be_hidden()


def test_without_connection_the_code_can_still_be_said(opened, member):
    page = opened("card:code", member.private)
    page.context.set_offline(True)

    words = f"No connection. Your code still works: {member.spoken_code}."
    expect(page.get_by_text(words)).to_be_visible(timeout=IN_TIME)
    page.context.set_offline(False)
    expect(page.get_by_text(words)).to_be_hidden(timeout=IN_TIME)


def test_joining_and_showing_the_code_works_without_scripts(opened, card, counter, in_shop):
    page = opened("join:join", card.shop.slug, java_script_enabled=False)
    page.get_by_role("button", name="Get my card").click()
    expect(page.get_by_text("1 stamp so far.")).to_be_visible()
    page.get_by_role("link", name="Show my code").click()
    member = card.shop.memberships.get()
    stamp(member, 1, counter=counter)
    page.get_by_role("link", name="Refresh").click()

    expect(page.get_by_text("Now 2 of 9.")).to_be_visible()
    page.get_by_role("link", name="Close").click()
    expect(page.get_by_text("2 stamps so far.")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(320, 568), (360, 640)])
def test_the_join_button_needs_no_scrolling(opened, card, width, height):
    page = opened("join:join", card.shop.slug, viewport={"width": width, "height": height})

    box = page.get_by_role("button", name="Get my card").bounding_box()
    assert box["y"] + box["height"] <= height
