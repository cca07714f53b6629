"""The benchmark reckons rightly and reads what it is asked; what it measures is no test's."""

import os
import subprocess
import sys
import types

import pytest
from django.core.management import CommandError, call_command

from loyalty import start
from tests.bench import counter
from tests.bench.asking import StampForm
from tests.bench.figures import Series, against, row, sums, times
from tests.bench.ratios import machine, whole
from tests.bench.ratios.load import Answers
from tests.bench.ratios.targets import Sample, reckon

pytestmark = pytest.mark.once

SHEET = """
<form action="/c/card/A/reward/"><input name="claim" value="7"></form>
<form class="stamping" action="/c/card/A/stamp/">
  <input type="hidden" name="key" value="k"><input type="radio" name="count" value="1" checked>
  <input type="radio" name="count" value="2"><input type="checkbox" name="extra">
</form>
<form action="/c/"><input name="code"></form>
"""


@pytest.fixture
def asked(monkeypatch):
    """asked(*words): what the benchmark was told to do, without doing it."""
    told = {}

    def bench(**options):
        told.update(options)
        return 0

    monkeypatch.setattr(counter, "bench", bench)

    def ask(*words):
        with pytest.raises(SystemExit) as ended:
            call_command("bench", *words)
        assert ended.value.code == 0
        return told

    return ask


def test_it_works():
    twenty = Series.of(range(1, 21))

    assert twenty.median == 10.5
    assert twenty.p95 == 19


def test_one_measurement_is_its_own_p95():
    assert Series.of([7]).p95 == 7


def test_what_belongs_together_is_added_one_by_one():
    assert sums(Series.of([1, 2]), Series.of([30, 10])).values == (31, 12)


def test_unequal_series_do_not_belong_together():
    with pytest.raises(ValueError, match="shorter"):
        sums(Series.of([1, 2]), Series.of([1]))


def test_it_is_told_in_words():
    assert row("tap", Series.of([2, 2]), "a note").split() == ["tap", "2.0", "2.0", "a", "note"]
    assert times(Series.of([30]), Series.of([3])) == "10.0 × hello"
    assert against(300, 300) == "budget 300 ms, kept"
    assert against(300, 301) == "budget 300 ms, MISSED"


def test_a_stamp_is_asked_for_as_the_sheet_does():
    form = StampForm(SHEET)

    assert form.action == "/c/card/A/stamp/"
    assert form.fields == {"key": "k", "count": "1"}


def test_without_options_it_is_ten_thousand_members(asked):
    assert asked("till") == {"stamps": 24, "members": 10_000, "file": None}


def test_options_are_read(asked, tmp_path):
    told = asked("till", "--stamps", "3", "--members=50", "--json", str(tmp_path / "b.json"))

    assert told == {"stamps": 3, "members": 50, "file": tmp_path / "b.json"}


@pytest.mark.parametrize("words", [("--stamps=0",), ("--stamps=9", "--members=9")])
def test_what_cannot_be_measured_is_refused(words):
    with pytest.raises(CommandError, match="more members than stamps"):
        call_command("bench", "till", *words)


@pytest.fixture
def table(monkeypatch):
    """table(*words): of which size the table of ratios was asked for, without measuring."""
    told = []
    monkeypatch.setattr(whole, "bench", lambda size, **more: told.append(size) or 0)

    def ask(*words):
        with pytest.raises(SystemExit):
            call_command("bench", *words)
        return told[-1]

    return ask


def test_without_a_word_it_is_the_table_of_ratios(table):
    assert table().entries == 200_000
    assert table("--full").entries == 1_000_000


def a_sample(rate=100, p95=4, processor=0.5, wal=100):
    answers = Answers(rate, 1, p95 / 2, p95, p95, bad=0, broken=0)
    return Sample(answers, processor, foreign=0, wal=wal * rate)


@pytest.fixture
def measured():
    """A run in which every load went alike, and the database as quickly for every page."""
    each = dict.fromkeys([*whole.LOADS, "limit"], a_sample())
    page = {"statements": 5, "ms": 2.0}
    pages = dict.fromkeys(["stamp", "replay", "card", "week", "insights", "from the ledger"], page)
    return each, dict.fromkeys(["large", "small", "sqlite"], pages)


def row_of(rows, number):
    return next(row for row in rows if row.target.number == number)


def test_a_ratio_is_reckoned_in_every_round_and_told_as_their_median(measured):
    each, pages = measured
    rounds = [{**each, "stamp": a_sample(rate)} for rate in (10, 30, 13)]

    found = row_of(reckon(rounds, pages), "T1")

    assert found.values == (0.1, 0.3, 0.13)
    assert (found.median, found.verdict) == (0.13, "must")
    assert "0.1–0.3, 3×" in found.told()


@pytest.mark.parametrize(
    ("rate", "verdict"), [(11, "MISSED"), (12, "must"), (17, "must"), (18, "ambition")]
)
def test_more_is_better_where_it_says_so(measured, rate, verdict):
    each, pages = measured

    assert row_of(reckon([{**each, "stamp": a_sample(rate)}], pages), "T1").verdict == verdict


@pytest.mark.parametrize(("cpu", "verdict"), [(0.4, "ambition"), (3, "must"), (5, "MISSED")])
def test_less_is_better_where_it_says_so(measured, cpu, verdict):
    each, pages = measured
    rounds = [{**each, "stamp": a_sample(processor=cpu)}]

    assert row_of(reckon(rounds, pages), "T2").verdict == verdict


def test_what_was_not_answered_is_not_measured(measured):
    each, pages = measured
    rounds = [{**each, "limit": a_sample(rate=0)}]

    assert row_of(reckon(rounds, pages), "T1").verdict == "not measured"


def site_with(answered):
    return types.SimpleNamespace(answered=answered, in_flight=8)


@pytest.mark.parametrize(
    ("stamps", "audit", "bad", "wrong"),
    [
        ({"operations": 100, "visits": 100}, [], 0, 0),
        ({"operations": 108, "visits": 108}, [], 0, 0),  # wrk hung up on eight
        ({"operations": 99, "visits": 99}, [], 0, 1),  # an answer without a stamp
        ({"operations": 109, "visits": 109}, [], 0, 1),  # a stamp twice
        ({"operations": 100, "visits": 101}, [], 0, 1),
        ({"operations": 100, "visits": 100}, ["account 7: …"], 0, 1),
        ({"operations": 100, "visits": 100}, [], 3, 1),
    ],
)
def test_only_a_lost_or_doubled_stamp_fails_the_run(stamps, audit, bad, wrong):
    run = types.SimpleNamespace(sites={"large": site_with(100)}, bad=bad)
    told = {"large": {"stamps": stamps, "wrong": audit, "replays wrong": []}}

    assert len(whole.disagreements(run, told)) == wrong


def test_what_others_take_of_the_machine_is_known():
    before = machine.Spent(servers=1, tools=1, machine=10, all_there_is=100)
    after = machine.Spent(servers=3, tools=2, machine=18, all_there_is=110)

    assert (after - before).foreign == 0.5


def test_the_processor_time_of_a_child_is_its_familys():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert child.pid in machine.family([os.getpid()])
        assert os.getpid() not in machine.family([child.pid])
        child.communicate(b"\n")


def test_it_never_touches_anybodys_database(monkeypatch):
    monkeypatch.setattr(start.os, "environ", {"DATABASE_URL": "postgres://shop"})

    start.set_bench_environment()

    assert start.os.environ["DATABASE_URL"].startswith("sqlite:///")
    assert "stamkunde-" in start.os.environ["DATABASE_URL"]
