"""The till with a camera: one picture for the whole shift, one question for permission."""

import pytest
from django.conf import settings
from django_scopes import scope
from playwright.sync_api import expect

from members.ledger.models import LedgerEntry, Operation
from tests.factories import MembershipFactory
from tests.support.film import A_SECOND, address, frame, hold_up

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def stamps_of(shop):
    with scope(shop=shop):
        return Operation.objects.filter(kind="add_stamps").count()


def test_several_cards_are_stamped_without_ever_leaving_the_page(member, open_till, film):
    liv = MembershipFactory(shop=member.shop, name="Liv")
    page = open_till(film(address(member), address(liv), address(member)))

    for name in ("Maja", "Liv"):
        expect(page.get_by_role("heading", name=name)).to_be_visible()
        page.get_by_role("button", name="Give 1 stamp").click()
        expect(page.get_by_role("status")).to_contain_text(f"{name}: 1 stamp. Now 2 of 9.")
    expect(page.get_by_text("Stamped less than a minute ago.")).to_be_visible()
    page.get_by_role("button", name="Give 1 more").click()
    expect(page.get_by_role("status")).to_contain_text("Maja: 1 stamp. Now 3 of 9.")

    assert page.evaluate("document.querySelector('video').same")
    assert page.evaluate("questions.length") == 1


def test_a_card_held_up_for_long_opens_once(member, open_till, film, tmp_path):
    path = tmp_path / "long.mjpeg"
    path.write_bytes(frame(None) * 2 * A_SECOND + frame(address(member)) * 20 * A_SECOND)
    page = open_till(path)
    asked = []
    page.on("request", lambda request: asked.append((request.method, request.url[-3:])))

    page.get_by_role("button", name="Give 1 stamp").click()
    expect(page.get_by_role("status")).to_contain_text("Now 2 of 9.")
    page.wait_for_timeout(4000)

    expect(page.get_by_role("button", name="Find")).to_be_visible()
    assert asked.count(("POST", "/c/")) == 1


def test_the_poster_is_named_and_scanning_goes_on(member, open_till, film):
    poster = f"{settings.PUBLIC_URL}/j/{member.shop.slug}/?p=a4"
    page = open_till(film(poster, address(member)))

    expect(page.get_by_text("This is your poster, not a card.")).to_be_visible()
    expect(page.get_by_role("heading", name="Maja")).to_be_visible()


def test_the_button_follows_the_pills(member, open_till, film):
    page = open_till(film(address(member)))
    page.get_by_role("heading", name="Maja").wait_for()

    page.get_by_role("radio", name="3").check()
    page.get_by_role("button", name="Give 3 stamps").click()

    expect(page.get_by_role("status")).to_contain_text("Maja: 3 stamps. Now 4 of 9.")


def test_undo_is_one_tap(member, open_till, film):
    page = open_till(film(address(member)))
    page.get_by_role("button", name="Give 1 stamp").click()

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("status")).to_contain_text("Undone. Maja has 1 of 9.")


def test_twenty_stamps_and_the_same_picture(member, open_till, film, scan):
    cards = [member, MembershipFactory(shop=member.shop, name="Liv")]
    page = open_till(film())

    for number in range(20):
        scan(page, address(cards[number % 2]))
        heading = page.get_by_role("heading", name=cards[number % 2].name)
        expect(heading).to_be_visible()
        page.locator("[data-gives]").click()
        expect(heading).to_be_hidden()

    assert page.evaluate("document.querySelector('video').same")
    assert page.evaluate("questions.length") == 1
    assert stamps_of(member.shop) == 20


def test_the_same_stamp_comes_of_every_way_in(member, open_till, film, scan, tmp_path):
    names = ["Scanner", "Typed", "Photo", "Link"]
    cards = {name: MembershipFactory(shop=member.shop, name=name) for name in names}
    page = open_till(film())
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(frame(address(cards["Photo"])))

    film(address(member))
    hold_up(page)
    give_one(page, "Maja")
    film()
    scan(page, address(cards["Scanner"]))
    give_one(page, "Scanner")
    page.locator("[name=code]:visible").fill(cards["Typed"].short_code)
    page.get_by_role("button", name="Find").click()
    give_one(page, "Typed")
    page.locator("#camera input[type=file]").set_input_files(photo)
    give_one(page, "Photo")
    # The phone's own camera app opens the address, and then it goes on from there.
    page.goto(page.url.replace("/c/", f"/s/{cards['Link'].counter_code}"))
    give_one(page, "Link")
    scan(page, address(cards["Scanner"]))
    expect(page.get_by_role("button", name="Give 1 more")).to_be_visible()

    with scope(shop=member.shop):
        given = LedgerEntry.objects.filter(operation__kind="add_stamps")
        told = given.values_list("amount", "operation__staff__name", "operation__channel")
        assert list(told) == [(1, "Ola", "counter")] * 5


def give_one(page, name):
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    page.get_by_role("button", name="Give 1 stamp").click()
    expect(page.get_by_role("status")).to_contain_text(f"{name}: 1 stamp. Now 2 of 9.")


def test_without_scripts_it_is_a_form(member, live_server, become_till, new_context):
    page = become_till(new_context(java_script_enabled=False))
    page.goto(f"{live_server.url}/c/")
    expect(page.locator("#camera")).to_be_hidden()

    page.locator("[name=code]:visible").fill(member.short_code)
    page.get_by_role("button", name="Find").click()
    page.get_by_role("button", name="Give stamps").click()
    expect(page.get_by_role("status")).to_contain_text("Maja: 1 stamp. Now 2 of 9.")
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("status")).to_contain_text("Undone. Maja has 1 of 9.")


def test_the_main_button_stands_where_the_thumb_is(member, open_till, film):
    page = open_till(film(address(member)))
    page.set_viewport_size({"width": 320, "height": 640})
    button = page.get_by_role("button", name="Give 1 stamp")
    button.wait_for()

    box = button.bounding_box()

    assert box["height"] == 72
    assert box["y"] + box["height"] <= 568
    assert page.evaluate("document.documentElement.scrollWidth") == 320
