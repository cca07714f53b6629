"""What a counter saved without a connection counts once, and nothing is ever dropped."""

from datetime import timedelta

import pytest
from django.urls import reverse

from loyalty import clock, keys
from loyalty.operations import dismiss, revoke
from members import programmes
from members.access import holder_of
from members.ledger import audit
from members.ledger.models import LedgerEntry, Operation
from members.operations import replace_codes
from stampcards.counter.models import LateAction
from tests.factories import CounterFactory, as_owner, stamp
from tests.people import till_of

pytestmark = pytest.mark.django_db

State = LateAction.State


def test_it_works(device, member, ola, counter, book):
    device.save(member, age=600)

    [answer] = device.hand_in()

    assert answer["state"] == "counted"
    assert device.waiting == []
    assert book.balance == 2
    entry = LedgerEntry.objects.get(kind="earn", reason="")
    stamped = entry.operation
    assert (stamped.staff, stamped.counter) == (ola, counter)
    assert entry.visit.location == counter.location
    assert timedelta(minutes=9) < stamped.recorded_at - stamped.occurred_at < timedelta(minutes=11)
    assert list(audit.disagreements()) == []


def test_the_same_action_twice_counts_once(device, member, book):
    item = device.save(member)

    first, second = device.post(item).json(), device.post(item).json()

    assert first["key"] == second["key"] == item["key"]
    assert book.balance == 2
    assert LateAction.objects.count() == 1


def test_a_stamp_whose_answer_was_lost_counts_once(device, till, member, book):
    item = device.save(member)
    form = {**item["form"], "key": item["key"]}
    till.post(reverse("counter:stamp", args=[member.counter_code]), form)
    assert book.balance == 2

    [answer] = device.hand_in()

    assert answer["state"] == "counted"
    assert book.balance == 2


def test_an_answer_lost_days_ago_is_not_counted_again(device, till, member, book):
    item = device.save(member, age=3 * 24 * 3600)
    till.post(
        reverse("counter:stamp", args=[member.counter_code]), {**item["form"], "key": item["key"]}
    )

    device.hand_in()

    assert book.balance == 2
    assert book.states == [(1, State.COUNTED)]


def test_six_digits_do_as_well(device, member, book):
    device.save(member, code=member.short_code)

    device.hand_in()

    assert book.balance == 2


def test_what_happened_twice_within_the_hour_counts_and_says_so(device, member, book):
    device.save(member, age=120)
    device.save(member, age=60)

    device.hand_in()

    assert book.balance == 3
    assert set(LedgerEntry.objects.filter(kind="earn").values_list("reason", flat=True)) == {
        "welcome",
        "",
        "again",
    }


def test_a_stamp_from_before_the_last_one_counts(device, member, counter, book):
    device.save(member, age=3 * 3600)
    stamp(member, counter=counter)

    device.hand_in()

    assert book.balance == 3


@pytest.mark.parametrize("age", [25 * 3600, 50 * 365 * 24 * 3600], ids=["a day", "1970"])
def test_what_is_too_old_waits_for_a_manager(device, member, age, book):
    device.save(member, age=age)

    [answer] = device.hand_in()

    assert answer["state"] == "held"
    assert book.balance == 1
    assert book.states == [(1, State.HELD)]
    assert LateAction.objects.get().refusal["refused"] == "saved_too_long_ago"


def test_what_lies_ahead_waits_for_a_manager(device, member, book):
    device.save(member, age=-3600)

    device.hand_in()

    assert book.balance == 1
    assert LateAction.objects.get().refusal["refused"] == "saved_ahead_of_time"


def test_a_clock_a_little_fast_is_believed_and_never_books_ahead(device, member, book):
    device.save(member, age=-60)

    device.hand_in()

    assert book.balance == 2
    booked = Operation.objects.get(kind="add_stamps")
    assert booked.occurred_at <= booked.recorded_at


def test_a_wrong_clock_does_no_harm_and_is_noted(device, member, book):
    item = device.save(member, age=60)
    item["now"] = 0  # 1970, and the action a minute before

    device.hand_in()

    assert book.balance == 2
    assert LateAction.objects.get().clock_off
    occurred = Operation.objects.get(kind="add_stamps").occurred_at
    assert clock.now() - occurred < timedelta(minutes=5)


def test_a_replaced_card_waits_for_a_manager(device, member, book):
    device.save(member)
    replace_codes(membership=member, key=keys.new(), actor=holder_of(member))

    [answer] = device.hand_in()

    assert answer["state"] == "held"
    assert book.balance == 1
    assert LateAction.objects.get().refusal["refused"] == "card_moved"


def test_a_paused_programme_waits_for_a_manager(device, member, card, book):
    device.save(member)
    programmes.pause(card, actor=as_owner(card.shop))

    device.hand_in()

    assert book.balance == 1
    assert LateAction.objects.get().refusal["refused"] == "programme_paused"


def test_more_than_the_rules_allow_now_waits_for_a_manager(device, member, book):
    device.save(member, count="6")

    device.hand_in()

    assert book.balance == 1
    assert LateAction.objects.get().state == State.HELD


def test_another_shops_card_waits_and_tells_nothing(device, next_door_member, book):
    device.save(next_door_member)

    [answer] = device.hand_in()

    assert answer["state"] == "held"
    assert book.states == [(1, State.HELD)]
    assert "Nora" not in str(answer)


def test_a_colleague_who_left_waits_for_a_manager(device, member, ola, book):
    device.save(member)
    dismiss(ola, actor=as_owner(ola.shop))

    device.hand_in()

    assert book.balance == 1
    assert LateAction.objects.get().refusal["refused"] == "nobody_on_the_till"


def test_a_counter_switched_off_hands_in_to_the_manager_only(device, member, counter, book):
    device.save(member)
    revoke(counter, actor=as_owner(counter.shop))

    [answer] = device.hand_in()

    assert (answer["state"], answer["signed_out"]) == ("held", True)
    assert device.waiting == []
    assert book.balance == 1
    assert LateAction.objects.get().refusal["refused"] == "counter_switched_off"


def test_a_device_paired_anew_hands_in_what_the_old_one_saved(device, member, shop, book):
    device.save(member)
    old, device.counter = device.counter, CounterFactory(shop=shop)
    revoke(old, actor=as_owner(old.shop))
    device.till = till_of(device.counter)

    device.hand_in()

    assert book.balance == 1
    assert LateAction.objects.get().counter == old


def test_a_belated_copy_of_a_held_tap_books_nothing(device, till, member, book):
    item = device.save(member, age=25 * 3600)
    device.hand_in()

    till.post(
        reverse("counter:stamp", args=[member.counter_code]), {**item["form"], "key": item["key"]}
    )

    assert book.balance == 1


def test_what_was_undone_before_it_was_sent_is_a_number_and_nothing_else(device, member, book):
    device.save(member)["cancelled"] = True

    device.hand_in()

    assert book.balance == 1
    assert book.states == [(1, State.DISMISSED)]


@pytest.mark.parametrize("programme", ["", "x", "987654321"])
def test_a_card_the_shop_does_not_have_waits_and_keeps_nothing_behind_it_waiting(
    device, member, programme, book
):
    device.save(member, programme=programme)
    device.save(member)

    held, counted = device.hand_in()

    assert (held["state"], counted["state"]) == ("held", "counted")
    assert LateAction.objects.held().get().refusal["refused"] == "saved_unreadable"
    assert book.balance == 2
