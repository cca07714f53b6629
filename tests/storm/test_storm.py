"""A small storm in the suite, the whole one with --long; and the two mistakes it must notice.

`manage.py storm` has a process, a site and a database of its own, so the suite's is not touched.
"""

import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from tests.storm import commanding, faults, running
from tests.storm.commanding import command

SMALL, WHOLE = 400, 10_000
CONTROL = 160  # dozens of them meet on one card, or are asked again
SEED = 20  # the wishes of the small one; any will do


def blow(operations, *words):
    """The exit code and what it said."""
    asked = ["--operations", str(operations), "--engine", connection.vendor, *words]
    ran = subprocess.run(
        [sys.executable, "manage.py", "storm", *asked],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    return ran.returncode, ran.stdout + ran.stderr


def test_nothing_is_lost_or_doubled_while_servers_are_killed():
    code, said = blow(SMALL, "--seed", str(SEED))

    assert code == 0, said
    assert f"{len(running.KILLS)} times the servers were killed" in said
    assert ("the database was stopped" in said) == (connection.vendor == "postgresql")
    assert "lost 0, doubled 0, mismatched 0, failed 0, the books disagree 0 times" in said


@pytest.mark.once
def test_a_client_that_drops_its_key_is_found_out():
    code, said = blow(CONTROL, "--seed", str(SEED), "--control", faults.NEW_KEY)

    assert code == 1, said
    assert "doubled 0" not in said, said


@pytest.mark.postgres_only
def test_two_who_do_not_wait_for_each_other_are_found_out():
    code, said = blow(CONTROL, "--seed", str(SEED), "--control", faults.NO_LOCK)

    assert code == 1, said
    assert "books: account" in said, said


@pytest.mark.long
def test_the_whole_storm():
    code, said = blow(WHOLE)

    assert code == 0, said


@pytest.mark.once
def test_a_lock_that_nobody_can_take_away_is_no_control(capsys):
    asked = {"operations": 1, "clients": 1, "seed": 1, "control": faults.NO_LOCK}

    assert command(engine=commanding.SQLITE, **asked) == 2
    assert "--engine postgresql" in capsys.readouterr().out
