"""MEM-07: all clubs of whoever is signed in, and nobody else's."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope, scopes_disabled

from loyalty import clock, keys
from loyalty.actors import Actor
from members import access
from members.merging import merge
from members.models import Membership
from members.programmes import switch_off
from rewards.models import Claim
from rewards.operations import hand_over
from tests.factories import (
    MembershipFactory,
    PersonFactory,
    PointsFactory,
    ProgrammeFactory,
    RewardFactory,
    ShopFactory,
    as_owner,
)
from tests.people import browser_of
from tests.support.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return PersonFactory(email="maja@example.no")


@pytest.fixture
def cards(card, next_door_card, person):
    """Four of nine at the café, and a start among the flowers."""
    return [
        MembershipFactory(shop=card.shop, person=person, stamps=4),
        MembershipFactory(shop=next_door_card.shop, person=person),
    ]


@pytest.fixture
def maja(person):
    return browser_of(person)


def read(client):
    return text(client.get(reverse("clubs")))


def test_it_works(maja, cards):
    html = read(maja)

    for one in cards:
        assert reverse("card:card", args=[one.private]) in html
    assert "Kaffe &amp; Kardemomme" in html
    assert "Coffee card: 4 of 9<br>5 to go: Any hot drink<" in html
    assert "Blomster &amp; Jord" in html


def test_shops_stand_in_the_order_of_their_names(maja, cards):
    html = read(maja)

    assert html.index("Blomster") < html.index("Kaffe")


def test_a_reward_that_is_ready_is_told_until_it_is_used(maja, card, person, counter):
    mine = MembershipFactory(shop=card.shop, person=person, stamps=9, stamps__counter=counter)
    assert "Ready: Any hot drink" in read(maja)
    with scope(shop=card.shop):
        claim = Claim.objects.get(membership=mine)
    hand_over(membership=mine, claim=claim, key=keys.new(), actor=Actor.of_counter(counter))

    assert "Ready:" not in read(maja)


def test_a_reward_that_has_run_out_is_not_ready(maja, card, person, counter):
    MembershipFactory(shop=card.shop, person=person, stamps=9, stamps__counter=counter)
    with scope(shop=card.shop):
        last = Claim.objects.get().expires_on
    midnight = clock.now().replace(year=last.year, month=last.month, day=last.day, hour=0)

    with clock.at(midnight.replace(hour=12)):
        assert "Ready: Any hot drink" in read(browser_of(person))
    with clock.at(midnight.replace(hour=23, minute=30)):  # past midnight in Oslo
        assert "Ready:" not in read(browser_of(person))


def test_several_programmes_of_a_shop_stand_together(maja, card, person):
    ProgrammeFactory(shop=card.shop, name="Lunch card")
    MembershipFactory(shop=card.shop, person=person)

    html = read(maja)
    assert html.count('class="chev"') == 1
    assert "Coffee card: 1 of 9" in html
    assert "Lunch card: 1 of 9" in html


def test_a_programme_switched_off_is_shown_to_who_has_something_in_it(maja, card, person):
    lunch = ProgrammeFactory(shop=card.shop, name="Lunch card", rules__welcome=0)
    mine = MembershipFactory(shop=card.shop, person=person)
    with scope(shop=card.shop):
        for programme in (card, lunch):
            switch_off(programme, actor=as_owner(programme.shop))
    of_card = maja.get(reverse("card:card", args=[mine.private])).content.decode()

    for html in (read(maja), of_card):
        assert "Coffee card" in html
        assert "Lunch card" not in html


def test_whoever_has_no_card_is_told_what_to_do(stranger):
    html = read(stranger)

    assert "No card with that e-mail" in html
    assert "nina@blomster.example has no card yet." in html
    assert reverse("card:find") in html


# --- Nobody else's ---


def test_a_stranger_sees_none_of_them(stranger, ingrid, cards):
    for client in (stranger, ingrid):
        html = read(client)
        assert not [one for one in cards if one.private in html]


def test_who_is_not_signed_in_is_asked_to(visitor, till, cards):
    for client in (visitor, till):
        answer = client.get(reverse("clubs"))
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("account_login"))


def test_a_browser_that_remembers_a_card_is_not_its_person(visitor, cards):
    visitor.get(reverse("card:card", args=[cards[0].private]))

    assert visitor.get(reverse("clubs")).status_code == 302


def test_no_browser_keeps_the_page(maja, cards):
    assert "no-store" in maja.get(reverse("clubs"))["Cache-Control"]


def test_a_merged_card_is_not_listed(maja, person, card):
    with scope(shop=card.shop):
        kept = MembershipFactory(shop=card.shop)
        gone = MembershipFactory(shop=card.shop, person=person)
        merge(kept=kept, gone=gone, key=keys.new(), actor=access.holder_of(gone))

    html = read(maja)
    assert gone.private not in html
    assert kept.private in html


def test_a_post_is_no_question(maja, cards):
    assert maja.post(reverse("clubs")).status_code == 405


# --- The way there ---


@pytest.mark.parametrize("name", ["card", "settings"])
def test_the_card_leads_there_if_there_are_two(maja, cards, name, visitor, stranger):
    address = reverse(f"card:{name}", args=[cards[0].private])

    assert reverse("clubs") in maja.get(address).content.decode()
    for client in (visitor, stranger):
        assert reverse("clubs") not in client.get(address).content.decode()


def test_one_card_is_no_club_tour(maja, person, card):
    only = MembershipFactory(shop=card.shop, person=person)

    html = maja.get(reverse("card:card", args=[only.private])).content.decode()
    assert reverse("clubs") not in html


def test_the_account_pages_lead_there(maja, cards):
    assert reverse("clubs") in maja.get(reverse("account_devices")).content.decode()


# --- Costs ---


def test_many_clubs_cost_no_more_than_one(maja, person, card):
    MembershipFactory(shop=card.shop, person=person, stamps=9)
    one = cost(maja)
    for _club in range(4):
        programme = ProgrammeFactory(shop=ShopFactory())
        ProgrammeFactory(shop=programme.shop, name="Lunch card")
        MembershipFactory(shop=programme.shop, person=person)
    with scopes_disabled():
        assert Membership.objects.filter(person=person).count() == 5

    assert cost(maja) == one


def test_points_and_their_rewards_are_told_and_cost_one_query_for_all(maja, person, card):
    def club():
        points = PointsFactory(shop=ShopFactory())
        RewardFactory(programme=points)
        MembershipFactory(shop=points.shop, person=person)

    MembershipFactory(shop=card.shop, person=person)
    without = cost(maja)
    club()
    one = cost(maja)
    for _time in range(4):
        club()

    assert cost(maja) == one <= without + 1
    html = read(maja)
    assert html.count(" 0 points") == 5
    assert html.count("100 to go: Free lunch") == 5


def cost(client):
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("clubs"))
    return len(queries)
