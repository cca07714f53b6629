"""The benchmark reckons rightly and reads what it is asked; what it measures is no test's."""

import pytest
from django.core.management import CommandError, call_command

from loyalty import start
from tests.bench import counter
from tests.bench.asking import StampForm
from tests.bench.figures import Series, against, row, sums, times

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
    assert asked() == {"stamps": 24, "members": 10_000, "file": None}


def test_options_are_read(asked, tmp_path):
    told = asked("counter", "--stamps", "3", "--members=50", "--json", str(tmp_path / "b.json"))

    assert told == {"stamps": 3, "members": 50, "file": tmp_path / "b.json"}


@pytest.mark.parametrize("words", [("--stamps=0",), ("--stamps=9", "--members=9")])
def test_what_cannot_be_measured_is_refused(words):
    with pytest.raises(CommandError, match="more members than stamps"):
        call_command("bench", *words)


def test_it_never_touches_anybodys_database(monkeypatch):
    monkeypatch.setattr(start.os, "environ", {"DATABASE_URL": "postgres://shop"})

    start.set_bench_environment()

    assert start.os.environ["DATABASE_URL"].startswith("sqlite:///")
    assert "stamkunde-" in start.os.environ["DATABASE_URL"]
