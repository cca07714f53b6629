"""The till with a camera: one picture for the whole shift, one question for permission."""

import pytest
from django.conf import settings
from django_scopes import scope
from playwright.sync_api import expect

from loyalty.access import COUNTER_COOKIE
from members.ledger.models import Operation
from tests.factories import MembershipFactory
from tests.support.film import A_SECOND, address, frame

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COUNT_QUESTIONS = """
window.questions = 0;
const devices = navigator.mediaDevices; // none on the empty page a browser begins with
const ask = devices?.getUserMedia.bind(devices);
if (ask) devices.getUserMedia = (wish) => { window.questions++; return ask(wish); };
"""


@pytest.fixture
def open_till(counter, live_server, browser_with_camera):
    """open_till(mjpeg): the counter's page in a browser whose camera sees that film."""

    def open_with(mjpeg):
        context = browser_with_camera(mjpeg).new_context()
        context.add_cookies(
            [{"name": COUNTER_COOKIE, "value": counter.device, "url": live_server.url}]
        )
        context.add_init_script(COUNT_QUESTIONS)
        page = context.new_page()
        page.goto(f"{live_server.url}/c/")
        page.evaluate("document.querySelector('video').same = true")
        return page

    return open_with


def test_several_cards_are_stamped_without_ever_leaving_the_page(member, open_till, film):
    liv = MembershipFactory(shop=member.shop, name="Liv")
    page = open_till(film(address(member), address(liv)))

    for name in ("Maja", "Liv"):
        expect(page.get_by_role("heading", name=name)).to_be_visible(timeout=20_000)
        page.get_by_role("button", name="Give 1 stamp").click()
        expect(page.get_by_role("status")).to_contain_text(f"{name}: 1 stamp. Now 2 of 9.")
    expect(page.get_by_text("Stamped less than a minute ago.")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Give 1 more").click()
    expect(page.get_by_role("status")).to_contain_text("Maja: 1 stamp. Now 3 of 9.")

    assert page.evaluate("document.querySelector('video').same")
    assert page.evaluate("window.questions") == 1


def test_a_card_held_up_for_long_opens_once(member, open_till, film, tmp_path):
    path = tmp_path / "long.mjpeg"
    path.write_bytes(frame(None) * 2 * A_SECOND + frame(address(member)) * 20 * A_SECOND)
    page = open_till(path)
    asked = []
    page.on("request", lambda request: asked.append(request.method))

    page.get_by_role("button", name="Give 1 stamp").click(timeout=20_000)
    expect(page.get_by_role("status")).to_contain_text("Now 2 of 9.")
    page.wait_for_timeout(4000)

    expect(page.get_by_role("button", name="Find")).to_be_visible()
    assert asked.count("POST") == 2  # one look-up, one stamp


def test_the_poster_is_named_and_scanning_goes_on(member, open_till, film):
    poster = f"{settings.PUBLIC_URL}/j/{member.shop.slug}/?p=a4"
    page = open_till(film(poster, address(member)))

    expect(page.get_by_text("This is your poster, not a card.")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("heading", name="Maja")).to_be_visible(timeout=20_000)


def test_the_button_follows_the_pills(member, open_till, film):
    page = open_till(film(address(member)))
    page.get_by_role("heading", name="Maja").wait_for(timeout=20_000)

    page.get_by_role("radio", name="3").check()
    page.get_by_role("button", name="Give 3 stamps").click()

    expect(page.get_by_role("status")).to_contain_text("Maja: 3 stamps. Now 4 of 9.")


def test_undo_is_one_tap(member, open_till, film):
    page = open_till(film(address(member)))
    page.get_by_role("button", name="Give 1 stamp").click(timeout=20_000)

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("status")).to_contain_text("Undone. Maja has 1 of 9.")


def test_a_plug_in_scanner_reaches_the_till_from_an_open_sheet(member, open_till, film):
    liv = MembershipFactory(shop=member.shop, name="Liv")
    page = open_till(film(None))
    page.get_by_label("Card code").fill(member.short_code)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Maja").wait_for()

    page.keyboard.type(address(liv))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Liv")).to_be_visible()
    with scope(shop=member.shop):
        assert not Operation.objects.filter(kind="add_stamps").exists()


def test_without_a_connection_nothing_is_called_done(member, open_till, film, no_outside_requests):
    no_outside_requests.expect("console: htmx:")
    page = open_till(film(None))
    page.get_by_label("Card code").fill(member.short_code)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Maja").wait_for()

    page.context.set_offline(True)
    page.get_by_role("button", name="Give 1 stamp").click()
    expect(page.get_by_role("status")).to_contain_text("No connection. Try again.")
    page.context.set_offline(False)
    page.get_by_role("button", name="Give 1 stamp").click()

    expect(page.get_by_role("status")).to_contain_text("Maja: 1 stamp. Now 2 of 9.")


def test_a_blocked_camera_is_explained(counter, live_server, new_context):
    context = new_context()
    context.add_cookies([{"name": COUNTER_COOKIE, "value": counter.device, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/c/")

    expect(page.get_by_text("The camera is off for this page.")).to_be_visible()
    page.get_by_role("link", name="Show me how").click()

    expect(page.get_by_role("heading", name="Turn the camera on")).to_be_visible()


def test_a_photo_of_the_code_does_as_well(member, live_server, counter, new_context, tmp_path):
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(frame(address(member)))
    context = new_context()
    context.add_cookies([{"name": COUNTER_COOKIE, "value": counter.device, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/c/")

    page.locator("#camera input[type=file]").set_input_files(photo)

    expect(page.get_by_role("heading", name="Maja")).to_be_visible()


def test_the_main_button_stands_where_the_thumb_is(member, open_till, film):
    page = open_till(film(address(member)))
    page.set_viewport_size({"width": 320, "height": 640})
    button = page.get_by_role("button", name="Give 1 stamp")
    button.wait_for(timeout=20_000)

    box = button.bounding_box()

    assert box["height"] == 72
    assert box["y"] + box["height"] <= 568
    assert page.evaluate("document.documentElement.scrollWidth") == 320
