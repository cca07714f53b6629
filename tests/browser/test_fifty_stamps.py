"""Fifty stamps on the worst network there is, with the tab closed and the browser killed (O1)."""

import os
import re
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest
from django_scopes import scope
from playwright.sync_api import TimeoutError as NothingCame
from playwright.sync_api import expect

from members.ledger import audit
from members.ledger.models import LedgerEntry
from tests.factories import MembershipFactory
from tests.support.network import flapping
from tests.support.tills import Till

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STAMPS = 50
TAB_CLOSED, BROWSER_KILLED = 17, 34  # after so many
FLAP = 2  # seconds
A_MINUTE = 60_000  # milliseconds: what the promise allows after the connection is back


@pytest.fixture
def options(browser_type_launch_args, browser_context_args):
    return {**browser_type_launch_args, **browser_context_args}


@pytest.fixture
def start(browser_type, options, tmp_path, counter, network):
    """start(): the same browser with the same memory, as after switching a tablet on."""
    started = []

    def launch():
        context = browser_type.launch_persistent_context(tmp_path / "tablet", **options)
        started.append(context)
        return Till(context, network.url, counter.device)

    yield launch
    started[-1].close()


def kill(profile):
    """Switch the tablet off in the middle of whatever it does."""
    for process in Path("/proc").iterdir():
        if process.name.isdecimal() and f"--user-data-dir={profile}" in _command(process):
            os.kill(int(process.name), signal.SIGKILL)


def _command(process):
    try:
        return (process / "cmdline").read_text(errors="replace").replace("\0", " ")
    except OSError:  # it is gone already
        return ""


def found(till, card):
    """The button on the card's sheet. Where a sheet came in between, staff type the code again."""
    button = till.page.locator("#sheet [data-member] ~ form .btn-xl")
    for _try in range(3):
        till.find(card)
        with suppress(NothingCame):
            button.wait_for(timeout=A_MINUTE / 3)
            return button
    raise AssertionError(f"no sheet for {card}, but {till.page.inner_text('#sheet')!r}")


def stamp(till, card):
    """Whatever the till offers, staff tap once; a new line says that it counted, or waits."""
    button = found(till, card)
    till.page.evaluate("document.querySelector('#said > *')?.setAttribute('data-old', '')")
    button.click()
    till.page.locator("#said > :not([data-old])").wait_for(timeout=A_MINUTE)
    screen_tells_the_truth(till)


def screen_tells_the_truth(till):
    """As many wait as the screen says, and they are all of what was not answered."""
    for _ in range(20):
        said = re.search(r"(\d+) waiting", till.tag.inner_text())
        if int(said[1] if said else 0) == len(till.kept()):
            return
        till.page.wait_for_timeout(100)  # it is sending just now
    raise AssertionError(f"{till.tag.inner_text()!r} while {len(till.kept())} wait")


def test_fifty_stamps_count_once_each(start, card, counter, network, tmp_path):
    cards = [MembershipFactory(shop=card.shop) for _ in range(STAMPS)]
    till = start()
    with network.behaving(flapping(FLAP)):
        for number, member in enumerate(cards, 1):
            stamp(till, member)
            if number == TAB_CLOSED:
                till.page.close()
                till.open()
            if number == BROWSER_KILLED:
                kill(tmp_path / "tablet")
                time.sleep(1)
                till = start()
    back = time.monotonic()
    till.send()
    expect(till.tag).to_have_text("Online", timeout=A_MINUTE)

    print(f"all counted {time.monotonic() - back:.1f} s after the network was back")
    with scope(shop=card.shop):
        given = LedgerEntry.objects.filter(kind="earn").exclude(reason="welcome")
        stamped = sorted(given.values_list("account__membership", flat=True))
    assert stamped == sorted(member.pk for member in cards)
    assert list(audit.disagreements()) == []
