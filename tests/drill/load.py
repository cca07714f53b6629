"""Tills that stamp without a pause, and ask again with the same key until they have an answer.

What is acknowledged, and when, is written down here and compared with the ledger afterwards.
"""

import contextlib
import http.client
import itertools
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from loyalty import keys

CLIENTS = 4  # as many as one worker has threads, so that all may wait at once
PATIENCE = 30  # seconds until a till gives up on one answer
PAUSE = 0.1  # seconds between two tries of one stamp
TOKEN = "0" * 32  # a cookie and a field that agree: all a till without a page needs for CSRF
PLAIN = "counter={device}; csrftoken={token}"  # the cookies where there is no HTTPS
NOW = re.compile(r"Now (\d+) of (\d+)\.")


@dataclass(frozen=True)
class Acknowledged:
    """A till was told that this is done."""

    key: UUID
    after: int  # stamps on the card then
    moment: float  # of the monotonic clock
    tries: int


@dataclass
class Load:
    dial: Callable[[], http.client.HTTPConnection]
    shop: dict[str, Any]  # as tests/drill/shop.py tells it
    done: list[Acknowledged] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.codes = itertools.cycle(self.shop["codes"])

    def stamp_on(self) -> None:
        """One till, until the load ends. What has no answer by then stays unanswered."""
        wire: http.client.HTTPConnection | None = None
        while not self.ended.is_set():
            key, code = keys.new(), next(self.codes)
            for tries in itertools.count(1):
                wire = wire or self.dial()
                text = self._asked(wire, code, key)
                if text is None:
                    wire.close()
                    wire = None
                elif now := NOW.search(text) if f"/undo/{key}/" in text else None:
                    moment = time.monotonic()
                    self.done.append(Acknowledged(key, int(now[1]), moment, tries))
                    break
                if self.ended.wait(PAUSE):
                    return

    def _asked(self, wire: http.client.HTTPConnection, code: str, key: UUID) -> str | None:
        """The text of a good answer; None: no connection. Everything is counted."""
        fields = {"programme": self.shop["programme"], "key": key, "count": 1, "again": "True"}
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept-Language": "en-gb",
            "HX-Request": "true",
            "Cookie": PLAIN.format(device=self.shop["device"], token=TOKEN),
            "X-CSRFToken": TOKEN,
        }
        try:
            wire.request("POST", f"/c/card/{code}/stamp/", urlencode(fields), headers)
            answer = wire.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException) as trouble:
            self.answers[type(trouble).__name__] += 1
            return None
        self.answers[str(answer.status)] += 1
        return text if answer.status == 200 else ""


def plainly(address: str) -> Callable[[], http.client.HTTPConnection]:
    """How a till reaches a web server without anything in between."""
    return lambda: http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)


@contextlib.contextmanager
def running(dial: Callable[[], http.client.HTTPConnection], shop: dict[str, Any]) -> Iterator[Load]:
    """Several tills at once."""
    load = Load(dial, shop)
    tills = [threading.Thread(target=load.stamp_on, daemon=True) for _ in range(CLIENTS)]
    for till in tills:
        till.start()
    try:
        yield load
    finally:
        load.ended.set()
        for till in tills:
            till.join(PATIENCE + 5)
