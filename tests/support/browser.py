"""Debian's Chromium under Playwright, never a downloaded one, and always under watch."""

import pytest

from tests.running.parts import CHROMIUM, chromium
from tests.support.needs import need
from tests.support.watch import Watch

SWITCHES = [
    "--no-sandbox",  # root cannot have one
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing but this machine has an address, so a forgotten CDN fails here as well.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    need(CHROMIUM)
    return {**browser_type_launch_args, "executable_path": chromium(), "args": SWITCHES}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "en-GB", "viewport": {"width": 390, "height": 844}}


@pytest.fixture
def no_outside_requests():
    """The guard; every context of a test reports to it, and faults fail the test at its end."""
    watch = Watch()
    yield watch
    assert not watch.faults, "\n".join(watch.faults)


@pytest.fixture
def new_context(browser, browser_context_args, no_outside_requests):
    """new_context(locale="da-DK"): another device, with wishes that differ from the usual."""
    contexts = []

    def make(**wishes):
        contexts.append(browser.new_context(**{**browser_context_args, **wishes}))
        return no_outside_requests.over(contexts[-1])

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def browser_with_camera(launch_browser, browser_context_args, no_outside_requests):
    """browser_with_camera(mjpeg_path): a browser whose camera sees that film, without asking."""
    browsers = []

    def launch(mjpeg_path):
        film = [
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={mjpeg_path}",
        ]
        browser = launch_browser(args=[*SWITCHES, *film])
        browsers.append(browser)
        plain = browser.new_context
        browser.new_context = lambda **wishes: no_outside_requests.over(
            plain(**{**browser_context_args, **wishes})
        )
        return browser

    yield launch
    for browser in browsers:
        browser.close()
