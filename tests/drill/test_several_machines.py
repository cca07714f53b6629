"""deploy/several-machines.md, started for real on loopback: `manage.py test --ha`."""

import http.server
import itertools
import threading
import time
import urllib.parse
from contextlib import ExitStack, contextmanager

import pytest

from loyalty import keys
from members.joining.limits import JOINS_PER_ADDRESS_AND_HOUR
from tests.drill import books, failover, load, machines, site
from tests.drill.books import Compared
from tests.drill.machines import WEBS, Machines, dial, settings
from tests.running.parts import SEVERAL_MACHINES
from tests.support.needs import need

pytestmark = [pytest.mark.ha, pytest.mark.once]

TAKEN_OVER = 60  # seconds from the loss of a machine until stamps go on (promise R3)
FOLLOWED = 10  # of these, until the site noticed that another database takes writes


@pytest.fixture(autouse=True)
def all_parts():
    for part in SEVERAL_MACHINES:
        need(part)


@pytest.fixture
def them():
    with machines.databases() as them:
        yield them


@pytest.fixture
def shop(them):
    """The shop, its site on two machines, and nginx in front."""
    them.start_redis()
    made = site.with_a_shop(settings())
    for machine in WEBS:
        them.start_web(machine)
    them.start_front()
    return made


def test_machine_after_machine_is_lost_and_no_stamp(them, shop, tmp_path):
    limits_hold_over_both_web_machines()
    with load.running(dial, shop) as tills:
        failover.goes_on(tills)
        gap, followed = the_primary_is_lost(them, tills)

        # Half of what waited for web2's answer is asked again, by whoever asked.
        them.lose("web2")
        failover.goes_on(tills)

        # The old primary comes back, and takes no write.
        them.start_etcd("db1")
        them.start_database("db1")
        them.until_it_plays("replica", "db1")
        assert them.ask("db1", "SELECT pg_is_in_recovery()") == [(True,)]
        assert not them.plays("primary", "db1")

        them.lose("redis")
        failover.goes_on(tills)

    assert books.compare(tills.done, them.ask("db2", books.STAMPS)) == Compared(0, 0, 0)
    assert not failover.audited(settings())
    assert gap <= TAKEN_OVER
    assert followed <= FOLLOWED
    workers = [process for process in them.running["web1"] if process.poll() is None]
    assert len(workers) == 2, "the web server and the worker live through all of it"
    site.manage(settings(), "backup", "--to", str(tmp_path))
    assert list(tmp_path.glob("*.dump"))
    print(f"{len(tills.done)} stamps, {gap:.1f} s without; {dict(tills.answers)}")


def the_primary_is_lost(them: Machines, tills):
    """Seconds until stamps went on, and of these, since the other database took writes."""
    them.lose("db1")
    lost = time.monotonic()
    them.until_it_plays("primary", "db2", seconds=TAKEN_OVER)
    promoted = time.monotonic()
    failover.goes_on(tills)
    moments = [each.moment for each in tills.done]
    first = next(moment for moment in moments if moment > promoted)
    return failover.longest_pause(moments, since=lost), first - promoted


def limits_hold_over_both_web_machines():
    """One after the other, whichever server nginx chooses, and whatever address is claimed."""
    statuses = [join(f"203.0.113.{n}") for n in range(JOINS_PER_ADDRESS_AND_HOUR + 1)]

    assert statuses == [302] * JOINS_PER_ADDRESS_AND_HOUR + [429]


def join(claimed):
    wire = dial()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": claimed}
    fields = urllib.parse.urlencode({"key": keys.new(), "p": ""})
    wire.request("POST", "/j/kaffe-benk/", fields, headers)
    answer = wire.getresponse()
    answer.read()
    wire.close()
    return answer.status


# --- What nginx gives to another server, and what not ------------------------------------------


@contextmanager
def servers(taken):
    """In the place of both web machines: they take a request, and the first to get one dies."""
    turn = itertools.count()

    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            taken.append(self.command)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if next(turn) == 0:
                self.close_connection = True  # taken, maybe done, and never answered
                return
            self.send_response(204)
            self.end_headers()

        do_POST = do_GET  # noqa: N815  # the library's name

        def log_message(self, *words):
            """Nothing: the test looks at what was taken."""

    with ExitStack() as stack:
        for address in WEBS.values():
            server = stack.enter_context(http.server.ThreadingHTTPServer((address, 8000), Server))
            threading.Thread(target=server.serve_forever, daemon=True).start()
            stack.callback(server.shutdown)
        yield


@pytest.mark.parametrize(
    ("method", "status", "times"), [("GET", 204, 2), ("POST", 502, 1)], ids=["page", "post"]
)
def test_a_post_that_was_taken_is_never_given_to_another_server(tmp_path, method, status, times):
    taken = []
    front = Machines(tmp_path)
    try:
        with servers(taken):
            front.start_front()
            wire = dial()
            wire.request(method, "/", "key=1" if method == "POST" else None)
            answer = wire.getresponse()
            wire.close()
    finally:
        front.end()

    assert (answer.status, taken) == (status, [method] * times)
