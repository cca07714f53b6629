"""The memory of a till, as static/js/counter-queue.js keeps it: the same steps, the same names.

Whatever that script does in one transaction of IndexedDB is one method here. Everything may end
between two of them: the page dies and the memory stays. Times are milliseconds, as over there.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta

HERE = "/c/queue/"
MINUTES = 2 * 60_000
LONG_SLEEP = 30 * 24 * 3600_000
UNDECIDED = (400, 404, 409)  # our own server read it and can't take it
OURS = re.compile(r"\d+/\d+")  # the mark of an answer from a till's page


@dataclass
class Page:
    """One life of the till's page. `counter` None: it says that this is no counter any more."""

    life: str
    born: float  # on the device's steady clock
    counter: int | None
    staff: int | None
    online: bool = True  # what the script believes
    waiting: int = 0  # and what it shows, in stamps
    attention: int = 0
    sent: dict = field(default_factory=dict)  # what it last said of a round


@dataclass
class Memory:
    """What IndexedDB holds. A wiped one gets a new name."""

    store: str
    actions: dict = field(default_factory=dict)
    given: dict = field(default_factory=dict)


def stamps(actions):
    return sum(action["stamps"] for action in actions)


class Device:
    """A tablet on the counter. What it asks goes through `network`, which may do as it likes."""

    def __init__(self, name, world, counter, secret):
        self.name, self.world, self.network = name, world, world.network
        self.counter, self.secret = counter, secret
        self.crumbs = {}  # the cookies `given-…`, which may outlive the memory
        self.memory = Memory(world.uuid())
        self.shell = (counter.pk, counter.staff_id)  # what the kept page says without a connection
        self.page = None
        self.air = "good"  # or "flaky", or "down"
        self.in_drawer = False
        self.has_news = False  # a loss that it has told nobody
        self.asleep = False
        self.offset = timedelta(0)  # of its clock
        self.jumps = []  # when its clock was changed
        self.steady = 0.0  # the clock nobody can change; it stands still while the device sleeps

    def __str__(self):
        return self.name

    @property
    def wall(self):
        return round((self.world.now + self.offset).timestamp() * 1000)

    @property
    def at_work(self):
        """Is a page open on which staff can tap?"""
        return self.page is not None and self.page.counter is not None

    def wipe(self, *, with_cookies):
        """The browser clears what scripts wrote. The cookie that makes it a counter stays."""
        self.page, self.memory, self.has_news = None, Memory(self.world.uuid()), True
        if with_cookies:
            self.crumbs.clear()

    # --- Numbers ------------------------------------------------------------------------------

    def highest(self, counter):
        return max(self.memory.given.get(counter, 0), self.crumbs.get(counter, 0))

    def number(self, action):
        seq = self.highest(action["counter"]) + 1
        numbered = {**action, "seq": seq, "state": "waiting"}
        self.memory.given[action["counter"]] = seq
        self.memory.actions[action["key"]] = numbered
        self.tell(action["counter"], seq)
        self.world.taps[action["key"]].numbers.add((action["counter"], seq))

    def tell(self, counter, given):
        self.crumbs[counter] = given

    # --- What can happen to an action ---------------------------------------------------------

    def made(self, what):
        page = self.page
        return {
            **what,
            "counter": page.counter,
            "staff": page.staff,
            "at": self.wall,
            "steady": self.steady - page.born,
            "life": page.life,
            "state": "sending",
            "tried": True,
            "cancelled": False,
            "seq": None,
        }

    def remember(self, what):
        self.memory.actions[what["key"]] = self.made(what)

    def wait(self, key):
        action = self.memory.actions.get(key)
        if action and action["state"] == "sending":
            self.number(action)
        self.changed()

    def save(self, what):
        self.number({**self.made(what), "tried": False})
        self.changed()

    def forget(self, key):
        self.memory.actions.pop(key, None)
        self.changed()

    def cancel(self, key):
        action = self.memory.actions.get(key)
        if action is None or action["tried"]:
            return False
        self.memory.actions[key] = {**action, "cancelled": True}  # its number is still handed in
        self.changed()
        return True

    def in_order(self):
        numbered = [action for action in self.memory.actions.values() if action["seq"]]
        return sorted(numbered, key=lambda action: action["seq"])

    def changed(self):
        """The page tells anew what waits."""
        if self.page is None:
            return
        standing = [action for action in self.in_order() if not action["cancelled"]]
        attention = stamps(action for action in standing if action["state"] == "attention")
        self.page.waiting, self.page.attention = stamps(standing) - attention, attention

    # --- Sending ------------------------------------------------------------------------------

    def adopt(self):
        for action in list(self.memory.actions.values()):
            if action["state"] == "sending" and action["life"] != self.page.life:
                self.wait(action["key"])

    def send(self):
        """Hand in what waits. The page may find out here that it is no counter any more."""
        if self.page is not None:
            self.hand_in()

    def hand_in(self):
        self.adopt()
        door = self.knock()
        if door is None:
            return
        if door["signed_out"] and self.at_work:
            self.sign_out()
        before = self.in_order()
        if not before:
            self.hand(door["till"], None)
        told = {"counted": 0, "held": 0}
        for action in before:
            if self.page is None:
                return
            answer = self.hand(door["till"], action)
            self.changed()
            if answer == "stop":
                break
            if answer in told and not action["cancelled"]:
                told[answer] += action["stamps"]
        if self.page and any(told.values()):
            self.page.sent = told

    def knock(self):
        """Is anybody there, and is it us? A hotel's login page is a 200 as well."""
        answer = self.network.ask(self, "GET", HERE)
        ours = answer.body is not None and "till" in answer.body
        self.page.online = ours
        if answer.status == 401 and ours and self.at_work:
            self.sign_out()
        return answer.body if answer.status == 200 and ours and "csrf" in answer.body else None

    def sign_out(self):
        """The page loads again: it shows nothing from memory, and still hands in."""
        self.shell = None
        self.page = Page(self.world.uuid(), self.steady, None, None)
        self.changed()

    def hand(self, till, listed):
        action = listed and self.taken(listed["key"])
        answer = self.network.ask(self, "POST", HERE, self.message(till, action), key=action)
        body = answer.body or {}
        if body.get("given"):
            self.learn(till, body["given"])
        if not action:
            return ""
        if self.may_forget(answer, action["key"]):
            self.memory.actions.pop(action["key"], None)
            return body.get("state", "")
        if "till" in body and answer.status in UNDECIDED:
            self.memory.actions[action["key"]] = {**action, "state": "attention"}
            return "attention"
        self.page.online = 0 < answer.status < 500
        return "stop"

    def may_forget(self, answer, key):
        return 200 <= answer.status < 300 and (answer.body or {}).get("key") == key

    def taken(self, key):
        action = self.memory.actions.get(key)
        if action:
            self.memory.actions[key] = {**action, "tried": True}
        return action

    def message(self, till, action):
        waiting = [each["seq"] for each in self.in_order() if each["counter"] == till]
        report = {"store": self.memory.store, "given": self.highest(till), "waiting": waiting}
        return {**report, "item": self.item(action)} if action else report

    def item(self, action):
        names = ("key", "seq", "counter", "code", "staff", "form", "cancelled")
        told = {name: action[name] for name in names}
        return {**told, "age": round(self.age(action)), "now": self.wall}

    def age(self, action):
        wall = self.wall - action["at"]
        if action["life"] != self.page.life:
            return wall
        steady = self.steady - self.page.born - action["steady"]
        return steady if wall < steady - MINUTES or wall > steady + LONG_SLEEP else wall

    def learn(self, counter, given):
        top = max(self.highest(counter), given)
        self.memory.given[counter] = top
        self.tell(counter, top)
