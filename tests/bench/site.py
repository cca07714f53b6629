"""A site of our own: a fresh SQLite file, and the demo's web server in front of it."""

import contextlib
import os
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from loyalty.languages import compile_languages
from loyalty.management.demo.serving import HOST, child, end_all, web_server
from tests.running.postgres import free_port

START_SECONDS = 30


@contextlib.contextmanager
def fresh_database() -> Iterator[None]:
    """The tables, empty; the file is gone afterwards. Never anybody's own: see loyalty/start.py."""
    file = Path(settings.DATABASES["default"]["NAME"])
    if file.exists() or file.parent != Path(tempfile.gettempdir()):
        raise RuntimeError(f"{file} is no scratch file")
    try:
        compile_languages()
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        yield
    finally:
        connection.close()
        for each in file.parent.glob(f"{file.name}*"):
            each.unlink()


@contextlib.contextmanager
def served() -> Iterator[str]:
    """The address of the site, in a process of its own."""
    port = free_port()
    address = f"http://{HOST}:{port}"
    os.environ["PUBLIC_URL"] = address  # what stands in codes, so that the till knows its own
    server = child("-m", *web_server(port, "tests.bench.wsgi:application"))
    try:
        wait_until_it_answers(f"{address}/hello/")
        yield address
    finally:
        end_all([server])


def wait_until_it_answers(address: str) -> None:
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit:
        try:
            with urllib.request.urlopen(address):
                return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise RuntimeError(f"{address} did not answer within {START_SECONDS} s")
