"""A commit is done when the standby has it, and a machine that is gone holds nobody up.

On a server of its own, because the one of the suites waits for no standby.
"""

import socket
from concurrent.futures import ThreadPoolExecutor

import environ
import psycopg
import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from tests.drill import site
from tests.drill.processes import until
from tests.running import postgres

pytestmark = pytest.mark.once

OURS, DJANGOS = "loyalty.postgres", "django.db.backends.postgresql"
WAITING = "FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


@pytest.fixture(scope="module")
def server(django_db_blocker):
    """It is nobody's test database, so it may be used without asking for one."""
    with postgres.running() as address, django_db_blocker.unblock():
        yield address


@pytest.fixture
def boss(server):
    with psycopg.connect(server, autocommit=True) as wire:
        yield wire


@pytest.fixture
def lonely(boss):
    """A primary whose synchronous standby is not there."""
    change(boss, "synchronous_standby_names", "nobody")
    yield
    change(boss, "synchronous_standby_names", "")


def change(boss, name, value):
    boss.execute(f"ALTER SYSTEM SET {name} = '{value}'")
    boss.execute("SELECT pg_reload_conf()")


def open_with(engine, server):
    told = {**environ.Env.db_url_config(server), "ENGINE": engine}
    wire = ConnectionHandler({"default": told}).create_connection("default")
    wire.inc_thread_sharing()  # committed in another thread than it is closed in
    wire.set_autocommit(False)
    with wire.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
        cursor.execute("CREATE TABLE IF NOT EXISTS stamp ()")
        cursor.execute("INSERT INTO stamp DEFAULT VALUES")
    return wire


@pytest.fixture(params=[OURS, DJANGOS])
def commit(request, server, lonely, boss):
    """A commit that waits for its standby, until somebody cancels the wait."""
    wire = open_with(request.param, server)
    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(wire.commit)
        until(lambda: boss.execute(f"SELECT pid {WAITING}").fetchall(), "the commit to wait")
        boss.execute(f"SELECT pg_cancel_backend(pid) {WAITING}")
        yield request.param, result
    wire.close()


def test_a_commit_whose_wait_was_cancelled_is_unknown(commit):
    engine, result = commit
    if engine == DJANGOS:
        assert result.result(30) is None, "the danger is real: Django takes it for done"
    else:
        with pytest.raises(OperationalError, match="may not have reached the standby"):
            result.result(30)


def test_any_other_commit_is_done(server):
    wire = open_with(OURS, server)
    wire.commit()
    wire.close()


def test_a_machine_that_is_silent_is_passed_over(server):
    """Its kernel takes the call and nobody answers: what a hung machine looks like from outside."""
    ask = "from django.db import connection; connection.cursor().execute('SELECT 1')"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        both = f"127.0.0.1:{silent.getsockname()[1]},127.0.0.1:"
        told = {"DATABASE_URL": server.replace("127.0.0.1:", both)}

        site.manage(told, "shell", "--no-imports", "-c", ask)
