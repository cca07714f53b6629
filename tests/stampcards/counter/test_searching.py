"""Search by name: the last way to a card, and no way into a directory."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django_scopes import scope

from loyalty import clock, keys
from loyalty.actors import Actor
from members.card.operations import keep_phone
from members.merging import merge
from members.operations import rename
from stampcards.counter.models import NameSearch
from stampcards.counter.searching import SEARCHES, SHOWN
from tests.factories import CounterFactory, MembershipFactory, stamp
from tests.people import till_of
from tests.stampcards.counter.conftest import put_on_the_till
from tests.support.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def search(till):
    """search(name): as the form on /c/search/ sends it."""

    def post(name, client=till):
        return client.post(reverse("counter:search"), {"name": name})

    return post


def searches(counter):
    with scope(shop=counter.shop):
        return list(NameSearch.objects.filter(counter=counter).order_by("pk"))


def test_it_works(search, till, member, counter, ola):
    keep_phone(member, "+4740612345")
    with clock.at(clock.now() - timedelta(days=2)):
        stamp(member, counter=counter)
    response = search("maj")

    assert "Search by name" in text_of(till.get("/c/"))
    assert response.status_code == 200
    assert "Maja •• •• 23 45 · last visit 2 days ago" in text_of(response)
    assert reverse("counter:card", args=[member.counter_code]) in response.content.decode()
    assert [(one.staff, one.found) for one in searches(counter)] == [(ola, 1)]


def test_a_name_typed_into_the_one_field_is_searched_for(find, counter, member):
    response = find("Maja")

    assert "Who is it?" in text_of(response)
    assert len(searches(counter)) == 1


def test_a_name_that_is_as_long_as_a_code_is_searched_for(find, member, in_shop):
    for name in ("Stella", "Stacey Kent"):
        rename(member, name)
        assert name in text_of(find(name))


@pytest.mark.parametrize("read", ["Maja", "Stella"])
def test_what_a_camera_reads_is_no_name(find, counter, member, read):
    assert "Who is it?" not in text_of(find(read, scanned="True"))
    assert not searches(counter)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Åse", "åse"),
        ("Åse", "ÅSE"),
        ("Åse", "ase"),
        ("ÆRLIG", "ærlig"),
        ("Søren", "SØREN"),
        ("André", "andre"),
        ("Anne-Marie", "anne marie"),
        ("Anne-Marie", "marie"),
        ("Maja Lise", "  maja   lis "),
        ("Zoë O'Hara", "hara"),
    ],
)
def test_case_and_accents_do_not_matter(search, member, in_shop, name, typed):
    rename(member, name)

    assert member.spoken_code not in text_of(search(typed))
    assert reverse("counter:card", args=[member.counter_code]) in search(typed).content.decode()


@pytest.mark.parametrize("typed", ["aja", "Lise", "Majaa", "%%%abc", "___abc"])
def test_only_the_beginning_of_a_word_finds(search, member, typed):
    response = search(typed)

    assert response.status_code == 422
    assert "No card with that name." in text_of(response)
    assert "New member" in text_of(response)


@pytest.mark.parametrize("typed", ["", "ma", "m a", "12345", "%%%", "🎂🎂🎂"])
def test_three_letters_at_least(search, counter, member, typed):
    response = search(typed)

    assert response.status_code == 422
    assert 'id="id_name_error"' in response.content.decode()
    assert "Type at least three letters." in text_of(response)
    assert not searches(counter)


def test_few_are_shown_and_those_who_were_here_last(search, counter, shop, card):
    cards = [MembershipFactory(shop=shop, name=f"Maja {n}.") for n in range(SHOWN + 2)]
    for n, one in enumerate(cards[1:]):
        with clock.at(clock.now() - timedelta(days=n)):
            stamp(one, counter=counter)
    text = text_of(search("maja"))

    assert [n for n in range(SHOWN + 2) if f"Maja {n}." in text] == [1, 2, 3, 4, 5]
    assert text.index("Maja 1.") < text.index("Maja 5.")
    assert "There are more. Type more of the name." in text


def test_as_many_as_are_shown_are_not_more(search, shop, card):
    for n in range(SHOWN):
        MembershipFactory(shop=shop, name=f"Maja {n}.")

    assert "There are more." not in text_of(search("maja"))


def test_a_card_that_became_another_ones_part_is_not_shown(search, counter, shop, member):
    old = MembershipFactory(shop=shop, name="Ottar")
    merge(gone=old, kept=member, key=keys.new(), actor=Actor.of_counter(counter))

    assert "No card with that name." in text_of(search("ottar"))


def test_so_many_an_hour_and_then_it_waits(search, counter, member):
    for _search in range(SEARCHES):
        assert "Maja" in text_of(search("maj"))
    refused = search("maj")

    assert refused.status_code == 422
    assert "Too many searches by name. Search is on pause until" in text_of(refused)
    assert "Maja" not in refused.content.decode()
    assert len(searches(counter)) == SEARCHES


@pytest.fixture
def at_the_limit(counter, shop):
    """One minute apart, as many searches as an hour allows; the last one just now."""
    now = clock.now()
    with scope(shop=shop):
        for n in range(SEARCHES):
            at = now - timedelta(minutes=n)
            NameSearch.objects.create(shop=shop, counter=counter, found=1, at=at)


def test_other_counters_are_not_on_pause(search, at_the_limit, member, shop, ola):
    elsewhere = till_of(CounterFactory(shop=shop, staff=ola))

    assert "Maja" in text_of(search("maj", client=elsewhere))


def test_the_pause_says_when_it_ends_and_then_it_is_over(search, at_the_limit, member, counter):
    first = min(one.at for one in searches(counter))
    ends = (first + timedelta(hours=1)).astimezone(counter.shop.zone)

    assert f"until {ends:%H:%M}." in text_of(search("maj"))
    with clock.at(first + timedelta(hours=1, seconds=1)):
        assert "Maja" in text_of(search("maj"))


def test_the_owner_is_told_once_however_long_it_goes_on(search, counter, shop, member):
    start = clock.now()
    for n in range(SEARCHES + 5):
        with clock.at(start + n * timedelta(minutes=3.1)):
            search("maj")

    assert [message.to for message in mail.outbox] == [[shop.contact_email]]
    assert counter.name in mail.outbox[0].body
    assert "Maja" not in mail.outbox[0].body


def test_the_owner_is_told_again_of_another_day(search, shop, member):
    today: datetime = clock.now()
    for day in (today, today + timedelta(days=1)):
        with clock.at(day):
            for _search in range(SEARCHES):
                search("maj")

    assert len(mail.outbox) == 2


def test_what_was_typed_is_not_kept(search, counter, member):
    search("majestic")

    with scope(shop=counter.shop):
        assert "majestic" not in str(list(NameSearch.objects.values()))


def test_nobody_searches_before_somebody_is_on_the_till(find, search, member, counter):
    with scope(shop=counter.shop):
        counter.staff = None
        counter.save(update_fields=["staff"])
    for response in (search("maja"), find("maja")):
        assert response.status_code == 422
        assert "Who is on the till?" in text_of(response)
        assert "Maja" not in response.content.decode()
    assert not searches(counter)


def test_a_stranger_and_a_visitor_search_nothing(search, member, stranger, visitor, ingrid):
    for client in (stranger, visitor, ingrid):
        assert search("maja", client=client).status_code == 401


def test_a_stranger_counter_finds_nobody(search, member, next_door_till, next_door_counter):
    put_on_the_till(next_door_counter)
    response = search("maja", client=next_door_till)

    assert "No card with that name." in text_of(response)
    assert member.counter_code not in response.content.decode()
