"""A PostgreSQL that keeps its promises: flushed to disk, and stopped as if the power had gone."""

import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.running import postgres

# What an installation has. And the moment of every commit is kept: the judge reads the order.
CAREFUL = ("fsync=on", "synchronous_commit=on", "full_page_writes=on", "track_commit_timestamp=on")


class Cluster:
    """One server on one port, which can die and come back."""

    def __init__(self, home: Path) -> None:
        self.binaries = postgres.find_binaries(home)
        self.data = postgres.make_cluster(self.binaries, home)
        self.log, self.port = home / "server.log", postgres.free_port()
        self._start()

    @property
    def address(self) -> str:
        return postgres.address_at(self.port)

    @property
    def pid(self) -> int:
        return self.server.pid

    def _start(self) -> None:
        self.server = postgres.start(self.binaries, self.data, self.log, self.port, *CAREFUL)
        postgres.wait_until_up(self.server, self.address, self.log)

    def keep_up(self) -> None:
        """Start it again if it was stopped; recovery reads the log."""
        if self.server.poll() is not None:
            self._start()

    def stop(self) -> None:
        postgres.stop(self.server)


def stop_at_once(postmaster: int) -> None:
    """The immediate stop: nothing is finished, nothing is written."""
    os.kill(postmaster, signal.SIGQUIT)


@contextlib.contextmanager
def running() -> Iterator[Cluster]:
    """A fresh cluster, which is stopped and deleted at the end."""
    home = Path(tempfile.mkdtemp(prefix="stamkunde-storm-"))
    home.chmod(0o755)  # the other user must get through to what is inside
    try:
        cluster = Cluster(home)
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)
