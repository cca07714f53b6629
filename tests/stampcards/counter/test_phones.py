"""A customer without a phone in hand says its number."""

import pytest
from django.urls import reverse
from django_scopes import scope

from loyalty import keys, phones
from loyalty.actors import Actor
from loyalty.models import Shop
from members.card.operations import keep_phone
from members.merging import merge
from stampcards.counter.models import CodeMiss
from tests.factories import MembershipFactory
from tests.stampcards.counter.conftest import put_on_the_till
from tests.support.pages import text_of

pytestmark = pytest.mark.django_db

PHONE = "+4740612345"


@pytest.fixture
def maja(member):
    """Maja's card can be found by her number."""
    keep_phone(member, PHONE)
    return member


def misses(counter):
    with scope(shop=counter.shop):
        return CodeMiss.objects.filter(counter=counter).count()


def test_it_works(find, maja):
    response = find("40612345")

    assert response.redirect_chain[-1][0] == reverse("counter:card", args=[maja.counter_code])
    assert "Maja" in text_of(response)


@pytest.mark.parametrize("typed", ["406 12 345", "+47 40 61 23 45", "004740612345", "+4740612345"])
def test_a_number_is_found_however_it_is_written(find, maja, typed):
    assert "Maja" in text_of(find(typed))


@pytest.mark.parametrize(("country", "typed"), [("SE", "0701234567"), ("GB", "07400 123456")])
def test_a_number_is_read_as_in_the_shops_country(find, counter, maja, country, typed):
    Shop.objects.update(country=country)
    keep_phone(maja, phones.read(typed, country))

    assert "Maja" in text_of(find(typed))


def test_a_number_on_several_cards_lets_staff_choose(find, maja, shop):
    brother = MembershipFactory(shop=shop, name="Emil")
    keep_phone(brother, PHONE)
    response = find("40612345")

    assert "Who is it?" in text_of(response)
    assert "Maja" in text_of(response)
    assert reverse("counter:card", args=[brother.counter_code]) in response.content.decode()


def test_of_somebody_found_only_the_last_digits_are_told(find, maja, shop):
    keep_phone(MembershipFactory(shop=shop), PHONE)
    response = find("40612345")

    assert "•• •• 23 45" in text_of(response)
    assert "4061" not in response.content.decode()


def test_nobody_sees_several_before_somebody_is_on_the_till(find, maja, shop, counter):
    keep_phone(MembershipFactory(shop=shop), PHONE)
    with scope(shop=shop):
        counter.staff = None
        counter.save(update_fields=["staff"])
    response = find("40612345")

    assert response.status_code == 422
    assert "Who is on the till?" in text_of(response)
    assert "Maja" not in response.content.decode()


def test_an_unknown_number_is_carried_over_to_a_new_card(find, till, counter):
    response = find("40612345")
    carried = till.post(reverse("counter:phone"), {"phone": "40 61 23 45"})

    assert response.status_code == 422
    assert "No card with that number." in text_of(response)
    assert "New member" in text_of(response)
    assert 'name="phone" value="40 61 23 45"' in response.content.decode()
    assert 'value="40 61 23 45"' in carried.content.decode()
    assert "Make card" in text_of(carried)


def test_an_unknown_number_counts_like_a_wrong_code(find, counter, maja):
    for guess in range(10):
        find(f"4000000{guess}")
    right = find("40612345")

    assert misses(counter) == 10
    assert right.status_code == 422
    assert "Too many wrong codes. Typing is on pause until" in text_of(right)
    assert "Maja" not in right.content.decode()


@pytest.mark.parametrize("typed", ["12345678", "4061234567", "+47", "+474"])
def test_what_no_number_looks_like_is_kept_and_looked_up_nowhere(find, counter, typed):
    response = find(typed)

    assert response.status_code == 422
    assert "Check the number. It looks like 40 61 23 45." in text_of(response)
    assert f'value="{typed}"' in response.content.decode()
    assert misses(counter) == 0


def test_what_a_camera_reads_is_no_phone_number(find, maja):
    response = find("40612345", scanned="True")

    assert "This code is not a loyalty card." in text_of(response)
    assert "Maja" not in response.content.decode()


def test_the_number_of_a_card_that_was_merged_leads_to_what_it_became(find, maja, shop, counter):
    old = MembershipFactory(shop=shop, name="Old")
    keep_phone(maja, "")
    keep_phone(old, PHONE)
    merge(gone=old, kept=maja, key=keys.new(), actor=Actor.of_counter(counter))

    assert "Maja" in text_of(find("40612345"))


def test_a_stranger_and_a_visitor_find_nobody(find, maja, stranger, visitor, ingrid):
    for client in (stranger, visitor, ingrid):
        response = find("40612345", client=client)
        assert response.status_code == 401
        assert "Maja" not in response.content.decode()


def test_a_stranger_counter_finds_nobody(find, maja, next_door_till, next_door_counter):
    put_on_the_till(next_door_counter)
    response = find("40612345", client=next_door_till)

    assert "No card with that number." in text_of(response)
    assert "Maja" not in response.content.decode()
