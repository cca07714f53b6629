from datetime import datetime, timedelta

import pytest
from django_scopes import scope

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members.guard import flags
from members.guard.facts import Rule
from members.ledger.models import Operation
from members.merging import merge
from members.operations import undo
from tests.factories import CounterFactory, PersonFactory
from tests.members.guard.conftest import OSLO, WEDNESDAY, told

pytestmark = pytest.mark.django_db

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def times(member, count, come, *, begin=WEDNESDAY, apart=HOUR, **more):
    for n in range(count):
        come(member, begin + n * apart, **more)


# --- One card on one day --------------------------------------------------------------------


def test_it_works(maja, come, look):
    times(maja, 6, come)

    [flag] = look()

    assert flag.what == "There were 6 stamps in 6 visits for Maja on one day."
    assert flag.rule == Rule.BUSY_CARD
    assert flag.day == WEDNESDAY.date()
    assert flag.card == maja
    assert flag.staff is None
    assert [line.at for line in flag.lines] == [WEDNESDAY + n * HOUR for n in range(5, -1, -1)]
    assert {line.staff.name for line in flag.lines} == {"Ola"}


def test_five_visits_in_a_day_are_nothing(maja, come, look):
    times(maja, 5, come)

    assert look() == []


def test_a_day_ends_at_midnight_in_shop_time(maja, come, look):
    times(maja, 3, come, begin=WEDNESDAY.replace(day=15, hour=21, minute=30))
    times(maja, 3, come, begin=WEDNESDAY.replace(hour=0, minute=5))

    assert look(burst_visits=50) == []


def test_ten_stamps_in_a_day_are_nothing_and_eleven_are_shown(maja, come, look):
    come(maja, WEDNESDAY, 10, reason="group")
    assert look() == []

    come(maja, WEDNESDAY + HOUR)
    assert told(look()) == ["There were 11 stamps in 2 visits for Maja on one day."]


def test_what_was_undone_counts_nowhere(maja, come, look, counter):
    times(maja, 6, come)
    with clock.at(WEDNESDAY + 6 * HOUR), scope(shop=maja.shop):
        last = Operation.objects.filter(kind="add_stamps").latest("pk")
        undo(membership=maja, undone=last, key=keys.new(), actor=Actor.of_counter(counter))

    assert look() == []


def test_a_merged_card_counts_with_the_one_it_became_part_of(maja, join, come, look, counter):
    second = join("Maja")
    times(maja, 3, come)
    times(second, 3, come, begin=WEDNESDAY + 10 * MINUTE)
    assert look() == []

    with clock.at(WEDNESDAY + 5 * HOUR):
        merge(gone=second, kept=maja, key=keys.new(), actor=Actor.of_counter(counter))
    [flag] = look()

    assert flag.numbers["times"] == 6
    assert {line.card for line in flag.lines} == {maja}


def test_so_does_one_that_became_part_of_it_by_way_of_another(maja, join, come, look, counter):
    second, third = join(), join()
    for place, card in enumerate((maja, second, third)):
        times(card, 2, come, begin=WEDNESDAY + 10 * place * MINUTE)
    with clock.at(WEDNESDAY + 5 * HOUR):
        for gone, kept in ((third, second), (second, maja)):
            merge(gone=gone, kept=kept, key=keys.new(), actor=Actor.of_counter(counter))
    [flag] = look()

    assert flag.numbers["times"] == 6
    assert {line.card for line in flag.lines} == {maja}


def test_a_card_without_a_name_is_told_by_its_code(join, come, look):
    card = join()
    times(card, 6, come)

    assert told(look()) == [
        f"There were 6 stamps in 6 visits for card {card.spoken_code} on one day."
    ]


def test_the_first_day_counts_whole(maja, come, look):
    times(maja, 6, come)

    assert look(since=WEDNESDAY + 4 * HOUR)


def test_a_threshold_is_the_shops_own(maja, come, look):
    times(maja, 3, come)

    assert look() == []
    assert look(visits_a_day=2)
    assert look(stamps_a_day=2)


def test_another_shops_days_are_not_seen(maja, come, look, next_door_member, next_door_counter):
    times(next_door_member, 6, come, at=next_door_counter, by=None)

    assert look() == []


# --- One till within minutes ----------------------------------------------------------------


@pytest.fixture
def crowd(join):
    return [join(f"Guest {n}") for n in range(11)]


def test_ten_cards_within_five_minutes_are_shown(crowd, come, look, sara):
    for n, guest in enumerate(crowd[:10]):
        come(guest, WEDNESDAY + n * timedelta(seconds=33), by=sara)

    [flag] = look()

    assert flag.what == "Sara stamped 10 times within 5 minutes at By the door."
    assert (flag.rule, flag.staff, flag.counter.name) == (Rule.BURST, sara, "By the door")
    assert [line.card for line in flag.lines] == crowd[9::-1]


