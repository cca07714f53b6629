"""`manage.py backup`: a copy that can be read, taken while the shop is open."""

import io
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from loyalty.management import backups
from loyalty.management.backups import back_up

NIGHT = datetime(2026, 3, 10, 3, tzinfo=UTC)

pytestmark = pytest.mark.django_db(transaction=True)  # VACUUM INTO refuses a transaction

on_sqlite = pytest.mark.sqlite_only  # copies an SQLite file


@on_sqlite
def test_it_works(tmp_path):
    made = back_up(tmp_path, now=NIGHT, keep=3)

    assert made.name == "stamkunde-2026-03-10T030000Z.sqlite3"
    with closing(sqlite3.connect(made)) as copy:
        names = {name for (name,) in copy.execute("SELECT name FROM sqlite_master")}
    assert {"ledger_ledgerentry", "ledger_ledgerentry_no_update"} <= names, "triggers come along"


@on_sqlite
def test_only_its_owner_may_read_it(tmp_path):
    made = back_up(tmp_path / "new", now=NIGHT, keep=3)

    assert made.stat().st_mode & 0o777 == 0o600
    assert made.parent.stat().st_mode & 0o777 == 0o700


@on_sqlite
def test_the_newest_are_kept_and_other_files_are_left_alone(tmp_path):
    (tmp_path / "letter.sqlite3").touch()
    for day in range(4):
        back_up(tmp_path, now=NIGHT + timedelta(days=day), keep=2)

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "letter.sqlite3",
        "stamkunde-2026-03-12T030000Z.sqlite3",
        "stamkunde-2026-03-13T030000Z.sqlite3",
    ]


@on_sqlite
def test_a_copy_that_fails_throws_nothing_older_away(tmp_path, monkeypatch):
    kept = back_up(tmp_path, now=NIGHT, keep=1)

    def broken(target):
        target.write_text("half")
        raise CommandError("The copy is not sound: row 7 missing")

    monkeypatch.setattr(backups, "copy_sqlite", broken)
    with pytest.raises(CommandError, match="row 7"):
        back_up(tmp_path, now=NIGHT + timedelta(days=1), keep=1)

    assert list(tmp_path.iterdir()) == [kept]


@on_sqlite
def test_the_command_says_where_the_copy_is(tmp_path):
    said = io.StringIO()
    call_command("backup", "--to", str(tmp_path), stdout=said)

    assert str(tmp_path) in said.getvalue()


def test_keeping_none_is_refused(tmp_path):
    with pytest.raises(CommandError, match="must be 1 or more"):
        call_command("backup", "--to", str(tmp_path), "--keep", "0")


@pytest.mark.postgres_only
def test_postgres_is_dumped_in_a_form_that_can_be_restored(tmp_path):
    if not can_dump():
        pytest.skip("pg_dump is missing or older than the server")

    made = back_up(tmp_path, now=NIGHT, keep=1)

    listed = subprocess.run(["pg_restore", "--list", made], capture_output=True, text=True)
    assert "TABLE DATA public ledger_ledgerentry" in listed.stdout
    assert made.stat().st_mode & 0o777 == 0o600


def can_dump():
    if not shutil.which("pg_dump"):
        return False
    said = subprocess.run(["pg_dump", "--version"], capture_output=True, text=True).stdout
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        [server] = cursor.fetchone()
    return int(said.split()[2].split(".")[0]) >= int(server) // 10000


def test_a_missing_tool_ends_in_a_sentence():
    with pytest.raises(CommandError, match="postgresql-client"):
        backups.run("pg_dump_that_is_not_there")
