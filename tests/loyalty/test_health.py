"""Whether this process may be sent visitors: truthful, and in one word."""

import shutil
from collections import namedtuple
from datetime import timedelta

import pysqlite3
import pytest
from django.db import DatabaseError, connection
from django.test import override_settings

from loyalty import checks, clock, health
from loyalty.checks import postgres, sqlite
from loyalty.outbox.models import OutboxMessage, PeriodicJob
from members.ledger.triggers import guard

pytestmark = pytest.mark.django_db

Disk = namedtuple("Disk", "total used free")


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    monkeypatch.setattr(health, "memory", health.Memory())


@pytest.fixture
def asked(visitor):
    """asked(): the word and the status of /readyz."""

    def asked():
        answer = visitor.get("/readyz")
        return answer.content.decode(), answer.status_code

    return asked


def test_it_works(visitor, asked):
    assert visitor.get("/livez").content == b"alive"
    assert asked() == ("ready", 200)


def test_being_alive_touches_no_database(visitor, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert visitor.get("/livez").status_code == 200


def test_it_is_remembered_for_seconds(asked, monkeypatch, django_assert_num_queries):
    asked()
    with django_assert_num_queries(0):
        assert asked() == ("ready", 200)

    looked = []
    monkeypatch.setattr(health, "REMEMBERED", 0)
    monkeypatch.setattr(health, "troubles", lambda: looked.append(1) or [])
    asked()
    assert looked


# Each thing that may be wrong: what makes it so.


def no_trigger(monkeypatch):
    guard.disarm(connection)


def pending_migration(monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'halts'")


def red_audit(monkeypatch):
    PeriodicJob.objects.create(name="check_ledger", found="account 7: balance 3, entries 2")


def idle_worker(monkeypatch):
    since = clock.now() - timedelta(minutes=20)
    OutboxMessage.objects.create(
        to="maja@example.no", template="saving/mail/code", language="nb", next_try_at=since
    )


def full_disk(monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda place: Disk(1000, 951, 49))


def no_database(monkeypatch):
    def broken():
        raise DatabaseError("the connection is lost")

    monkeypatch.setattr(health, "_migrations", broken)


TROUBLES = {
    no_trigger: "ledger_ledgerentry_no_",
    pending_migration: "halts.0001_halts is pending",
    red_audit: "the last audit",
    idle_worker: "1 mails are due",
    full_disk: "4.9% of its disk left",
    no_database: "the connection is lost",
}


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.__name__)
def test_what_is_wrong_goes_to_the_log_only(asked, monkeypatch, caplog, trouble):
    trouble(monkeypatch)

    assert asked() == ("unready", 503)
    assert TROUBLES[trouble] in caplog.text


def test_just_enough_disk_is_enough(asked, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda place: Disk(1000, 950, 50))

    assert asked() == ("ready", 200)


def test_mail_that_a_server_refuses_is_nobodys_fault_here(asked):
    """The worker tries again, later and later; shops can go on."""
    long_ago, later = clock.now() - timedelta(hours=9), clock.now() + timedelta(minutes=1)
    OutboxMessage.objects.create(
        to="maja@example.no",
        template="saving/mail/code",
        language="nb",
        created_at=long_ago,
        next_try_at=later,
    )

    assert asked() == ("ready", 200)


def test_mail_that_is_due_for_minutes_is_no_trouble(asked):
    """The worker is at other mail; only a quarter of an hour says that there is none."""
    since = clock.now() - health.WAITS_TOO_LONG + timedelta(minutes=1)
    OutboxMessage.objects.create(
        to="maja@example.no", template="saving/mail/code", language="nb", next_try_at=since
    )

    assert asked() == ("ready", 200)


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("pragma", "good", "bad"), [("synchronous", 2, 1), ("recursive_triggers", 1, 0)]
)
@pytest.mark.django_db(transaction=True)  # a PRAGMA is not heard within a transaction
def test_a_wrong_pragma_is_noticed(asked, caplog, pragma, good, bad):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}={bad}")
        try:
            assert asked() == ("unready", 503)
            assert f"PRAGMA {pragma} is {bad}, not {good}." in caplog.text
        finally:
            cursor.execute(f"PRAGMA {pragma}={good}")
    assert sqlite(databases=["default"]) == []


@pytest.mark.sqlite_only
def test_a_sqlite_that_can_lose_data_is_refused(monkeypatch):
    """Which one that is, the database says: Python may have imported another one."""
    monkeypatch.setattr(checks, "FIRST_SAFE_SQLITE", (99, 0, 0))
    [told] = sqlite(databases=["default"])

    assert told.id == "loyalty.E003"
    assert pysqlite3.sqlite_version in told.msg


@pytest.mark.postgres_only
def test_without_the_standby_that_was_promised_it_is_not_ready(asked, caplog):
    with override_settings(SYNCHRONOUS_STANDBY=True):
        assert asked() == ("unready", 503)
    assert "no synchronous standby" in caplog.text


# --- A commit is on disk (R4) ------------------------------------------------------------------


@pytest.mark.postgres_only
@override_settings(ON_THIS_MACHINE=False)
def test_a_postgres_that_forgets_is_refused():
    """The one under these tests may forget, which the check must see."""
    told = [each.msg for each in postgres(databases=["default"])]

    assert [each.split(":")[0] for each in told] == [
        "PostgreSQL has fsync=off",
        "PostgreSQL has synchronous_commit=off",
    ]


@pytest.mark.postgres_only
@override_settings(ON_THIS_MACHINE=False, SYNCHRONOUS_STANDBY=True)
@pytest.mark.parametrize(("value", "refused"), [("local", True), ("on", False)])
def test_what_waits_for_no_standby_is_refused_where_there_is_one(value, refused):
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL synchronous_commit={value}")
    told = [each.msg for each in postgres(databases=["default"])]

    assert any("synchronous_commit" in each for each in told) == refused
