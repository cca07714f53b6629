"""The site in processes of its own, as an installation serves it."""

import contextlib
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from loyalty.management.demo.serving import HOST, end_all, web_server
from tests.running.postgres import free_port

WHOLE = "loyalty.wsgi:application"
START_SECONDS = 180  # on a machine that has much else to do


@contextlib.contextmanager
def served(
    application: str = WHOLE,
    *,
    workers: int = 2,
    told: Mapping[str, str] | None = None,
    log: Path | None = None,
    under: Sequence[str] = (),
) -> Iterator[str]:
    """The address of one web server, until the end. `told`: its settings, beside our own.

    `under`: the words of a program that watches it, and leaves its process id to the server.
    """
    port = free_port()
    address = f"http://{HOST}:{port}"
    with contextlib.ExitStack() as stack:
        server = subprocess.Popen(
            [*under, sys.executable, "-m", *web_server(port, application, workers=workers)],
            # What stands in codes, so that a till knows its own.
            env={**os.environ, "PUBLIC_URL": address, **(told or {})},
            stdin=subprocess.DEVNULL,
            stdout=stack.enter_context(log.open("ab")) if log else None,
            stderr=subprocess.STDOUT if log else None,
            start_new_session=True,  # Ctrl-C reaches it through us and only once
        )
        stack.callback(end_all, [server])
        until_it_answers(f"{address}/", server)
        yield address


def until_it_answers(address: str, server: "subprocess.Popen[bytes] | None" = None) -> None:
    """RuntimeError if it doesn't in time, or if that process has ended."""
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit and (server is None or server.poll() is None):
        if _answers(address):
            return
        time.sleep(0.1)
    raise RuntimeError(f"{address} did not answer within {START_SECONDS} s")


def _answers(address: str) -> bool:
    """Does anything speak HTTP there?"""
    try:
        urllib.request.urlopen(address, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
