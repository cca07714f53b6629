"""Our own servers, held still or killed together with the processes they started."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path


class TookTooLong(Exception):
    """Something that was waited for did not happen; the message says what."""


def until(happened: Callable[[], bool], what: str, *, seconds: float = 60) -> None:
    """Return as soon as it has happened. TookTooLong after so many seconds."""
    limit = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > limit:
            raise TookTooLong(f"{what}: not within {seconds:.0f} s")
        time.sleep(0.02)


def freeze(pid: int) -> None:
    """Hold a server still, as a machine that hangs. The parent first: then nobody is born."""
    for each in family(pid):
        os.kill(each, signal.SIGSTOP)


def thaw(pid: int) -> None:
    for each in family(pid):
        os.kill(each, signal.SIGCONT)


def kill(pid: int) -> None:
    """As a machine that loses its power, but for its disks: they keep what was not flushed."""
    os.kill(pid, signal.SIGSTOP)
    for each in family(pid):
        os.kill(each, signal.SIGKILL)


def family(pid: int) -> list[int]:
    """A process, and whom it started itself. PostgreSQL gives each of them a group of its own."""
    return [pid, *(child for child in _running() if _parent(child) == pid)]


def _running() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _parent(pid: int) -> int | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return int(stat.rpartition(")")[2].split()[1])


def is_named(pid: int, name: str) -> bool:
    """Is it still that program, or has its number gone to another?"""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() == name
    except FileNotFoundError:
        return False
