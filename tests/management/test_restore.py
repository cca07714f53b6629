"""A copy taken under load becomes a database again, in which every balance agrees (R1, R2)."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, contextmanager

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django_scopes import scope

from loyalty import clock
from loyalty.management.backups import SUFFIX, back_up, libpq_environment
from loyalty.management.restoring import restore
from loyalty.outbox.models import OutboxMessage
from loyalty.patience import LIMITS
from members.ledger.models import LedgerEntry
from members.privacy import erasures
from members.privacy.operations import erase_due, leave
from tests.factories import MembershipFactory, stamp
from tests.management.test_backup import can_dump
from tests.members.privacy.conftest import in_days

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = settings.BASE_DIR
ENOUGH = 2  # stamps of each till before the copy, and after it


@pytest.fixture
def place(tmp_path):
    """The address of an empty place for a database of this engine."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'restored.sqlite3'}"
        return
    if not can_dump():
        pytest.skip("pg_dump is missing or older than the server")
    name = f"restored_{os.getpid()}"
    told = libpq_environment()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    yield f"postgres://{told['PGUSER']}@{told['PGHOST']}:{told['PGPORT']}/{name}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def manage(place, tmp_path):
    """manage(words): a command in a process of its own, over that place."""

    def run(*words):
        environment = {
            **os.environ,
            "DATABASE_URL": place,
            "ERASURES_FILE": str(settings.ERASURES_FILE),
            "DJANGO_SETTINGS_MODULE": "loyalty.settings",
        }
        command = [sys.executable, "manage.py", *map(str, words)]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    return run


@pytest.fixture(autouse=True)
def no_journal_yet(settings, tmp_path):
    settings.ERASURES_FILE = tmp_path / "erasures.jsonl"


@contextmanager
def tills(cards, counter):
    """A till for each card, that stamps without a rest; yields how many each has given."""
    given, ended = [0] * len(cards), threading.Event()

    def work(number, card):
        try:
            while not ended.is_set():
                stamp(card, counter=counter)
                given[number] += 1
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(cards)]
    for thread in threads:
        thread.start()
    try:
        yield given
    finally:
        ended.set()
        for thread in threads:
            thread.join(60)


def wait_for(given, more):
    """Until every till has given so many more."""
    goal = [n + more for n in given]
    tick = threading.Event()
    for _try in range(1200):
        if all(n >= wanted for n, wanted in zip(given, goal, strict=True)):
            return
        tick.wait(0.05)
    raise TimeoutError(f"{given} of {goal}")


@pytest.fixture
def cards(shop, card):
    return MembershipFactory.create_batch(2, shop=shop)


def test_a_backup_taken_under_load_restores(cards, counter, manage, tmp_path):
    with tills(cards, counter) as given:
        wait_for(given, ENOUGH)
        acknowledged = sum(given)
        copy = back_up(tmp_path, now=clock.now(), keep=1)
        wait_for(given, ENOUGH)
    done = manage("restore", copy)

    assert done.returncode == 0, done.stderr
    assert "Every balance agrees with its entries." in done.stdout
    restored = int(re.search(r"with (\d+) entries", done.stdout)[1])
    with scope(shop=counter.shop):
        assert acknowledged <= restored < LedgerEntry.objects.count()


@pytest.mark.sqlite_only
def test_a_mere_cp_of_the_file_misses_what_was_committed(shop, card, counter, tmp_path):
    """The control: what stands in the -wal is not in the file yet."""
    member = MembershipFactory(shop=shop)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    stamp(member, counter=counter)
    cp = shutil.copy(connection.settings_dict["NAME"], tmp_path / "cp.sqlite3")
    copy = back_up(tmp_path / "backups", now=clock.now(), keep=1)

    assert (count(cp), count(copy)) == (0, 1)


def count(file):
    with closing(sqlite3.connect(file)) as found:
        [[n]] = found.execute("SELECT count(*) FROM ledger_visit").fetchall()
    return n


@pytest.mark.sqlite_only
def test_what_is_older_than_the_world_is_put_right(in_shop, tmp_path, place, manage):
    """Sessions, waiting mail, triggers, and a card that was erased since."""
    quintilla = MembershipFactory(shop=in_shop, name="Quintilla")
    OutboxMessage.objects.create(to="maja@example.no", template="saving/mail/code", language="nb")
    copy = back_up(tmp_path / "backups", now=clock.now(), keep=1)
    with closing(sqlite3.connect(copy)) as found:
        found.execute("DROP TRIGGER ledger_ledgerentry_no_update")
        found.execute("INSERT INTO django_session VALUES ('stolen', '', '2099-01-01')")
        found.commit()
    leave(quintilla)
    with in_days(14):
        erase_due(clock.now())
        erasures.note(clock.now())
    done = manage("restore", copy)

    assert done.returncode == 0, done.stderr
    assert "Erased 1 cards once more." in done.stdout
    with closing(sqlite3.connect(place.removeprefix("sqlite:///"))) as found:
        ask = lambda sql: found.execute(sql).fetchone()[0]  # noqa: E731
        assert ask("SELECT count(*) FROM django_session") == 0
        assert ask("SELECT count(*) FROM outbox_outboxmessage WHERE state = 'waiting'") == 0
        assert ask("SELECT count(*) FROM members_membership WHERE name = 'Quintilla'") == 0
        assert ask("SELECT 1 FROM sqlite_master WHERE name = 'ledger_ledgerentry_no_update'")


@pytest.mark.sqlite_only
def test_a_copy_that_does_not_add_up_is_not_called_restored(shop, card, tmp_path, manage):
    """The control: somebody helped themselves in the copy."""
    MembershipFactory(shop=shop)
    copy = back_up(tmp_path / "backups", now=clock.now(), keep=1)
    with closing(sqlite3.connect(copy)) as found:
        found.execute("UPDATE ledger_account SET balance = balance + 5")
        found.commit()
    done = manage("restore", copy)

    assert done.returncode
    assert "Entries and balance disagree" in done.stderr
    assert "Restored" not in done.stdout


def test_what_is_there_already_is_left_alone(tmp_path):
    copy = tmp_path / f"copy{SUFFIX[connection.vendor]}"
    copy.write_bytes(b"half a copy")

    with pytest.raises(CommandError, match="There is a database already"):
        restore(copy)


def test_a_broken_copy_replaces_nothing(shop, tmp_path):
    copy = tmp_path / f"copy{SUFFIX[connection.vendor]}"
    copy.write_bytes(b"half a copy")

    with pytest.raises(CommandError):
        restore(copy, replace=True)
    shop.refresh_from_db()


def test_a_copy_of_the_other_engine_is_refused(tmp_path):
    [other] = set(SUFFIX.values()) - {SUFFIX[connection.vendor]}
    copy = tmp_path / f"copy{other}"
    copy.touch()

    with pytest.raises(CommandError, match="is no copy of a database in"):
        restore(copy)


@pytest.mark.postgres_only
@pytest.mark.parametrize("name", LIMITS)
def test_migrations_are_not_cut_off_like_a_visitor(monkeypatch, name):
    seen = []

    def look(*args, **options):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting(%s)", [name])
            seen.append(cursor.fetchone()[0])

    monkeypatch.setattr("django.core.management.commands.migrate.Command.handle", look)
    look()
    call_command("migrate", verbosity=0)
    look()

    before, meanwhile, after = seen
    assert meanwhile == "0"
    assert before == after != "0"
