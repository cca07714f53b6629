"""asvs.csv has a line for each requirement of OWASP ASVS 5.0.0, level 1 and 2, and none too many.

The numbers below are how many requirements each section has at these levels; so a line that is
missing, and one that was invented, both show. Every line names tests that are there, or a reason.
"""

import ast
import csv
from collections import Counter
from functools import cache

import pytest

from tests.support.house import ROOT

pytestmark = pytest.mark.once

SHEET = ROOT / "tests/security/asvs.csv"
VERDICTS = {"pass", "not applicable", "not met"}
BESIDES = ["1.2.10", "2.3.5"]  # of level 3, named by the promise
IDS = {
    "1.1": range(1, 3),
    "1.2": range(1, 10),
    "1.3": range(1, 12),
    "1.4": range(1, 4),
    "1.5": range(1, 3),
    "2.1": range(1, 4),
    "2.2": range(1, 4),
    "2.3": range(1, 5),
    "2.4": range(1, 2),
    "3.2": range(1, 3),
    "3.3": range(1, 5),
    "3.4": range(1, 7),
    "3.5": range(1, 6),
    "3.7": range(1, 3),
    "4.1": range(1, 4),
    "4.2": range(1, 2),
    "4.3": range(1, 3),
    "4.4": range(1, 5),
    "5.1": range(1, 2),
    "5.2": range(1, 4),
    "5.3": range(1, 3),
    "5.4": range(1, 4),
    "6.1": range(1, 4),
    "6.2": range(1, 13),
    "6.3": range(1, 5),
    "6.4": range(1, 5),
    "6.5": range(1, 6),
    "6.6": range(1, 4),
    "6.8": range(1, 5),
    "7.1": range(1, 4),
    "7.2": range(1, 5),
    "7.3": range(1, 3),
    "7.4": range(1, 6),
    "7.5": range(1, 3),
    "7.6": range(1, 3),
    "8.1": range(1, 3),
    "8.2": range(1, 4),
    "8.3": range(1, 2),
    "8.4": range(1, 2),
    "9.1": range(1, 4),
    "9.2": range(1, 5),
    "10.1": range(1, 3),
    "10.2": range(1, 3),
    "10.3": range(1, 5),
    "10.4": range(1, 12),
    "10.5": range(1, 6),
    "10.6": range(1, 3),
    "10.7": range(1, 4),
    "11.1": range(1, 3),
    "11.2": range(1, 4),
    "11.3": range(1, 4),
    "11.4": range(1, 5),
    "11.5": range(1, 2),
    "11.6": range(1, 2),
    "12.1": range(1, 4),
    "12.2": range(1, 3),
    "12.3": range(1, 5),
    "13.1": range(1, 2),
    "13.2": range(1, 6),
    "13.3": range(1, 3),
    "13.4": range(1, 6),
    "14.1": range(1, 3),
    "14.2": range(1, 5),
    "14.3": range(1, 4),
    "15.1": range(1, 4),
    "15.2": range(1, 4),
    "15.3": range(1, 8),
    "16.1": range(1, 2),
    "16.2": range(1, 6),
    "16.3": range(1, 5),
    "16.4": range(1, 4),
    "16.5": range(1, 4),
    "17.1": range(1, 2),
    "17.2": range(1, 5),
    "17.3": range(1, 3),
}


def lines():
    with SHEET.open() as file:
        return list(csv.DictReader(file))


def ids():
    """1.1.1, 1.1.2 and so on. A section with a gap (what is of level 3) names what it has."""
    for section, numbers in IDS.items():
        yield from (f"{section}.{number}" for number in numbers)


def test_every_requirement_has_a_line_and_none_is_invented():
    told = [line["id"] for line in lines()]

    assert len(set(ids())) == 253
    assert Counter(told) == Counter([*ids(), *BESIDES])


@pytest.mark.parametrize("line", lines(), ids=lambda line: line["id"])
def test_a_line_has_a_verdict_and_what_shows_it(line):
    assert not list(faults(line))


def faults(line):
    shown, why = line["shown_by"].split(), line["why"]
    if line["verdict"] not in VERDICTS:
        yield f"{line['verdict']} is no verdict"
    if line["verdict"] == "pass" and not shown:
        yield "nothing shows it"
    if line["verdict"] != "pass" and not why:
        yield "no reason"
    if line["verdict"] == "not met" and "Needed:" not in why:
        yield "it does not say what is needed"
    yield from (f"{test} is not there" for test in shown if not is_there(test))


def is_there(test):
    file, _colons, name = test.partition("::")
    found = names_in(file)
    return name in found if name else bool(found)


@cache
def names_in(file):
    path = ROOT / file
    if not path.name.startswith("test_") or not path.exists():
        return set()
    functions = (n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.FunctionDef))
    return {function.name for function in functions if function.name.startswith("test_")}


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "probably"},
        {"shown_by": ""},
        {"shown_by": "tests/test_nowhere.py"},
        {"shown_by": "tests/security/test_asvs.py::test_that_is_not_there"},
        {"verdict": "not met"},
        {"verdict": "not met", "why": "too much work"},
        {"verdict": "not applicable"},
    ],
)
def test_a_careless_line_would_be_noticed(change):
    good = {"id": "1.1.1", "verdict": "pass", "shown_by": "tests/security/test_asvs.py", "why": ""}

    assert not list(faults(good))
    assert list(faults(good | change))
