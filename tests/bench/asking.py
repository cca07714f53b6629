"""The till's requests without a browser: a typed code, the sheet, one stamp."""

import http.client
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from loyalty.access import COUNTER_COOKIE
from tests.bench.figures import Series
from tests.bench.shop import BenchShop

FORM = "application/x-www-form-urlencoded"
COOKIE = re.compile(r"([^=]+)=([^;]*)")
TRANSACTION = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


@dataclass(frozen=True)
class Answered:
    find: Series  # six digits typed → sheet
    stamp: Series  # tap → green line
    hello: Series


class Till:
    """A paired counter that keeps its connection, as browsers do."""

    def __init__(self, address: str, device: str) -> None:
        self.wire = http.client.HTTPConnection(urlsplit(address).netloc)
        self.cookies = {COUNTER_COOKIE: device}

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and text. A redirect is followed, as htmx does."""
        headers = {"HX-Request": "true", "Accept-Language": "en-gb", "Content-Type": FORM}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers["X-CSRFToken"] = self.cookies.get("csrftoken", "")
        self.wire.request(method, path, urlencode(fields or {}), headers)
        answer = self.wire.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            if cookie := COOKIE.match(line):
                self.cookies[cookie[1]] = cookie[2]
        if answer.status == 302:
            return self.ask("GET", answer.headers["Location"])
        return answer.status, text


class StampForm(HTMLParser):
    """Where a sheet's stamp form goes to, and what it says when nothing is changed."""

    def __init__(self, sheet: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.inside = False
        self.feed(sheet)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.action:
            self.inside = told.get("action", "").endswith("/stamp/")
            self.action = told["action"] if self.inside else ""
        choice = told.get("type") in ("radio", "checkbox")
        if tag == "input" and self.inside and ("checked" in told or not choice):
            self.fields[told["name"]] = told.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"


def measure(address: str, bench: BenchShop, *, times: int) -> Answered:
    """Find and stamp cards of the crowd by their six digits, spread over the whole drawer."""
    till = Till(address, bench.device)
    till.ask("GET", "/c/")  # for its cookies
    found, stamped, hello = [], [], []
    for card in bench.crowd[:: max(1, len(bench.crowd) // times)][:times]:
        hello.append(timed(lambda: till.ask("GET", "/hello/"))[0])
        wish = {"code": card.short_code}
        took, sheet = timed(lambda wish=wish: till.ask("POST", "/c/", wish))  # type: ignore[misc]
        found.append(took)
        form = StampForm(sheet)
        took, line = timed(lambda form=form: till.ask("POST", form.action, form.fields))  # type: ignore[misc]
        stamped.append(took)
        if "1 stamp." not in line:
            raise RuntimeError(f"No stamp was given: {line[:500]}")
    return Answered(Series.of(found), Series.of(stamped), Series.of(hello))


def timed(ask: Callable[[], tuple[int, str]]) -> tuple[float, str]:
    """Milliseconds, and the text."""
    began = time.perf_counter()
    status, text = ask()
    took = (time.perf_counter() - began) * 1000
    if status != 200:
        raise RuntimeError(f"Answer {status}: {text[:500]}")
    return took, text


def statements(bench: BenchShop) -> dict[str, int]:
    """What finding and stamping one more card asks of the database, counted in this process."""
    till = Client(headers={"accept-language": "en-gb", "hx-request": "true"})
    till.cookies[COUNTER_COOKIE] = bench.device
    card = bench.crowd[-1]
    with CaptureQueriesContext(connection) as found:
        sheet = till.post("/c/", {"code": card.short_code}, follow=True)
    form = StampForm(sheet.content.decode())
    with CaptureQueriesContext(connection) as stamped:
        till.post(form.action, form.fields)
    return {"find": count(found), "stamp": count(stamped)}


def count(captured: CaptureQueriesContext) -> int:
    return sum(not query["sql"].startswith(TRANSACTION) for query in captured)
