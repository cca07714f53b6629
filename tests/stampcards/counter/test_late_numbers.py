"""The numbers of a device have no gap, so what is lost is noticed (O3)."""

import pytest

from stampcards.counter.models import LateAction

pytestmark = pytest.mark.django_db

State = LateAction.State


def test_a_lost_number_is_noticed(device, member, book):
    for _ in range(5):
        device.save(member)
    device.wipe()

    device.hand_in()

    assert book.states == [(n, State.MISSING) for n in range(1, 6)]


def test_what_waits_on_the_device_is_not_missing(device, member, book):
    device.save(member)
    second = device.save(member)

    device.post(second)

    assert book.states == [(2, State.COUNTED)]


def test_a_missing_action_that_comes_after_all_counts(device, member, book):
    lost = device.save(member)
    device.waiting.clear()
    device.hand_in()
    assert book.states == [(1, State.MISSING)]

    device.post(lost)

    assert book.states == [(1, State.COUNTED)]
    assert book.balance == 2


def test_a_memory_that_forgot_its_numbers_is_noticed_once(device, member, book):
    device.save(member)
    device.hand_in()
    device.wipe(cookie=False)

    first, second = device.post().json(), device.post().json()

    assert first["given"] == second["given"] == 2  # it goes on counting from here
    assert book.states == [(1, State.COUNTED), (2, State.WIPED)]


def test_a_number_given_twice_loses_neither_action(device, member, book):
    device.save(member)
    device.hand_in()
    device.wipe(cookie=False)
    device.save(member)  # without a connection it could not learn where to go on

    device.hand_in()

    assert book.balance == 3
    assert book.states == [(1, State.COUNTED), (2, State.WIPED), (3, State.COUNTED)]
