"""The runner tells the truth in its last line, and what it starts ends with it."""

import time
from pathlib import Path

import psycopg
import pytest

from tests.running import parts, postgres, report, stages
from tests.running.parts import Part
from tests.running.stages import Outcome, Stage

pytestmark = pytest.mark.once

GREEN = Outcome("SQLite", True, 2.0, "...\n===== 5 passed, 1 skipped in 2.00s =====\n")
RED = Outcome("PostgreSQL", False, 3.0, "F\n=== 1 failed, 4 passed, 1 warning in 3.00s ===\n")
CHECK = Outcome("mypy", True, 1.0)


def last(*suites, checks=(CHECK,), skips=0):
    return report.combined(suites, checks, skips).strip("= ")


def test_one_suite_alone_keeps_pytests_own_words():
    assert report.combined([GREEN], [], 0) == "===== 5 passed, 1 skipped in 2.00s ====="


def test_two_suites_are_added_up():
    assert last(GREEN, GREEN) == "10 passed, 2 skipped in 5.0s"


def test_a_failed_suite_shows():
    assert last(RED, GREEN) == "1 failed, 9 passed, 1 skipped, 1 warning in 6.0s"


def test_a_failed_check_shows():
    mypy = Outcome("mypy", False, 1.0)
    assert last(GREEN, checks=[mypy]).startswith("1 failed, 5 passed")


def test_a_suite_that_crashed_shows():
    crashed = Outcome("SQLite", False, 1.0, "Segmentation fault\n")
    assert last(GREEN, crashed).startswith("1 failed, 5 passed")


def test_a_skip_that_is_not_allowed_shows():
    assert last(GREEN, skips=1).startswith("1 failed, 5 passed")


@pytest.mark.parametrize(
    "line",
    [
        "======= 412 passed in 63.10s (0:01:03) =======",
        "1 failed, 2 passed, 3 deselected, 1 error in 0.10s",
        "===== no tests ran in 0.01s =====",
    ],
)
def test_closing_lines_are_recognised(line):
    assert report.closing_line(f"before\n{line}\nafter\n") == line


def test_the_slowest_come_first(tmp_path):
    junit = tmp_path / "SQLite.xml"
    case = '<testcase classname="tests.test_a" name="test_b" time="9.5"/>'
    junit.write_text(f"<testsuites><testsuite>{case}</testsuite></testsuites>")

    slow = report.slowest([GREEN, CHECK], [junit, tmp_path / "never-written.xml"])
    assert [line.split()[0] for line in slow] == ["9.5", "2.0", "1.0"]


def test_a_stage_that_fails_is_not_good():
    assert not stages.perform(Stage("exit", ("-c", "raise SystemExit(3)"))).good


def test_a_stage_that_hangs_is_stopped():
    began = time.monotonic()
    outcome = stages.perform(Stage("sleep", ("-c", "import time; time.sleep(60)")), limit=1)

    assert not outcome.good
    assert time.monotonic() - began < 20


def test_a_missing_part_is_named_with_its_cure(monkeypatch):
    monkeypatch.setattr(parts.shutil, "which", lambda name: None)  # no apt either
    part = Part("Nothing", "no tests", ("nothing",), lambda: False)

    assert parts.missing([part]) == [part]
    assert part.cure.startswith("sudo apt-get install")


@pytest.mark.parametrize("debian", [postgres.DEBIAN, None], ids=["debian", "wheel"])
def test_a_server_answers_and_leaves_nothing_behind(debian, monkeypatch, tmp_path):
    monkeypatch.setattr(postgres, "DEBIAN", debian or tmp_path)
    with postgres.running() as address, psycopg.connect(address) as connection:
        (folder,) = connection.execute("SHOW data_directory").fetchone()
        (pid,) = connection.execute("SELECT pg_backend_pid()").fetchone()

    assert not Path(folder).exists()
    assert not Path(f"/proc/{pid}").exists()
