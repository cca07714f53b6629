"""The worker's loop: do the tasks there are, tick, rest. Ends between two tasks when asked to."""

import logging
import os
import signal
import socket
import time
from types import FrameType

from django.db import OperationalError, close_old_connections
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from loyalty import clock
from loyalty.management.ticking import tick
from members.ledger.refusals import Busy

log = logging.getLogger("stamkunde.worker")

SIGNALS = (signal.SIGINT, signal.SIGTERM)
NAP = 0.25  # seconds


class Work:
    def __init__(self, *, interval: float) -> None:
        self.interval = interval
        self.ended = False
        self.tasks = Worker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=interval,
            batch=True,  # does what there is and comes back to us
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=f"{socket.gethostname()[:40]}-{os.getpid()}",
        )

    def run(self) -> None:
        """Work until `end` is called."""
        while not self.ended:
            close_old_connections()
            try:
                self.one_round()
            except (OperationalError, Busy) as trouble:  # locked, or failing over: it comes back
                log.warning("The database did not answer: %s", trouble)
            self.rest()

    def one_round(self) -> None:
        # Looking first is a read; taking a task locks all of SQLite.
        if DBTaskResult.objects.ready().exists():
            self.tasks.run()
        if not self.ended:
            tick(clock.now())

    def rest(self) -> None:
        """In short naps: a signal that wakes us from a sleep lets us fall asleep again."""
        until = time.monotonic() + self.interval
        while not self.ended and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, NAP))

    def end(self) -> None:
        self.tasks.running = False
        self.ended = True

    def end_on_signals(self) -> None:
        """The first signal lets the task in hand finish; a second one does not."""

        def ask(number: int, frame: FrameType | None) -> None:
            self.end()
            for wanted in SIGNALS:
                signal.signal(wanted, signal.SIG_DFL)

        for wanted in SIGNALS:
            signal.signal(wanted, ask)
