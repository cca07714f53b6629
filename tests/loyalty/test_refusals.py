"""The rules say no: a code and values are kept, the sentence is made for its reader."""

import json

import pytest
from django.utils import translation

from loyalty.refusals import Refused, from_stored
from members.ledger.refusals import NotEnough
from stampcards.refusals import StampedRecently


def test_it_comes_back_from_storage_as_it_was():
    refusal = StampedRecently(minutes=7)
    stored = json.loads(json.dumps(refusal.stored()))

    again = from_stored(stored)
    assert type(again) is StampedRecently
    assert (again.values, str(again)) == (refusal.values, str(refusal))


def test_no_sentence_is_stored():
    assert NotEnough(missing=3).stored() == {"refused": "not_enough", "values": {"missing": 3}}


def test_the_sentence_is_in_the_language_of_whoever_reads_it(monkeypatch):
    refusal = NotEnough(missing=3)
    monkeypatch.setattr(
        "members.ledger.refusals._", lambda text: f"{translation.get_language()}: {text}"
    )
    with translation.override("da"):
        assert str(refusal).startswith("da: ")


def test_two_of_one_code_cannot_be_told_apart():
    with pytest.raises(TypeError, match="share a code"):
        type("Twin", (Refused,), {"code": "not_enough"})


def test_every_refusal_has_a_sentence():
    assert len(Refused.known) > 10
    for code, kind in Refused.known.items():
        inherited = kind.__str__ is Refused.__str__
        assert not inherited or kind.__subclasses__(), f"{code} has no sentence"
