"""The storm on one engine or both, each in a process of its own on an empty database."""

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from tests.storm import cluster, faults

SQLITE, POSTGRESQL, BOTH = "sqlite", "postgresql", "both"
ENGINES = (SQLITE, POSTGRESQL, BOTH)
MOST_SEED = 1_000_000
LOOK = 0.05  # seconds between two looks whether the database server lives


def command(
    *, engine: str, operations: int, clients: int, seed: int | None, control: str = ""
) -> int:
    """Run it and return the exit code: 1 if anything was lost, doubled or mismatched."""
    if control == faults.NO_LOCK and engine != POSTGRESQL:
        print("SQLite has a lock of its own that nobody can take away: add --engine postgresql.")
        return 2
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(number))  # nothing is left behind
    seed = secrets.randbelow(MOST_SEED) if seed is None else seed
    print(f"Seed {seed}: --seed {seed} asks for the same once more.", flush=True)
    words = [str(seed), str(operations), str(clients), control]
    engines = (SQLITE, POSTGRESQL) if engine == BOTH else (engine,)
    return max(_blow(each, words) for each in engines)


def _blow(engine: str, words: list[str]) -> int:
    if engine == SQLITE:
        with (
            tempfile.TemporaryDirectory(prefix="stamkunde-storm-") as folder,
            _process(f"sqlite:///{folder}/storm.sqlite3", words) as storm,
        ):
            return storm.wait()
    with cluster.running() as server, _process(server.address, words, server.pid) as storm:
        while storm.poll() is None:
            server.keep_up()
            time.sleep(LOOK)
        return storm.returncode


@contextlib.contextmanager
def _process(
    address: str, words: list[str], postmaster: int | None = None
) -> "Iterator[subprocess.Popen[bytes]]":
    """A storm over this database. `postmaster`: the process it may stop in the middle."""
    there = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "loyalty.settings"}
    blow = [sys.executable, "-m", "tests.storm", "blow", *words]
    storm = subprocess.Popen([*blow, *map(str, filter(None, [postmaster]))], env=there)
    try:
        yield storm
    finally:
        if storm.poll() is None:
            storm.terminate()
        storm.wait()
