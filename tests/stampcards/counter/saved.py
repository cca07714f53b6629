"""A device that was without a connection, and what it sends when it is back."""

import time
from dataclasses import dataclass, field
from uuid import uuid4

from loyalty import keys


@dataclass
class Device:
    """Keeps what it saves until an answer repeats its key, as the script of the till does."""

    till: object  # django.test.Client with the counter's cookie
    counter: object
    programme: object
    given: int = 0
    store: str = field(default_factory=lambda: str(uuid4()))
    waiting: list = field(default_factory=list)

    def save(self, card, *, code=None, staff=None, age=60, **form):
        """Staff tapped `age` seconds ago. Nothing is sent yet."""
        self.given += 1
        item = {
            "key": str(keys.new()),
            "seq": self.given,
            "counter": self.counter.pk,
            "code": code or card.counter_code,
            "staff": self.counter.staff_id if staff is None else staff,
            "form": {"programme": str(self.programme.pk), "count": "1", "again": "", **form},
            "cancelled": False,
            "age": int(age * 1000),
            "now": int(time.time() * 1000),
        }
        self.waiting.append(item)
        return item

    def message(self, item=None):
        seqs = [each["seq"] for each in self.waiting]
        report = {"store": self.store, "given": self.given, "waiting": seqs}
        return {**report, "item": item} if item else report

    def post(self, item=None):
        """One message; the answer is not listened to."""
        return self.till.post("/c/queue/", self.message(item), content_type="application/json")

    def hand_in(self):
        """Send everything, and forget what was answered with its own key."""
        answers = [self.post(item) for item in list(self.waiting)] or [self.post()]
        done = {answer.json().get("key") for answer in answers if answer.status_code == 200}
        self.waiting = [item for item in self.waiting if item["key"] not in done]
        return [answer.json() for answer in answers]

    def wipe(self, *, cookie=True):
        """The browser clears its memory. The number may survive in the cookie."""
        self.waiting.clear()
        self.store = str(uuid4())
        if not cookie:
            self.given = 0
