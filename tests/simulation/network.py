"""The way to the server and back. What is lost there, doubled or late, a seed decides."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.db import OperationalError, connections

from loyalty import clock
from tests.people import browser_of

# What happens to a request, and how often, while the air is flaky.
FLAKY = {
    "through": 9,
    "lost": 3,  # it never arrives
    "deaf": 4,  # it arrives, its answer does not
    "late": 2,  # nobody waits for the answer any more when it arrives
    "twice": 3,  # answered, and a copy arrives later
    "portal": 2,  # a login page of the hotel says 200
    "bad gateway": 1,
    "forbidden": 1,  # the token is too old: nothing was decided
}


class PowerCut(BaseException):
    """The server's process is gone. No code of ours may catch it."""


@dataclass
class Answer:
    """What a script reads of an answer. Status 0: there was none."""

    status: int = 0
    body: dict | None = None
    till: str = ""
    answered: str = ""


@dataclass
class Request:
    """One request as it left a device, with the cookie it had then."""

    secret: str
    method: str
    path: str
    sent: datetime
    data: dict = field(default_factory=dict)
    json: bool = True
    key: str = ""  # of the tap it is about

    def __str__(self):
        return f"{self.method} {self.path} {self.key[:8]}".strip()


class Network:
    """`under_way` holds copies and stragglers, which arrive whenever a step lets them."""

    def __init__(self, world):
        self.world, self.rng = world, world.rng
        self.under_way = []
        self.arrivals = []  # of every request: (when, request)
        self.trouble = []  # what the server broke on
        self.cuts = 0.0  # how often a request meets a failing server
        self.browsers = {}

    def ask(self, device, method, path, data=None, *, json=True, key=None):
        """Send a request from a device; returns the Answer its script gets to see."""
        told = key["key"] if isinstance(key, dict) else key or ""
        request = Request(device.secret, method, path, self.world.now, data or {}, json, told)
        fate = self.fate(device)
        self.world.note(f"  {device}: {request}: {fate}")
        return getattr(self, f"_{fate.replace(' ', '_')}")(request)

    def fate(self, device):
        if device.air != "flaky":
            return "through" if device.air == "good" else "lost"
        return self.rng.choices(list(FLAKY), FLAKY.values())[0]

    def deliver(self, request):
        """The request reaches the server. Returns the Answer; without power there is none."""
        self.arrivals.append((self.world.now, request))
        try:
            with clock.at(self.world.now), self.power():
                response = self._ask_server(request)
        except PowerCut:
            self.world.note("    the server loses its power")
            return Answer()
        if error := getattr(response, "exc_info", None):
            self.trouble.append(f"{request} broke the server: {error[0].__name__}: {error[1]}")
        body = response.json() if response["Content-Type"] == "application/json" else None
        told = {name: value for name, value in (body or {}).items() if name != "csrf"}
        self.world.note(f"    {response.status_code} {told or ''}")
        headers = response.headers
        return Answer(
            response.status_code, body, headers.get("Till", ""), headers.get("Answered", "")
        )

    def deliver_a_straggler(self):
        if self.under_way:
            late = self.under_way.pop(self.rng.randrange(len(self.under_way)))
            self.world.note(f"  arrives now: {late}")
            self.deliver(late)

    def _ask_server(self, request):
        browser = self.browsers.get(request.secret) or self._browser(request.secret)
        if request.method == "GET":
            return browser.get(request.path)
        how = {"content_type": "application/json"} if request.json else {}
        return browser.post(request.path, request.data, **how)

    def _browser(self, secret):
        browser = self.browsers[secret] = browser_of(raise_request_exception=False)
        browser.cookies[self.world.cookie] = secret
        return browser

    # --- What can happen to it ----------------------------------------------------------------

    def _through(self, request):
        return self.deliver(request)

    def _lost(self, request):
        return Answer()

    def _deaf(self, request):
        self.deliver(request)
        return Answer()

    def _late(self, request):
        self.under_way.append(request)
        return Answer()

    def _twice(self, request):
        self.under_way.append(request)
        return self.deliver(request)

    def _portal(self, request):
        return Answer(200)

    def _bad_gateway(self, request):
        return Answer(502)

    def _forbidden(self, request):
        return Answer(403)

    # --- Power --------------------------------------------------------------------------------

    @contextmanager
    def power(self):
        """Now and then a commit goes wrong: before it or after it, for good or for a moment."""
        if self.rng.random() >= self.cuts:
            yield
            return
        left = self.rng.choice([1, 1, 2, 2, 3, 4])
        after = self.rng.random() < 0.5
        gone = self.rng.choice([PowerCut, PowerCut, OperationalError])
        with failing(left, gone("the connection is gone"), after=after):
            yield


@contextmanager
def failing(nth, error, *, after):
    """Let the nth commit from here raise, `after` it has happened or instead."""
    connection = connections["default"]
    commit, left = connection._commit, nth

    def break_down():
        nonlocal left
        left -= 1
        if left:
            return commit()
        commit() if after else connection._rollback()
        connection.run_on_commit = []  # what waited for it died with the process
        raise error

    connection._commit = break_down
    try:
        yield
    finally:
        del connection._commit
