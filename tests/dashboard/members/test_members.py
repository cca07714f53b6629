"""The list of members: who was here last, and whoever is looked for."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from loyalty.dashboard.members.views import listing
from members.merging import merge
from members.operations import replace_codes
from tests.factories import (
    MembershipFactory,
    PersonFactory,
    PointsFactory,
    earn,
    stamp,
)
from tests.support.pages import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(ingrid, shop):
    """What the owner reads on the list, or after looking for somebody."""

    def read(typed="", by=ingrid):
        wanted = {"q": typed} if typed else {}
        answer = by.get(reverse("owner:members", args=[shop.slug]), wanted)
        assert answer.status_code == 200
        return words_of(answer)

    return read


@pytest.fixture
def leads_to(ingrid, shop):
    def leads_to(typed):
        return ingrid.get(reverse("owner:members", args=[shop.slug]), {"q": typed}).url

    return leads_to


def page_of(card):
    return reverse("owner:member", args=[card.shop.slug, card.pk])


def test_it_works(read, member, counter):
    stamp(member, counter=counter)

    page = read()

    today = clock.now().astimezone(member.shop.zone)
    assert f"Maja {member.spoken_code} 2 of 9 {today.day} {today:%B}" in page


def test_who_was_here_last_comes_first(read, shop, card, counter):
    for name, days in (("Earliest", 9), ("Late", 1), ("Between", 5)):
        with clock.at(clock.now() - timedelta(days=days)):
            MembershipFactory(shop=shop, name=name, stamps=2, stamps__counter=counter)
    MembershipFactory(shop=shop, name="Never")

    page = read()

    names = sorted(("Earliest", "Late", "Between", "Never"), key=page.index)
    assert names == ["Late", "Between", "Earliest", "Never"]
    assert "not yet" in page


def test_the_latest_are_shown_and_all_are_counted(read, shop, card, monkeypatch):
    monkeypatch.setattr(listing, "ROWS_A_PAGE", 2)
    MembershipFactory.create_batch(3, shop=shop)

    page = read()

    assert "Members 3" in page
    assert page.count("1 of 9") == 2


def test_nobody_yet(read, card):
    page = read()

    assert "No members yet" in page
    assert "Put the poster where people wait. Most join in the queue." in page
    assert "Print the poster" in page


def test_several_programmes_stand_side_by_side(read, shop, card, counter):
    PointsFactory(shop=shop)
    earn(MembershipFactory(shop=shop, name="Maja"), 64_000, counter=counter)

    assert "Coffee card: 1 of 9 · Points: 64 points" in read()


@pytest.mark.parametrize("typed", ["maj", "MAJA", "Máj"])
def test_by_how_a_name_begins(read, member, shop, typed):
    MembershipFactory(shop=shop, name="Kari")

    page = read(typed)

    assert "1 member found" in page
    assert "Maja" in page
    assert "Kari" not in page


def test_by_a_phone_number_as_staff_type_it(read, member):
    member.phone = "+4740612345"
    member.save(update_fields=["phone"])

    assert "Maja" in read("406 12 345")
    assert "Phone" in read("+47 40612345")


def test_six_digits_lead_to_the_card(leads_to, member):
    assert leads_to(member.short_code) == page_of(member)
    assert leads_to(f" {member.spoken_code} ") == page_of(member)


def test_a_code_that_was_replaced_leads_to_its_card(leads_to, member, shop):
    old = member.short_code
    actor = Actor(shop, Channel.OWNER)
    replace_codes(membership=member, key=keys.new(), actor=actor)

    assert leads_to(old) == page_of(member)


def test_a_code_of_a_merged_card_leads_to_the_one_it_became(leads_to, member, shop):
    other = MembershipFactory(shop=shop)
    merge(kept=other, gone=member, key=keys.new(), actor=Actor(shop, Channel.OWNER))

    assert leads_to(member.short_code) == page_of(other)


def test_a_merged_card_is_not_listed(read, member, shop, counter):
    stamp(member, counter=counter)
    other = MembershipFactory(shop=shop, name="Kari")
    merge(kept=other, gone=member, key=keys.new(), actor=Actor(shop, Channel.OWNER))

    page = read()

    assert member.spoken_code not in page
    assert "Members 1" in page
    assert "not yet" not in page  # the visit of the card that is gone was hers


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("123454", "That code has a typing mistake. Check the last digit."),
        ("123459", "No card with that number."),
        ("12", "Type six digits, a phone number, or three letters of a name or more."),
        ("Ma", "Type six digits, a phone number, or three letters of a name or more."),
        ("<b>!", "Type six digits, a phone number, or three letters of a name or more."),
        ("Zacharias", "Nobody here has that name."),
        ("40 61 23 99", "Nobody here has that phone number."),
        ("00000000", "Check the number."),
    ],
)
def test_each_search_in_vain_says_why(read, member, typed, told):
    page = read(typed)

    assert told in page
    assert "Find" in page


def test_what_was_typed_stays(ingrid, shop, member):
    answer = ingrid.get(reverse("owner:members", args=[shop.slug]), {"q": 'Kari "'})

    assert 'value="Kari &quot;"' in answer.content.decode()


def test_contact_is_named_not_shown(read, shop, card):
    MembershipFactory(shop=shop, person=PersonFactory(email="maja@example.no"))

    page = read()

    assert "E-mail" in page
    assert "maja@example.no" not in page


def test_nobody_from_next_door(read, member, next_door_member, shop):
    assert "Nora" not in read()
    assert "Nobody here has that name." in read("Nora")
    assert "No card with that number." in read(next_door_member.short_code)


def test_managers_see_it_and_staff_do_not(read, manager, staff_client, member, shop):
    assert "Maja" in read(by=manager)
    assert staff_client.get(reverse("owner:members", args=[shop.slug])).status_code == 403


def test_a_stranger_finds_nothing(stranger, shop, member):
    address = reverse("owner:members", args=[shop.slug])

    assert stranger.get(address).status_code == 404
    assert stranger.get(address, {"q": member.short_code}).status_code == 404


def test_it_costs_the_same_however_many_they_are(ingrid, shop, card, counter):
    def cost(**wanted):
        with CaptureQueriesContext(connection) as asked:
            assert ingrid.get(reverse("owner:members", args=[shop.slug]), wanted).status_code == 200
        return len(asked)

    PointsFactory(shop=shop)
    MembershipFactory(shop=shop, name="Maja", stamps=None)
    few = cost(), cost(q="Maja")
    for person in PersonFactory.create_batch(8):
        MembershipFactory(shop=shop, name="Maja", person=person)

    assert (cost(), cost(q="Maja")) == few