def test_nine_cards_within_five_minutes_are_nothing(crowd, come, look):
    for n, guest in enumerate(crowd[:9]):
        come(guest, WEDNESDAY + n * timedelta(seconds=33))

    assert look() == []


def test_ten_cards_within_six_minutes_are_nothing(crowd, come, look):
    for n, guest in enumerate(crowd[:10]):
        come(guest, WEDNESDAY + n * timedelta(seconds=40))

    assert look() == []
    assert look(burst_minutes=6)


def test_two_people_at_one_till_are_two_rows(crowd, come, look, sara):
    for n, guest in enumerate(crowd):
        come(guest, WEDNESDAY + n * timedelta(seconds=20), by=sara if n % 2 else "Ola")

    assert look() == []


def test_a_row_that_goes_on_is_one_flag(crowd, come, look):
    for n, guest in enumerate(crowd):
        come(guest, WEDNESDAY + n * timedelta(seconds=30))

    assert told(look()) == ["Ola stamped 11 times within 5 minutes at By the door."]


def test_two_rows_a_day_are_two_flags(crowd, come, look):
    for hour in (0, 3):
        for n, guest in enumerate(crowd[:3]):
            come(guest, WEDNESDAY + hour * HOUR + n * MINUTE)

    assert [flag.numbers["times"] for flag in look(burst_visits=3)] == [3, 3]


def test_a_till_that_is_always_busy_gets_more_room(crowd, come, look):
    for day in range(8, 12):  # thirty cards an hour are three in six minutes
        for n in range(30):
            come(crowd[n % 11], WEDNESDAY - timedelta(days=day) + n * 2 * MINUTE)
    for n, guest in enumerate(crowd[:10]):
        come(guest, WEDNESDAY + n * timedelta(seconds=20))

    assert look(visits_a_day=50, stamps_a_day=50) == []


def test_without_a_name_on_the_till_the_till_is_named(crowd, come, look, shop):
    nobodys = CounterFactory(shop=shop, name="Terrace")
    for n, guest in enumerate(crowd[:10]):
        come(guest, WEDNESDAY + n * timedelta(seconds=5), at=nobodys)

    assert told(look()) == ["There were 10 visits within 1 minute at Terrace."]


# --- One's own card -------------------------------------------------------------------------


@pytest.fixture
def own(join, staff_person):
    return join("Sara", person=staff_person)


@pytest.fixture
def herself(shop, staff_person):
    with scope(shop=shop):
        return staff_person.roles.get().staff


def test_ones_own_card_twice_a_day_is_shown(own, herself, come, look):
    times(own, 2, come, by=herself)

    [flag] = look()

    assert flag.what == "Sara stamped their own card 2 times on one day."
    assert (flag.rule, flag.staff, flag.card) == (Rule.OWN_CARD, herself, own)


def test_ones_own_card_once_a_day_is_a_coffee(own, herself, come, look):
    times(own, 3, come, by=herself, apart=timedelta(days=-1))

    assert look() == []
    assert len(look(own_a_day=1)) == 3


def test_a_colleague_may_stamp_it(own, come, look):
    times(own, 3, come)

    assert look() == []


def test_a_card_of_somebody_with_another_sign_in_is_not_ones_own(join, herself, come, look):
    times(join("Sara", person=PersonFactory()), 3, come, by=herself)

    assert look() == []


def test_a_card_merged_into_ones_own_is_ones_own(own, join, herself, come, look):
    second = join()
    times(second, 2, come, by=herself)
    with clock.at(WEDNESDAY + 5 * HOUR):
        merge(gone=second, kept=own, key=keys.new(), actor=Actor(own.shop, Channel.JOB))

    assert [flag.card for flag in look()] == [own]


def test_days_are_told_latest_first(maja, own, herself, come, look):
    times(own, 2, come, by=herself, begin=WEDNESDAY - timedelta(days=2))
    times(maja, 6, come, begin=WEDNESDAY)

    assert [flag.rule for flag in look()] == [Rule.BUSY_CARD, Rule.OWN_CARD]


def test_switched_off_nothing_is_looked_at(maja, come, look, django_assert_num_queries):
    times(maja, 6, come)

    with django_assert_num_queries(0):
        assert look(on=False) == []


def test_only_the_days_asked_for_are_told(maja, come, look):
    times(maja, 6, come)

    assert look(until=datetime(2026, 9, 15, 23, 0, tzinfo=OSLO)) == []
    assert look(until=datetime(2026, 9, 22, 23, 0, tzinfo=OSLO))
    assert look(until=datetime(2026, 9, 24, 0, 30, tzinfo=OSLO)) == []


def test_many_are_asked_for_in_parts(join, come, look, monkeypatch):
    for name in ("Maja", "Kim", "Liv"):
        come(join(name), WEDNESDAY, 2, again=True)
    at_once = look(stamps_a_day=1)
    monkeypatch.setattr(flags, "AT_ONCE", 2)

    assert look(stamps_a_day=1) == at_once
    assert len(at_once) == 3
