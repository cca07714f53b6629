"""What staff do at a device, and what the till tells them: as static/js/counter-till.js and
counter-offline.js do it, from the tap on the button to the green line."""

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse

from tests.simulation.device import OURS, Page

DONE = (200, 302)


def is_ours(answer):
    """A hotel's login page is a 200 as well: only what bears the till's mark is an answer."""
    return bool(OURS.fullmatch(answer.till))


@dataclass
class Tap:
    """One tap on the main button, and all that staff were told about it."""

    key: str
    device: object
    counter: int
    staff: int | None
    card: object  # None: a code that is no card
    code: str  # as scanned or typed
    form: dict
    at: datetime
    told: str = ""  # "done", "saved", "refused", "taken back"; "": the page died first
    told_at: datetime | None = None  # when the till answered
    undo: str = ""  # "asked": nobody knows; "done": the till said so
    numbers: set = field(default_factory=set)  # (counter, number) it got when it had to wait
    decided: str | None = None  # "counted" or "left out", by a manager
    approved: object = None  # the key under which the manager had it booked
    lost: object = None  # the Wipe that took it from the device's memory

    @property
    def worth(self):
        return int(self.form["count"]) + ("extra" in self.form)

    @property
    def what(self):
        """What the page writes down of it."""
        return {"key": self.key, "code": self.code, "form": self.form, "stamps": self.worth}

    def __str__(self):
        who = self.card or "nobody's card"
        return f"{self.key[:8]} ({self.worth} for {who} at {self.device}, told {self.told or '-'})"


@dataclass
class Wipe:
    """A browser cleared a device's memory: with its cookies, or without."""

    device: object
    at: datetime
    with_cookies: bool
    tops: dict  # the highest number the server knew of each counter


def open_page(device, *, sends=True):
    """The till's page is opened or loaded again. Without a connection the kept one opens."""
    world = device.world
    answers = device.air == "good" or (device.air == "flaky" and world.rng.random() < 0.6)
    if answers:
        device.shell = world.who_is_on(device)
        mark = device.shell or (None, None)
    elif device.shell is None:
        device.page = None
        return
    else:
        mark = device.shell
    device.page = Page(world.uuid(), device.steady, *mark)
    device.changed()
    if sends:
        device.send()


def save(device, tap):
    """Stamp without a connection: the form of the kept page."""
    device.save(tap.what)
    tap.told = "saved"
    device.send()


def stamp(device, tap, *, dies=""):
    """Stamp with a connection. The page may die "before" it is sent, or "after" that."""
    device.remember(tap.what)
    if dies == "before":
        device.page = None
        return
    path = reverse("counter:stamp", args=[tap.code])
    form = {**tap.form, "key": tap.key}
    answer = device.network.ask(device, "POST", path, form, json=False, key=tap.key)
    if dies:
        device.page = None
    elif is_ours(answer):
        _answered(device, tap, answer)
    else:
        device.page.online = False
        device.wait(tap.key)
        tap.told = "saved"
        if answer.status:
            device.send()


def take_back(device, tap):
    """Undo what was saved and never sent."""
    if tap.told == "saved" and device.cancel(tap.key):
        tap.told = "taken back"


def undo(device, tap, booked):
    """Undo from the last ten: `booked` is the key under which the stamps stand there."""
    tap.undo = tap.undo or "asked"
    path = reverse("counter:undo", args=[booked])
    form = {"key": device.world.uuid(), "listed": "True"}
    answer = device.network.ask(device, "POST", path, form, json=False)
    device.page.online = is_ours(answer)
    if device.page.online and answer.status in DONE:
        tap.undo = "done"


def hand_out(device, code, claim, key):
    """Hand a reward out. Returns whether the till said that it is done."""
    path = reverse("counter:reward", args=[code])
    form = {"key": key, "claim": str(claim)}
    answer = device.network.ask(device, "POST", path, form, json=False)
    device.page.online = is_ours(answer)
    return device.page.online and answer.status in DONE


def _answered(device, tap, answer):
    device.page.online = True
    if answer.till:
        counter, staff = map(int, answer.till.split("/"))
        device.page.counter, device.page.staff = device.shell = (counter, staff or None)
    tap.told, tap.told_at = "done" if answer.status in DONE else "refused", device.world.now
    if answer.answered:
        device.forget(answer.answered)
    if device.in_order():
        device.send()
