"""The last ten of a counter, and taking one back."""

from datetime import timedelta

import pytest
from django_scopes import scope

from loyalty import clock, keys
from members.ledger.models import Account, LedgerEntry
from tests.factories import CounterFactory, MembershipFactory, PointsFactory, stamp
from tests.people import till_of
from tests.stampcards.counter.conftest import put_on_the_till
from tests.support.pages import page_of, text_of

pytestmark = pytest.mark.django_db

LAST = "/c/last/"


@pytest.fixture
def done(give):
    """The key of a stamp Maja just got."""
    key = keys.new()
    give(key=key)
    return key


def balance(membership):
    with scope(shop=membership.shop):
        return Account.objects.get(membership=membership).balance


def test_it_works(undo, done, till, member):
    response = undo(done)

    assert "Undone. Maja has 1 of 9." in text_of(till.get(response.url))
    assert balance(member) == 1


def test_it_adds_an_entry_and_deletes_none(undo, done, member):
    with scope(shop=member.shop):
        before = list(LedgerEntry.objects.order_by("pk").values())
    undo(done)

    with scope(shop=member.shop):
        after = list(LedgerEntry.objects.order_by("pk").values())
    assert after[: len(before)] == before
    assert [entry["kind"] for entry in after[len(before) :]] == ["reverse"]


def test_a_second_time_is_refused(undo, done, member):
    undo(done)
    response = undo(done)

    assert response.status_code == 422
    assert "This was undone already." in text_of(response)
    assert balance(member) == 1


def test_a_double_tap_undoes_once_and_says_the_same(undo, done):
    key = keys.new()

    assert undo(done, key=key).url == undo(done, key=key).url


def test_what_was_done_days_ago_is_too_late(undo, done):
    with clock.at(clock.now() + timedelta(days=2)):
        response = undo(done)

    assert response.status_code == 422
    assert "Only today&#x27;s latest 10 can be undone here. Ask the owner." in text_of(response)


def test_another_counters_stamp_is_refused(undo, member, shop):
    elsewhere = CounterFactory(shop=shop)
    key = keys.new()
    stamp(member, counter=elsewhere, key=key)

    assert undo(key).status_code == 422
    assert balance(member) == 2


def test_the_list_says_when_what_and_who(till, done):
    page = text_of(till.get(LAST))

    assert "Maja" in page
    assert "1 stamp · Ola" in page
    assert "Undo" in page


def test_the_list_shows_what_was_undone(till, done, undo):
    undo(done)
    page = text_of(till.get(LAST))

    assert "Maja" in page
    assert "Undone" in page
    assert "Undo " not in page.replace("Undone", "")


def test_undone_from_the_list_the_list_is_shown_again(undo, done, till):
    response = undo(done, listed="True")

    assert response.status_code == 302
    assert "Undone. Maja has 1 of 9." in text_of(till.get(response.url))
    assert "Last 10" in text_of(till.get(response.url))


def test_refused_from_the_list_the_list_says_why(undo, done):
    undo(done)
    response = undo(done, listed="True")

    assert response.status_code == 422
    assert "This was undone already." in text_of(response)
    assert "Last 10" in text_of(response)


def test_it_holds_ten(till, counter, member):
    for _stamp in range(12):
        stamp(member, counter=counter)

    assert page_of(till.get(LAST)).count("<li>") - 6 == 10  # six stand in the menu


def test_on_a_quiet_day_it_says_so(till):
    page = text_of(till.get(LAST))

    assert "Nothing stamped today" in page
    assert "Back to counter" in page


def test_with_points_it_says_that_nothing_was_given(till, shop):
    PointsFactory(shop=shop)
    page = text_of(till.get(LAST))

    assert "Nothing given today" in page
    assert "stamped" not in page


def test_another_counter_sees_nothing_of_it(done, shop, ola):
    elsewhere = till_of(CounterFactory(shop=shop, staff=ola))

    assert "Maja" not in elsewhere.get(LAST).content.decode()


def test_a_stranger_counter_undoes_nothing(undo, done, next_door_till, next_door_counter, member):
    put_on_the_till(next_door_counter)

    assert undo(done, client=next_door_till).status_code == 404
    assert balance(member) == 2


def test_nobody_who_is_no_counter_undoes(undo, done, ingrid, stranger, visitor):
    for client in (ingrid, stranger, visitor):
        assert undo(done, client=client).status_code == 401
        assert client.get(LAST).status_code == 401


def test_what_was_done_elsewhere_is_not_told_here(till, member, shop):
    key = keys.new()
    stamp(MembershipFactory(shop=shop, name="Kim"), counter=CounterFactory(shop=shop), key=key)
    page = till.get("/c/", {"done": str(key)})

    assert page.status_code == 200
    assert "Kim" not in page.content.decode()


@pytest.mark.parametrize("key", ["x", "", "00000000-0000-0000-0000-000000000000"])
def test_a_result_that_never_was_is_just_the_till(till, key):
    assert till.get("/c/", {"done": key}).status_code == 200


def test_a_key_that_is_no_operation_is_not_found(undo):
    assert undo(keys.new()).status_code == 404
