"""The worker's loop: tasks are done, and it ends between two of them when asked to."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest
from django.core.management import CommandError, call_command
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from loyalty.management import working
from loyalty.management.working import Work
from loyalty.outbox.models import PeriodicJob

DONE = []


@task()
def note(what):
    DONE.append(what)


@pytest.fixture
def database_tasks(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    DONE.clear()


@pytest.mark.django_db(transaction=True)
def test_it_works(database_tasks):
    note.enqueue("stamped")

    Work(interval=1).one_round()

    assert DONE == ["stamped"]
    assert DBTaskResult.objects.successful().count() == 1
    assert PeriodicJob.objects.exists(), "it ticked too"


@pytest.mark.django_db(transaction=True)
def test_asked_to_end_it_starts_no_further_task(database_tasks):
    note.enqueue("first")
    work = Work(interval=1)
    work.end()

    work.run()

    assert DONE == []


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_answer_is_asked_again(database_tasks, monkeypatch):
    tries = []

    def locked_once(now):
        tries.append(now)
        if len(tries) == 1:
            raise working.OperationalError("database is locked")
        work.end()

    monkeypatch.setattr(working, "tick", locked_once)
    work = Work(interval=0.01)
    work.run()

    assert len(tries) == 2


def test_looking_more_than_once_a_second_is_refused():
    with pytest.raises(CommandError, match="must be 1 or more"):
        call_command("worker", "--interval", "0.5")


@pytest.mark.once
def test_it_ends_cleanly_when_the_machine_stops_it(tmp_path):
    database = tmp_path / "worker.sqlite3"
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{database}"}
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "-v0", "--skip-checks"], env=environment, check=True)
    worker = subprocess.Popen([*manage, "worker", "--skip-checks"], env=environment)
    while not has_ticked(database):
        assert worker.poll() is None
        time.sleep(0.2)
    worker.send_signal(signal.SIGTERM)

    assert worker.wait(timeout=60) == 0


def has_ticked(database):
    with closing(sqlite3.connect(database, timeout=20)) as reading:
        return reading.execute("SELECT count(*) FROM outbox_periodicjob").fetchone() != (0,)
