"""Who may hand in what a counter saved, and what can't be read."""

import pytest

from loyalty import codes
from stampcards.counter import finding
from stampcards.counter.models import LateAction
from tests.people import till_of
from tests.stampcards.counter.saved import Device

pytestmark = pytest.mark.django_db

State = LateAction.State


def test_looking_gives_a_fresh_token_and_changes_nothing(till, counter, book):
    answer = till.get("/c/queue/").json()

    assert answer["till"] == counter.pk
    assert answer["csrf"]
    assert book.states == []


def test_a_stranger_hands_in_nothing(visitor, member, card, counter, book):
    device = Device(visitor, counter, card)
    device.save(member)

    answer = device.post(device.waiting[0])

    assert (answer.status_code, answer.json()) == (401, {"till": None})
    assert book.states == []


def test_the_counter_next_door_can_not_hand_in_for_us(next_door_till, card, member, counter, book):
    device = Device(next_door_till, counter, card)
    device.save(member)

    answer = device.post(device.waiting[0])

    assert answer.status_code == 409
    assert book.states == []
    assert book.balance == 1


def test_without_the_token_nothing_is_taken_in(counter, member, card, book):
    device = Device(till_of(counter, enforce_csrf_checks=True), counter, card)
    device.save(member)

    assert device.post(device.waiting[0]).status_code == 403
    assert book.states == []


@pytest.mark.parametrize(
    "change",
    [
        {"key": "no key"},
        {"seq": 0},
        {"code": "../../etc"},
        {"code": "ABCDEFGHJK\n"},
        {"form": []},
        {"form": {"programme": "x" * 100}},
        {"form": {"reason": "a\x00b"}},
        {"form": {"reason": "\ud800"}},
        {"age": "long"},
        {"counter": None},
    ],
    ids=lambda change: "-".join(map(ascii, [*change, *change.values()])),
)
def test_what_can_not_be_read_stays_on_the_device(device, member, change, book):
    device.save(member).update(change)

    answer = device.post(device.waiting[0])

    assert (answer.status_code, answer.json()["state"]) == (400, "unreadable")
    assert book.states == []


@pytest.mark.parametrize("body", ["", "[]", "{", '{"item": 3}', "null", '"text"', "[" * 20_000])
def test_any_other_body_is_answered_and_not_an_error(till, body):
    assert till.post("/c/queue/", body, content_type="application/json").status_code == 400


def test_codes_can_not_be_guessed_through_the_queue(device, member, book):
    plausible = (f"{n:06}" for n in range(300) if codes.is_plausible(f"{n:06}"))
    guesses = [device.save(member, code=next(plausible)) for _ in range(finding.MISSES + 1)]

    answers = [device.post(guess).status_code for guess in guesses]

    assert answers == [200] * finding.MISSES + [429]
    assert len(book.states) == finding.MISSES  # the last one waits on the device
