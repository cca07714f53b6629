"""A request that is asked again, under its key, until it was answered.

No answer, a 5xx or "busy" say nothing about what happened: only the same question again does.
"""

import html
import http.client
import random
import re
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

PATIENCE = 1200  # seconds for one answer, restarts on a machine with much else to do included
IN_VAIN = 10  # seconds for one answer where a fault is planted: broken books may never give one
OFTEN = 0.3  # of the answers to a client that drops its key are lost: a small storm tells
TIMEOUT = 60  # seconds for one try
NO_DECISION = (409, 429)  # beside every 5xx
FORM = "application/x-www-form-urlencoded"
CSRF = "storm" * 6 + "ab"  # 32 letters: a form token is compared with its cookie, nothing else
SAID = re.compile(r'<div class="undo(?: wrong)?">\s*<span class="grow">(.*?)</span></span>', re.S)
ERRORS = re.compile(r'<(p|div|h2) [^>]*class="(?:message error|trouble)[^>]*>(.*?)</\1>', re.S)
SHOWN = re.compile(r"^/m/[^/]+/(reward|early)/")
NOWADAYS = ("hand over", "undo", "merge")  # their answer tells how the card stands now as well
TAG = re.compile(r"<[^>]+>")


@dataclass
class Reply:
    status: int
    location: str
    text: str

    @property
    def done(self) -> bool:
        return self.status < 400

    @property
    def decided(self) -> bool:
        return self.status < 500 and self.status not in NO_DECISION

    @property
    def said(self) -> str:
        """What a person is told, without what is new on every page."""
        found = SAID.search(self.text) or ERRORS.search(self.text)
        return (
            " ".join(html.unescape(TAG.sub(" ", found[found.re.groups])).split()) if found else ""
        )

    @property
    def where(self) -> str:
        """What is shown next. By which link is news, once its card is part of another one."""
        return SHOWN.sub(r"/m/…/\1/", self.location)


@dataclass
class Act:
    """One thing somebody wants, once: what was asked, and what they were told."""

    kind: str
    key: UUID
    asked: dict[str, Any]  # what the model needs to know
    client: int = -1
    keys: list[UUID] = field(default_factory=list)  # more than one only where a fault is planted
    sent: float = 0.0
    answered: float = float("inf")
    reply: Reply | None = None  # None: nobody ever answered
    tries: int = 0
    again: Any = None  # how to ask once more: the door, path, fields, headers
    wrong: list[str] = field(default_factory=list)  # what a later answer under this key gave away

    @property
    def done(self) -> bool:
        return self.reply is not None and self.reply.done

    def essence(self, reply: Reply) -> tuple[int, str, str]:
        """What must be the same each time: the outcome, what was booked, and what stood then.

        How the card stands now is news, where the answer tells that: only what was done is kept.
        """
        said = reply.said
        if reply.done and self.kind in NOWADAYS:
            said = said.partition(". ")[0]
        return reply.status, reply.where, said

    def __str__(self) -> str:
        asked = ", ".join(f"{name} {value}" for name, value in self.asked.items())
        return f"{self.kind} {self.key} ({asked})"


@dataclass
class Tally:
    """What was noticed on the way, by all clients together."""

    counts: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str) -> None:
        with self.lock:
            self.counts[what] = self.counts.get(what, 0) + 1


class Door:
    """One client's connection. Its answers may be lost on the way, as on any Wi-Fi."""

    forgetful = False  # a planted fault: each try gets a key of its own
    patience = PATIENCE

    def __init__(
        self, host: str, cookies: dict[str, str], dice: random.Random, tally: Tally
    ) -> None:
        self.host, self.dice, self.tally = host, dice, tally
        self.cookies = {"csrftoken": CSRF, **cookies}
        self.wire: http.client.HTTPConnection | None = None

    def once(
        self, method: str, path: str, fields: dict[str, Any], *, lose: bool = False, **more: str
    ) -> Reply:
        """One try. Raises OSError or HTTPException where there is no answer."""
        wire = self.wire = self.wire or http.client.HTTPConnection(self.host, timeout=TIMEOUT)
        try:
            wire.request(method, path, urlencode(fields), self._headers(more))
            if lose:
                raise ConnectionError("the answer was lost on the way")
            answer = wire.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.hang_up()
            raise
        return Reply(answer.status, answer.headers.get("Location", ""), text)

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        told = {"Cookie": cookies, "X-CSRFToken": CSRF, "Content-Type": FORM}
        return {**told, "Accept-Language": "en-gb", **more}

    def hang_up(self) -> None:
        if self.wire:
            self.wire.close()
        self.wire = None

    def insist(
        self, act: Act, path: str, fields: dict[str, Any], *, lose: float, **more: str
    ) -> Act:
        """Post until it is answered; if nobody does for `patience` seconds, it stays open.

        `lose`: how likely the answer to the first try gets lost.
        """
        act.sent, act.again = time.monotonic(), (self, path, fields, more)
        while act.reply is None and time.monotonic() < act.sent + self.patience:
            act.tries += 1
            if act.tries == 1 or self.forgetful:
                act.keys.append(act.key if act.tries == 1 else uuid4())
            lost = act.tries == 1 and self.dice.random() < (OFTEN if self.forgetful else lose)
            act.reply = self._try(path, {**fields, "key": act.keys[-1]}, lose=lost, **more)
            if act.reply is None:
                time.sleep(self.dice.uniform(0.02, 0.2) * min(act.tries, 5))
        act.answered = time.monotonic()
        return act

    def once_more(self, path: str, fields: dict[str, Any], **more: str) -> Reply | None:
        """A post whose answer is wished for, and not needed. None: there was none."""
        return self._try(path, fields, lose=False, **more)

    def _try(self, path: str, fields: dict[str, Any], *, lose: bool, **more: str) -> Reply | None:
        try:
            reply = self.once("POST", path, fields, lose=lose, **more)
        except (OSError, http.client.HTTPException):
            self.tally.note("no answer")
            return None
        if reply.decided:
            return reply
        self.tally.note(f"answer {reply.status}")
        return None
