"""The manager's list: what came too late waits here until somebody decides."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from loyalty import keys
from loyalty.actors import Actor, Channel
from loyalty.journal.models import Change
from members import programmes
from members.ledger.models import Operation
from stampcards.counter import deciding
from stampcards.counter.models import LateAction
from tests.factories import PaperCardFactory, as_owner, saved_late, stamp
from tests.stampcards.counter.saved import Device

pytestmark = pytest.mark.django_db

State = LateAction.State


@pytest.fixture
def action(counter, member, card):
    return saved_late(counter=counter, code=member.counter_code, programme=card)


@pytest.fixture
def device(till, counter, card):
    return Device(till, counter, card)


@pytest.fixture
def junk_from_a_device(device, member, in_shop):
    def save(**fields):
        device.save(member, age=3 * 24 * 3600, **fields)
        device.hand_in()
        return LateAction.objects.held().get()

    return save


@pytest.fixture
def balance(member, in_shop):
    return lambda: member.accounts.get().balance


def address(name, *args):
    return reverse(f"owner:{name}", args=["kaffe-kardemomme", *args])


def count(client, action, key=None):
    return client.post(address("count_late", action.pk), {"key": key or keys.new()})


def state(action):
    with scope(shop=action.shop):
        return LateAction.objects.get(pk=action.pk).state


def test_it_works(ingrid, action, ola, counter, balance):
    page = ingrid.get(address("late")).content.decode()
    assert "1 stamp · Maja" in page
    assert "It was saved more than 24 hours ago." in page

    answer = count(ingrid, action)

    assert answer.url == address("late")
    assert balance() == 2
    assert state(action) == State.APPROVED
    booked = Operation.objects.get(kind="count_late")
    assert (booked.staff, booked.counter, booked.occurred_at) == (ola, counter, action.happened_at)
    assert booked.actor.name == "Ingrid"
    assert "Nothing waits for you" in ingrid.get(address("late")).content.decode()


def test_two_managers_count_it_once(ingrid, manager, action, balance):
    count(ingrid, action)

    answer = count(manager, action)

    assert answer.status_code == 422
    assert balance() == 2


def test_a_double_tap_counts_it_once(ingrid, action, balance):
    key = keys.new()

    assert [count(ingrid, action, key).status_code for _ in range(2)] == [302, 302]

    assert balance() == 2


def test_it_can_be_left_out_and_put_back(ingrid, action, balance):
    ingrid.post(address("leave_late", action.pk))
    assert state(action) == State.DISMISSED
    page = ingrid.get(address("late")).content.decode()
    assert "Left out." in page

    ingrid.post(address("put_late_back", action.pk))

    assert state(action) == State.HELD
    assert balance() == 1


def test_what_was_left_out_can_not_be_counted_by_somebody_slower(ingrid, manager, action, balance):
    ingrid.post(address("leave_late", action.pk))

    assert count(manager, action).status_code == 422

    assert balance() == 1


def test_what_was_counted_can_not_be_put_back(ingrid, action):
    count(ingrid, action)

    ingrid.post(address("put_late_back", action.pk))

    assert state(action) == State.APPROVED


def test_a_paused_card_says_so_and_may_be_counted_later(ingrid, action, card, balance):
    programmes.pause(card, actor=as_owner(card.shop))
    refused = count(ingrid, action)
    assert "The programme is on pause" in refused.content.decode()
    assert balance() == 1
    programmes.resume(card, actor=as_owner(card.shop))

    count(ingrid, action)

    assert balance() == 2


def test_a_card_nobody_knows_can_only_be_left_out(ingrid, counter, member, card, in_shop):
    action = saved_late(counter=counter, code="7KQ4M2X9AB", programme=card)

    page = ingrid.get(address("late")).content.decode()

    assert "7KQ4M2X9AB" in page
    assert "Count it" not in page
    assert count(ingrid, action).status_code == 422


def test_a_blank_paper_card_becomes_a_member_when_it_is_counted(ingrid, counter, card, in_shop):
    blank = PaperCardFactory(shop=counter.shop)
    action = saved_late(counter=counter, code=blank.counter_code, programme=card)

    count(ingrid, action)

    blank.refresh_from_db()
    assert blank.membership.accounts.get().balance == 2


def test_a_time_no_device_can_know_is_not_booked(ingrid, member, counter, card, in_shop):
    from_1970 = saved_late(
        counter=counter,
        code=member.counter_code,
        programme=card,
        age=2 * deciding.BELIEVABLE,
    )

    count(ingrid, from_1970)

    assert Operation.objects.get(kind="count_late").occurred_at == from_1970.received_at


def test_missing_actions_are_told_until_somebody_has_seen_it(ingrid, device, counter, member):
    for _ in range(5):
        device.save(member)
    device.wipe()
    device.hand_in()
    page = ingrid.get(address("late")).content.decode()
    assert "5 actions missing from By the door" in page

    ingrid.post(address("missing_seen", counter.pk))

    assert "missing from" not in ingrid.get(address("late")).content.decode()


def test_the_week_says_how_many_wait(ingrid, action, member, counter):
    stamp(member, counter=counter)

    assert "1 late stamp waits for you." in ingrid.get(address("week")).content.decode()


def test_staff_may_not_decide(staff_client, action):
    assert staff_client.get(address("late")).status_code == 403
    assert count(staff_client, action).status_code == 403
    assert staff_client.post(address("leave_late", action.pk)).status_code == 403


def test_a_stranger_finds_nothing(stranger, action, in_shop):
    assert stranger.get(address("late")).status_code == 404
    assert count(stranger, action).status_code == 404
    assert state(action) == State.HELD


@pytest.mark.parametrize("field", ["count", "programme"])
@pytest.mark.parametrize("junk", ["", "many", "-1", "9" * 40])
def test_what_can_not_be_read_can_only_be_left_out(ingrid, junk_from_a_device, field, junk):
    action = junk_from_a_device(**{field: junk})

    assert ingrid.get(address("late")).status_code == 200
    assert count(ingrid, action).status_code == 422
    assert state(action) == State.HELD
    ingrid.post(address("leave_late", action.pk))
    assert state(action) == State.DISMISSED


def test_whoever_was_slower_is_told_so(ingrid, manager, action):
    count(ingrid, action)

    assert "Somebody has decided this already." in count(manager, action).content.decode()


def test_two_managers_may_see_the_same_gap(ingrid_person, device, member, in_shop):
    for _ in range(3):
        device.save(member)
    device.wipe()
    device.hand_in()
    actor = Actor(in_shop, Channel.OWNER, person=ingrid_person)
    with CaptureQueriesContext(connection) as asked:
        deciding.has_been_seen(device.counter, actor=actor)

    deciding.has_been_seen(device.counter, actor=actor)

    # A savepoint around one update and one line of the log, which asks whether it may be written.
    assert len(asked) == 5
    assert Change.objects.filter(what="missing_seen").count() == 1  # whoever is quicker
    assert not LateAction.objects.notices().exists()
