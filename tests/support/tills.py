"""The counter's page in a browser, and what staff do with it: by hand, camera and scanner."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from loyalty.access import COUNTER_COOKIE

BUSY = timedelta(seconds=5)  # a page's clock is never put back: it may have run on for so long
UNTIL_A_HAND = 100  # milliseconds; the till waits 80 for what else a scanner types

COUNT_QUESTIONS = """
window.questions = [];
const devices = navigator.mediaDevices; // none on the empty page a browser begins with
const ask = devices?.getUserMedia.bind(devices);
if (ask) devices.getUserMedia = (wish) => {
  questions.push(wish.video);
  const { deviceId, ...rest } = wish.video; // whichever is asked for, there is but one
  return ask({ ...wish, video: rest });
};
"""


class Till:
    """One device. Its context may be closed or killed and opened again."""

    def __init__(self, context, address, device):
        become_counter(context, address, device)
        self.context, self.address = context, address
        self.open()

    def open(self):
        self.page = self.context.new_page()
        self.page.goto(f"{self.address}/c/")
        self.page.evaluate("navigator.serviceWorker.ready.then(() => tillQueue.ready)")

    @property
    def tag(self):
        return self.page.locator("#connection")

    @property
    def line(self):
        return self.page.locator("#said")

    def find(self, card):
        field = self.page.get_by_label("Code or phone number")
        field.fill(card.short_code)
        field.press("Enter")  # there: a new sheet may just be choosing what has the focus

    def save(self, card):
        """Stamp a card while there is no connection."""
        self.find(card)
        self.page.get_by_role("button", name="Save 1 stamp").click()
        expect(self.line).to_contain_text("1 stamp saved here.")

    def send(self):
        """What happens by itself within fifteen seconds."""
        self.page.evaluate("tillQueue.send()")

    def kept(self):
        return self.page.evaluate("tillQueue.list()")


def become_counter(context, address, device):
    """The browser holds what a paired one holds."""
    context.add_cookies([{"name": COUNTER_COOKIE, "value": device, "url": address}])


@pytest.fixture
def become_till(counter, live_server):
    """become_till(context): its browser is the counter. A page, which opens nothing yet."""

    def become(context, *scripts):
        become_counter(context, live_server.url, counter.device)
        context.add_init_script("\n".join(scripts))  # as one: the order of several is not promised
        return context.new_page()

    return become


@pytest.fixture
def open_till(become_till, live_server, browser_with_camera):
    """open_till(mjpeg): the counter's page in a browser whose camera sees that film.

    Scripts run before its own. `questions` in the page is what the camera was asked for.
    """

    def open_with(mjpeg, *scripts, **wishes):
        context = browser_with_camera(mjpeg).new_context(**wishes)
        page = become_till(context, COUNT_QUESTIONS, *scripts)
        page.goto(f"{live_server.url}/c/")
        page.evaluate("document.querySelector('video').same = true")
        return page

    return open_with


@pytest.fixture
def scan():
    """scan(page, text): a plug-in scanner types it, with the keys it is set to before and after.

    The page's clock stands still meanwhile: a busy machine would make a hand of the scanner. And
    it passes on a little at the end: a quick machine would make a scanner of the hand that follows.
    """

    def type_quickly(page, text, first="", ends=("Enter",)):
        page.clock.install()
        page.clock.pause_at(datetime.now(UTC) + BUSY)
        if first:
            page.keyboard.press(first)
        page.keyboard.type(text)
        for key in ends:
            page.keyboard.press(key)
        page.clock.run_for(UNTIL_A_HAND)
        page.clock.resume()

    return type_quickly
