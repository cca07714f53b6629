"""The suite notices faults: planted ones, each of which a named test must refuse.

`python3 manage.py test --mutants` tries all of them.
"""

import contextlib
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.mutants import judging, trying
from tests.mutants.judging import Ground, judge
from tests.mutants.listed import MUTANTS
from tests.mutants.planting import Edit, Mutant, misfits, planted

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent.parent
QUICK = [mutant for mutant in MUTANTS if mutant.quick]


# --- The list -----------------------------------------------------------------------------------


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_it_can_still_be_planted(mutant):
    """When the code moves on, its mutants follow."""
    assert misfits(mutant, ROOT) == []


def test_what_is_planted_runs(tmp_path):
    """A name that does not exist would kill anything, and show nothing."""
    for number, mutant in enumerate(MUTANTS):
        for edit in mutant.edits:
            if edit.file.endswith(".py"):
                (tmp_path / f"m{number}_{Path(edit.file).name}").write_text(planted(edit, ROOT))
    words = ("check", "--isolated", "--quiet", "--select", "F821,F823", tmp_path)
    checked = subprocess.run([sys.executable, "-m", "ruff", *words], capture_output=True, text=True)

    assert not checked.returncode, checked.stdout


def test_each_has_a_name_of_its_own():
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)


def test_those_of_every_run_need_no_other_database():
    """They would take long."""
    assert QUICK
    assert not [
        mutant for mutant in QUICK if mutant.engine != "sqlite" or mutant.makes_other_tables
    ]


# --- The suite ----------------------------------------------------------------------------------


def not_killed(mutants):
    with judging.our_ground(mutants) as ground:
        verdicts = list(judging.judge_all(mutants, ground))
    return [f"{each.how}: {each.mutant.name} {each.why}" for each in verdicts if not each.is_good]


def test_the_suite_kills_some_every_time():
    assert not_killed(QUICK) == []


@pytest.mark.long
def test_the_suite_kills_them_all():
    assert not_killed(MUTANTS) == []


# --- The judge ----------------------------------------------------------------------------------

HARMLESS = Mutant("It adds otherwise.", "sums.py", "a + b", "b + a", ("test_sums.py::test_adds",))
DEADLY = replace(HARMLESS, name="It takes away.", new="a - b")


@pytest.fixture
def toy(tmp_path):
    """A house of two files."""
    copy = tmp_path / "toy"
    copy.mkdir()
    (copy / "pytest.ini").write_text("[pytest]\n")
    (copy / "sums.py").write_text("def add(a, b):\n    return a + b\n")
    (copy / "test_sums.py").write_text(
        "import pytest\nimport sums\n\n\n"
        "def test_adds():\n    assert sums.add(2, 1) == 3\n\n\n"
        "def test_adds_nothing():\n    assert sums.add(2, 0) == 2\n\n\n"
        "@pytest.fixture\ndef three():\n    assert sums.add(2, 1) == 3\n\n\n"
        "def test_after_three(three):\n    pass\n\n\n"
        "def test_never_right():\n    assert not sums.add(2, 1)\n"
    )
    return Ground(copy, ("-p", "no:cacheprovider", "-p", "no:django"))


def test_a_mutant_is_killed_by_a_test_that_fails(toy):
    assert judge(DEADLY, toy).how == "killed"


def test_a_mutant_that_nobody_minds_survives(toy):
    assert judge(HARMLESS, toy).how == "survived"


def test_every_killer_must_fail(toy):
    one_sleeps = replace(
        DEADLY, killed_by=("test_sums.py::test_adds", "test_sums.py::test_adds_nothing")
    )

    verdict = judge(one_sleeps, toy)
    assert verdict.how == "survived"
    assert "test_adds_nothing" in verdict.why


@pytest.mark.parametrize(
    "flawed",
    [
        replace(DEADLY, old="a * b"),
        replace(DEADLY, old="a"),
        replace(DEADLY, new="a + b"),
        replace(DEADLY, also=(Edit("gone.py", "a", "b"),)),
        replace(DEADLY, killed_by=()),
        replace(DEADLY, killed_by=("test_sums.py::test_multiplies",)),
        replace(DEADLY, killed_by=("test_products.py::test_adds",)),
        replace(DEADLY, new="a -"),
        replace(DEADLY, killed_by=("test_sums.py::test_after_three",)),
    ],
    ids=[
        *("text not there", "text there twice", "nothing changes", "other text not there"),
        *("no killer", "killer not there", "file not there", "does not even begin"),
        "only its fixture breaks",
    ],
)
def test_a_mutant_that_proves_nothing_is_invalid(toy, flawed):
    assert judge(flawed, toy).how == "invalid"


def test_a_killer_that_fails_anyway_is_none(toy):
    shared = replace(DEADLY, killed_by=("test_sums.py::test_never_right",))
    toy.red.update(judging.red_without_a_fault(toy, [shared]))

    assert judge(shared, toy).how == "invalid"


def test_what_was_planted_stays_in_its_copy(toy):
    before = (toy.copy / "sums.py").read_text()
    judge(DEADLY, toy)

    assert (toy.copy / "sums.py").read_text() == before
    assert [path.name for path in toy.copy.parent.iterdir()] == ["toy"]


@pytest.fixture
def try_in_toy(toy, monkeypatch):
    """try_in_toy(mutants, *words): the exit code of the command, with these and no others."""
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(trying, "our_ground", lambda mutants: contextlib.nullcontext(toy))
    monkeypatch.setattr(trying, "compile_languages", lambda: None)

    def try_them(mutants, *words):
        monkeypatch.setattr(trying, "MUTANTS", mutants)
        return trying.try_mutants(words)

    yield try_them
    signal.signal(signal.SIGTERM, before)


def test_the_command_fails_unless_every_mutant_was_killed(try_in_toy, capsys):
    assert try_in_toy([DEADLY]) == 0
    assert try_in_toy([HARMLESS, DEADLY]) == 1
    assert "1 of 2 killed" in capsys.readouterr().out
    assert try_in_toy([replace(DEADLY, new="a -")]) == 1, "it never began"
    assert try_in_toy([DEADLY], "no such word") == 1, "nothing was tried"
