"""The drill itself, in a short form; and that it would notice what it is there to notice."""

import importlib.util
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from tests.drill import books, failover
from tests.drill.books import Compared
from tests.drill.failover import CONTROL, CUT_OFF, Outcome
from tests.drill.load import Acknowledged
from tests.running import postgres

pytestmark = pytest.mark.once

KEY = UUID(int=1)


def test_only_a_synchronous_standby_has_all_that_was_acknowledged():
    """The same script twice; the one setting makes the difference."""
    kept, control = failover.outcomes(CUT_OFF, CONTROL)

    assert not list(kept.wrong()), kept
    assert not list(control.wrong()), control
    assert kept.compared == Compared(lost=0, doubled=0, mismatched=0)
    assert control.compared.lost >= failover.FEW


@pytest.mark.parametrize(
    ("stamps", "found"),
    [
        ([(KEY, {"after": 3}, 1, 1)], Compared(lost=0, doubled=0, mismatched=0)),
        ([], Compared(lost=1, doubled=0, mismatched=0)),
        ([(UUID(int=2), {"after": 3}, 1, 1)], Compared(lost=1, doubled=0, mismatched=0)),
        ([(KEY, {"after": 3}, 2, 2)], Compared(lost=0, doubled=1, mismatched=0)),
        ([(KEY, {"after": 3}, 1, 2)], Compared(lost=0, doubled=1, mismatched=0)),
        ([(KEY, {"after": 4}, 1, 1)], Compared(lost=0, doubled=0, mismatched=1)),
        ([(KEY, {"after": 3}, 0, 0)], Compared(lost=0, doubled=0, mismatched=1)),
    ],
    ids=["right", "none", "another", "two entries", "two stamps", "another answer", "no entry"],
)
def test_the_ledger_is_held_against_the_answer(stamps, found):
    told = Acknowledged(KEY, after=3, moment=0, tries=1)

    assert books.compare([told], stamps) == found


def test_an_answer_that_was_under_way_does_not_end_the_pause():
    assert failover.longest_pause([9.0, 10.1, 14.1, 14.2], since=10.0) == 4.0


def good(of, **but):
    lost = 0 if of.synchronous else 1
    frozen = 0 if of.synchronous else 1
    told = {"while_frozen": frozen, "gap": 1.0, "answers": {"200": 9, "503": 1}}
    return Outcome(of, **{**told, "compared": Compared(lost, 0, 0), **but})


@pytest.mark.parametrize("of", [CUT_OFF, CONTROL], ids=str)
def test_a_round_as_promised_passes(of):
    assert not list(good(of).wrong())


@pytest.mark.parametrize(
    ("of", "but", "sentence"),
    [
        (CUT_OFF, {"compared": Compared(1, 0, 0)}, "1 acknowledged stamps are lost"),
        (CUT_OFF, {"while_frozen": 2}, "2 stamps were acknowledged before the standby had them"),
        (CUT_OFF, {"compared": Compared(0, 1, 0)}, "1 stamps doubled"),
        (CUT_OFF, {"compared": Compared(0, 0, 1)}, "1 booked otherwise than told"),
        (CUT_OFF, {"gap": 11.0}, "11.0 s without a stamp"),
        (CUT_OFF, {"answers": {"500": 3}}, "{'500': 3}"),
        (CUT_OFF, {"audit": "Entries and balance disagree"}, "Entries and balance disagree"),
        (CONTROL, {"compared": Compared(0, 0, 0)}, "proves nothing"),
        (CONTROL, {"while_frozen": 0}, "something else held it up"),
    ],
)
def test_a_round_that_broke_a_promise_or_proves_nothing_fails(of, but, sentence):
    [wrong] = good(of, **but).wrong()

    assert sentence in wrong


def test_without_postgresql_the_cure_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(postgres, "DEBIAN", tmp_path)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(CommandError, match="cure: sudo apt-get install -y postgresql"):
        call_command("drill", "failover")
