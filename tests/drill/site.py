"""The site as an installation runs it: commands and web servers in processes of their own."""

import contextlib
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from loyalty.management.demo.serving import HOST, end_all
from tests.drill.processes import until
from tests.running.postgres import free_port

WORKERS, THREADS = 2, 4
MAKE_SHOP = "from tests.drill import shop; print(shop.opened())"
START_SECONDS = 120
COMMAND_SECONDS = 300  # on a machine that has much else to do


class Failed(Exception):
    """A command of the site ended badly; the message is what it said."""


def manage(told: dict[str, str], *words: str) -> str:
    """A command of manage.py with these settings, and what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "django", *words],
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
    )
    if done.returncode:
        raise Failed(f"{words[0]}: {done.stderr.strip()[-2000:]}")
    return done.stdout


def with_a_shop(told: dict[str, str]) -> dict[str, Any]:
    """A shop where there was nothing: what its counter must know."""
    found = json.loads(manage(told, "shell", "--no-imports", "-c", MAKE_SHOP))
    return dict(found)


@contextlib.contextmanager
def served(told: dict[str, str], log: Path) -> Iterator[str]:
    """The address of one web server."""
    port = free_port()
    words = ["-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port)]
    words += ["--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--no-ws"]
    words += ["--log-level", "warning", "loyalty.wsgi:application"]
    with log.open("ab") as file:
        server = subprocess.Popen(
            [sys.executable, *words],
            env={**os.environ, **told},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        until_it_answers(f"http://{HOST}:{port}/")
        yield f"http://{HOST}:{port}"
    finally:
        end_all([server])


def until_it_answers(address: str) -> None:
    until(lambda: answers(address), address, seconds=START_SECONDS)


def answers(address: str) -> bool:
    """Does anything speak HTTP there?"""
    try:
        urllib.request.urlopen(address, timeout=5)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
