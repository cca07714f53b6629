"""The site in several processes of its own, over the database of the test."""

import contextlib
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import quote

from django.core.management import call_command
from django.db import connection

from loyalty.management.demo.serving import HOST, end_all
from tests.running.postgres import free_port

WORKERS = 4
START_SECONDS = 60


@contextlib.contextmanager
def served(tally, *, cache="dbcache://shared_cache", without=""):
    """The address of the site with four workers that share the database and, unless a control
    takes that away, the cache."""
    call_command("createcachetable", "shared_cache", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM shared_cache")  # it is no model's, so no test empties it
    port = free_port()
    address = f"http://{HOST}:{port}"
    words = ["-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port)]
    words += ["--workers", str(WORKERS), "--blocking-threads", "2", "--no-ws"]
    words += ["--log-level", "warning", "tests.security.wsgi:application"]
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "CACHE_URL": cache,
        "PUBLIC_URL": address,
        "TALLY": str(tally),
        "WITHOUT": without,
        "EMAIL_URL": "dummymail://",
    }
    tally.touch()
    server = subprocess.Popen([sys.executable, *words], env=environment, start_new_session=True)
    try:
        wait_until_it_answers(f"{address}/accounts/login/", server)
        yield address
    finally:
        end_all([server])


def database_url():
    """Where this test's own rows are."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    who = f"{quote(at['USER'])}:{quote(at['PASSWORD'])}"
    return f"postgres://{who}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


def wait_until_it_answers(address, server):
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit and server.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(address, timeout=10).close()
            return
        time.sleep(0.1)
    raise RuntimeError(f"{address} did not answer within {START_SECONDS} s")
