"""What the device at the till can do: torch, another camera, a scanner with habits of its own, a
screen that stays awake, a sound. Nothing is offered that is not there."""

import re

import pytest
from django_scopes import scope
from playwright.sync_api import expect

from members.ledger.models import Operation
from tests.factories import MembershipFactory
from tests.support.film import A_SECOND, address, frame

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST_RUN = "Point the camera at the customer's code."
A_TORCH_AND_TWO_CAMERAS = """
window.lit = [];
const track = MediaStreamTrack.prototype;
track.getCapabilities = () => ({ torch: true });
track.applyConstraints = async (wish) => { lit.push(wish.advanced[0].torch); };
track.getSettings = () => ({ deviceId: "back", facingMode: "environment" });
if (devices) devices.enumerateDevices = async () => [
  { kind: "videoinput", deviceId: "back" }, { kind: "audioinput", deviceId: "ear" },
  { kind: "videoinput", deviceId: "front" },
];
"""
COUNT_LOCKS = """
window.locks = [];
const request = async (of) => { locks.push(of); };
Object.defineProperty(navigator, "wakeLock", { value: { request } });
"""
COUNT_SIGNALS = """
window.signals = [];
navigator.vibrate = () => signals.push("felt");
const play = AudioScheduledSourceNode.prototype.start;
AudioScheduledSourceNode.prototype.start = function (...when) {
  signals.push("heard");
  play.apply(this, when);
};
"""
ASKS_EVERY_TIME = """
if (navigator.permissions) navigator.permissions.query = async () => ({ state: "prompt" });
"""
REFUSED = """
if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = async () => {
  throw new DOMException("No", "NotAllowedError");
};
"""


def test_torch_and_other_cameras_are_offered_where_there_are_any(counter, open_till, film):
    page = open_till(film(), A_TORCH_AND_TWO_CAMERAS)
    torch = page.get_by_role("button", name="Torch")

    torch.click()
    expect(torch).to_have_attribute("aria-pressed", "true")
    torch.click()
    expect(torch).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="Switch camera").click()
    expect(page.get_by_text(FIRST_RUN)).to_be_visible()
    page.reload()

    expect(torch).to_be_visible()
    assert page.evaluate("questions.map((wish) => wish.deviceId?.exact)") == ["front"]
    assert torch.bounding_box()["height"] >= 48


def test_without_them_there_is_no_button(counter, open_till, film):
    page = open_till(film())

    expect(page.get_by_text(FIRST_RUN)).to_be_visible()
    expect(page.locator("#camera button:visible")).to_have_count(0)


def test_the_screen_stays_awake_while_the_till_is_seen(counter, open_till, film):
    page = open_till(film(), COUNT_LOCKS)
    assert page.evaluate("locks") == ["screen"]

    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    assert page.evaluate("locks") == ["screen", "screen"]


def test_a_read_is_felt_and_on_wish_heard(member, open_till, tmp_path):
    once = tmp_path / "once.mjpeg"
    nothing = frame(None) * A_SECOND
    once.write_bytes(nothing * 4 + frame(address(member)) * A_SECOND + nothing * 60)
    page = open_till(once, COUNT_SIGNALS, color_scheme="light")
    expect(page.get_by_role("heading", name="Maja")).to_be_visible()
    assert page.evaluate("signals") == ["felt"]

    page.locator(".counter-head summary").click()
    page.get_by_role("link", name="This device").click()
    page.get_by_label("Dark").check()
    page.get_by_label("Sound when a code is read").check()
    page.get_by_label("Vibrate when a code is read").uncheck()
    page.get_by_role("button", name="Save").click()

    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("link", name="New member").click()  # a page may be heard after a tap
    page.evaluate("document.getElementById('camera').dispatchEvent(new Event('read'))")
    assert page.evaluate("signals") == ["felt", "heard"]
    assert page.evaluate("document.querySelector('video').same")


def test_who_is_asked_every_time_learns_how_to_end_it_once(counter, open_till, film):
    page = open_till(film(), ASKS_EVERY_TIME)
    tired = page.get_by_text("Tired of this question? Page settings > Camera > Allow.")

    expect(page.get_by_text(FIRST_RUN)).to_be_visible()
    page.reload()
    expect(tired).to_be_visible()
    page.reload()

    expect(page.get_by_text(FIRST_RUN)).to_be_visible()
    expect(tired).to_be_hidden()


def test_a_blocked_camera_is_explained(live_server, become_till, new_context):
    page = become_till(new_context(), REFUSED)
    page.goto(f"{live_server.url}/c/")

    expect(page.get_by_text("The camera is off for this page.")).to_be_visible()
    page.get_by_role("link", name="Show me how").click()

    expect(page.get_by_role("heading", name="Turn the camera on")).to_be_visible()


def test_a_device_without_a_camera_is_not_told_to_allow_it(live_server, become_till, new_context):
    page = become_till(new_context())
    page.goto(f"{live_server.url}/c/")

    expect(page.get_by_text("This device has no camera.")).to_be_visible()
    expect(page.get_by_text("The camera is off for this page.")).to_be_hidden()


@pytest.mark.parametrize(
    "habit",
    [{"ends": ["Enter", "Enter"]}, {"ends": ["Tab"]}, {"first": "Enter"}],
    ids=["two line ends", "a tab", "a line end before it"],
)
def test_a_scan_presses_no_button(member, open_till, film, scan, habit):
    liv = MembershipFactory(shop=member.shop, name="Liv")
    page = open_till(film())
    scan(page, address(member), **habit)  # into the field
    page.get_by_role("button", name="Give 1 stamp").focus()

    scan(page, address(liv), **habit)  # into the button
    expect(page.get_by_role("heading", name="Liv")).to_be_visible()
    page.get_by_role("radio", name="2").focus()
    scan(page, address(member), **habit)  # into a choice

    expect(page.get_by_role("heading", name="Maja")).to_be_visible()
    page.wait_for_timeout(200)
    with scope(shop=member.shop):
        assert not Operation.objects.filter(kind="add_stamps").exists()


TAP_AT_ONCE = """
new MutationObserver(() => document.querySelector("[data-gives]")?.click())
  .observe(document.getElementById("sheet"), { childList: true });
"""


def test_a_tap_in_the_moment_a_sheet_appears_does_not_leave_the_page(member, open_till, film, scan):
    page = open_till(film())
    page.evaluate(TAP_AT_ONCE)

    scan(page, address(member))

    expect(page.get_by_role("status")).to_contain_text("Maja: 1 stamp. Now 2 of 9.")
    assert page.evaluate("document.querySelector('video').same")


def test_a_scan_leaves_no_trace_in_another_field_and_hands_may_still_press_enter(
    member, open_till, film, scan
):
    page = open_till(film())
    page.get_by_role("link", name="Search by name").click()
    page.get_by_label("Name").press_sequentially("Liv", delay=100)
    scan(page, address(member))

    expect(page.get_by_role("heading", name="Maja")).to_be_visible()
    page.get_by_role("button", name="Give 1 stamp").press("Enter")

    expect(page.get_by_role("status")).to_contain_text("Maja: 1 stamp. Now 2 of 9.")


def test_an_open_sheet_may_want_the_next_code_for_itself(member, open_till, film, scan):
    page = open_till(film())
    page.evaluate("document.querySelector('#sheet > *').dataset.scan = '/c/?other=card'")

    with page.expect_request(re.compile(r"/c/\?other=card$")) as asked:
        scan(page, address(member))

    assert member.counter_code in asked.value.post_data
