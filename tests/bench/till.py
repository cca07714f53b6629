"""A browser at the till: what passes between a code that was read and the camera being ready again.

The page itself takes the times, so that whoever drives the browser is not measured with it.
"""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from loyalty.access import COUNTER_COOKIE
from tests.bench.figures import Series
from tests.bench.shop import BenchShop
from tests.running.parts import chromium
from tests.support.browser import SWITCHES
from tests.support.film import A_SECOND, frame

STAMP_SECONDS = 60  # until a missed code has come round again
HELLOS = 30
WATCH = """
addEventListener("DOMContentLoaded", () => {
  const [main, camera, said, sheet, scan] = ["main", "camera", "said", "sheet", "scan"].map(
    (id) => document.getElementById(id));
  const video = camera.querySelector("video");
  const marks = { looks: [], stamps: [] };
  let read = 0, shown = 0, tapped = 0, lineBefore = null;
  window.bench = marks;

  const painted = (then) => requestAnimationFrame(() => setTimeout(() => then(performance.now())));
  const sheetStands = () => sheet.querySelector("[data-gives]");
  const lineStands = () => {
    const line = said.querySelector(".undo:not(.wrong)");
    return line && line !== lineBefore && !camera.classList.contains("small") && !video.paused;
  };

  scan.addEventListener("submit", () => { read = performance.now(); }, true);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-gives]")) return;
    tapped = event.timeStamp;
    lineBefore = said.querySelector(".undo");
  }, true);
  new MutationObserver(() => {
    if (read && sheetStands()) {
      const from = read;
      read = 0;
      painted((at) => { shown = at - from; });
    }
    if (tapped && lineStands()) {
      const from = tapped;
      tapped = 0;
      painted((at) => marks.stamps.push([shown, at - from]));
    }
  }).observe(main, { subtree: true, childList: true, attributeFilter: ["class"] });

  const pen = CanvasRenderingContext2D.prototype;
  const draw = pen.drawImage;
  let looking = 0;
  pen.drawImage = function (...words) {
    looking = performance.now();
    return draw.apply(this, words);
  };
  const wait = window.setTimeout;
  window.setTimeout = (what, ...words) => {
    if (what.name === "look" && looking) marks.looks.push(performance.now() - looking);
    return wait(what, ...words);
  };
});
"""
HELLO = """async (count) => {
  const took = [];
  for (let n = 0; n < count; n++) {
    const from = performance.now();
    await (await fetch("/hello/", { cache: "no-store" })).text();
    took.push(performance.now() - from);
  }
  return took;
}"""


@dataclass(frozen=True)
class Seen:
    """What the page measured."""

    sheet: Series  # code read → sheet painted
    line: Series  # tap → green line painted, camera ready
    look: Series  # one picture taken and searched for a code
    hello: Series


def measure(address: str, bench: BenchShop, *, stamps: int, film: Path) -> Seen:
    """Stamp the cards the camera sees, one after another, until there are so many."""
    shoot(film, [f"{address.upper()}/S/{card.counter_code}" for card in bench.cards])
    with opened(address, bench.device, film) as page:
        hello = page.evaluate(HELLO, HELLOS)
        for number in range(1, stamps + 1):
            give(page, number)
        marks = page.evaluate("window.bench")
    shown, lined = zip(*marks["stamps"], strict=True)
    return Seen(Series.of(shown), Series.of(lined), Series.of(marks["looks"]), Series.of(hello))


def shoot(film: Path, codes: list[str]) -> None:
    """Each code for eight tenths of a second, and as long nothing."""
    spell = A_SECOND * 8 // 10
    nothing = frame(None) * spell
    film.write_bytes(nothing * 3 + b"".join(frame(code) * spell + nothing for code in codes))


@contextlib.contextmanager
def opened(address: str, device: str, film: Path) -> Iterator[Page]:
    """The till on a phone, with a camera that sees the film."""
    camera = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*SWITCHES, *camera])
        context = browser.new_context(locale="en-GB", viewport={"width": 390, "height": 844})
        context.add_cookies([{"name": COUNTER_COOKIE, "value": device, "url": address}])
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(f"{address}/c/")
        yield page
        browser.close()


def give(page: Page, number: int) -> None:
    """One tap, as soon as a sheet stands there; then wait for its line."""
    limit = time.monotonic() + STAMP_SECONDS
    page.locator("[data-gives]").first.click(timeout=STAMP_SECONDS * 1000)
    while page.evaluate("window.bench.stamps.length") < number:
        if time.monotonic() > limit:
            raise RuntimeError(f"Stamp {number} brought no green line within {STAMP_SECONDS} s")
        page.wait_for_timeout(25)
