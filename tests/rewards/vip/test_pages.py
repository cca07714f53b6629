"""Early access on a card, and on a page of its own."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loyalty import clock, keys
from rewards.vip.models import Drop, Opening, Reservation
from tests.factories import DropFactory, OpeningFactory
from tests.rewards.vip.conftest import A_SECOND, SUNDAY, THURSDAY, left_of
from tests.support.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def card_of(visitor):
    return lambda member: text_of(visitor.get(reverse("card:card", args=[member.private])))


def test_it_works(look_at, ask, roast, vera):
    before = text_of(look_at(vera, roast))

    assert "Summer roast 149 kr Picked by the shop" in before
    assert "Open now, 2 left." in before
    assert "It is kept for you until Sunday 17:00." in before
    done = text_of(ask(vera, roast, "reserve"))
    assert f"Reserved until Sunday 17:00. Say your code at the counter. {vera.spoken_code}" in done
    assert "Undo" in done
    assert "1 of 2 left" in done


# --- On the card ---


def test_a_card_tells_what_opens_when(card_of, roast, vera):
    with clock.at(THURSDAY - timedelta(days=1)):
        told = card_of(vera)

    assert "Early access VIP · Picked by the shop" in told
    assert "Opens to you Thu 09:00, to everyone Sat 09:00. See it" in told


def test_others_see_it_locked_on_their_card(card_of, roast, maja):
    told = card_of(maja)

    assert "Summer roast Opens to everyone Sat 09:00." in told
    assert "VIP" not in told


def test_where_others_see_nothing_their_card_says_nothing(card_of, roast, maja):
    Drop.objects.update(others=Drop.Others.NOTHING)

    assert "Early access" not in card_of(maja)


def test_what_is_reserved_stands_there_and_not_among_the_rewards(card_of, reserve, roast, vera):
    reserve(membership=vera, drop=roast)
    told = card_of(vera)

    assert "Summer roast Reserved until Sun 17:00." in told
    assert "You have earned" not in told


def test_without_any_drop_the_picked_still_see_why_they_are_vip(card_of, vera):
    assert "VIP · Picked by the shop What opens to you first stands here." in card_of(vera)


def test_a_card_has_room_for_three_and_the_rest_has_a_page(visitor, card_of, in_shop, maja):
    for n in range(4):
        OpeningFactory(drop=DropFactory(shop=in_shop, name=f"Roast {n}"), at=THURSDAY)
    told = card_of(maja)

    assert "All of them" in told
    assert told.count("See it") == 3
    every = text_of(visitor.get(reverse("early:all", args=[maja.private])))
    assert every.count("See it") == 4


def test_the_page_of_all_is_not_empty_without_any(visitor, maja):
    every = text_of(visitor.get(reverse("early:all", args=[maja.private])))

    assert "Nothing here right now" in every


def test_a_card_of_a_shop_without_early_access_costs_one_query_more(visitor, maja, settings):
    address = reverse("card:card", args=[maja.private])

    def cost():
        with CaptureQueriesContext(connection) as said:
            visitor.get(address)
        return len([query for query in said if '"vip_' in query["sql"]])

    visitor.get(address)
    assert cost() == 1


def test_a_card_costs_the_same_with_many_of_them(visitor, in_shop, maja, roast):
    address = reverse("card:card", args=[maja.private])

    def cost():
        with CaptureQueriesContext(connection) as said:
            visitor.get(address)
        return len(said)

    visitor.get(address)
    one = cost()
    for n in range(5):
        OpeningFactory(drop=DropFactory(shop=in_shop, name=f"Roast {n}"), at=THURSDAY)
    assert cost() == one


# --- Its page ---


def test_somebody_not_meant_sees_a_teaser_and_no_detail(look_at, roast, maja):
    Drop.objects.update(text="Notes of plum.")
    response = look_at(maja, roast)
    told = text_of(response)

    assert response.status_code == 200
    assert "Summer roast Opens to everyone Saturday 09:00." in told
    for detail in ("Notes of plum.", "149 kr", "2 of 2 left", "Reserve one"):
        assert detail not in told


def test_what_never_opens_to_them_is_not_found(look_at, roast, maja):
    Opening.objects.filter(audience="everybody").delete()

    assert look_at(maja, roast).status_code == 404


def test_nobody_may_before_it_opens(look_at, ask, roast, vera):
    with clock.at(THURSDAY - A_SECOND):
        before = text_of(look_at(vera, roast))
        refused = ask(vera, roast, "reserve")

    assert "Opens to you Thursday 09:00, to everyone Saturday 09:00." in before
    assert "Reserve one" not in before
    assert refused.status_code == 422
    assert "It opens to you on 4 March at 09:00." in text_of(refused)
    assert left_of(roast) == 2


def test_somebody_not_meant_is_refused_in_words(ask, roast, maja):
    refused = ask(maja, roast, "reserve")

    assert refused.status_code == 422
    assert "It opens to you on 6 March at 09:00." in text_of(refused)
    assert left_of(roast) == 2


def test_letting_it_go_frees_it(ask, roast, vera):
    ask(vera, roast, "reserve")
    own = Reservation.objects.get()
    done = text_of(ask(vera, roast, "let_go", reservation=own.pk))

    assert "Open now, 2 left." in done
    assert left_of(roast) == 2


def test_letting_go_is_said(ask, roast, vera):
    ask(vera, roast, "reserve")
    own = Reservation.objects.get()
    done = ask(vera, roast, "let_go", reservation=own.pk)

    assert "Let go. Somebody else can have it now." in done.content.decode()


def test_a_double_tap_reserves_one(ask, roast, vera):
    key = keys.new()
    ask(vera, roast, "reserve", key=key)

    assert "Reserved until Sunday 17:00." in text_of(ask(vera, roast, "reserve", key=key))
    assert left_of(roast) == 1


def test_one_more_is_refused_in_words(ask, roast, vera):
    ask(vera, roast, "reserve")
    refused = ask(vera, roast, "reserve")

    assert refused.status_code == 422
    assert 'role="alert"' in refused.content.decode()
    assert left_of(roast) == 1


def test_where_two_are_allowed_one_more_can_be_reserved(ask, roast, vera):
    Drop.objects.update(per_member=2)

    assert "Reserve one more" in text_of(ask(vera, roast, "reserve"))
    assert "2 reserved until Sunday 17:00." in text_of(ask(vera, roast, "reserve"))


def test_sold_out_it_says_so_and_the_page_has_no_button(ask, look_at, vip, roast, vera):
    for each in (vip(), vip()):
        ask(each, roast, "reserve")
    told = text_of(look_at(vera, roast))

    assert "All are reserved right now." in told
    assert "Reserve one" not in told
    assert ask(vera, roast, "reserve").status_code == 422


def test_anothers_reservation_is_not_found(ask, roast, vera, vip):
    ask(vip(name="Nils"), roast, "reserve")
    own = Reservation.objects.get()

    assert ask(vera, roast, "let_go", reservation=own.pk).status_code == 404
    assert left_of(roast) == 1


@pytest.mark.parametrize("asked", ["", "steal"])
def test_a_strange_button_changes_nothing(ask, roast, vera, asked):
    assert ask(vera, roast, asked).status_code == 422
    assert left_of(roast) == 2


def test_a_draft_is_not_found(look_at, roast, vera):
    Drop.objects.update(scheduled_at=None)

    assert look_at(vera, roast).status_code == 404


def test_what_others_do_not_see_is_not_found(look_at, ask, roast, maja):
    Drop.objects.update(others=Drop.Others.NOTHING)

    assert look_at(maja, roast).status_code == 404
    assert ask(maja, roast, "reserve").status_code == 404


def test_over_it_says_so_and_shows_no_more_than_before(look_at, roast, vera, maja):
    with clock.at(SUNDAY):
        assert "This is over." in text_of(look_at(vera, roast))
    Drop.objects.update(closed_at=THURSDAY)
    assert "149 kr The shop has closed this." in text_of(look_at(vera, roast)).replace(
        "Picked by the shop ", ""
    )
    assert "Summer roast The shop has closed this." in text_of(look_at(maja, roast))
    assert "Opens to everyone" not in text_of(look_at(vera, roast))
    Drop.objects.update(others=Drop.Others.NOTHING)
    assert look_at(maja, roast).status_code == 404


def test_a_sale_is_only_open(look_at, in_shop, maja):
    sale = DropFactory(
        shop=in_shop,
        kind=Drop.Kind.SALE,
        name="Spring sale",
        quantity=None,
        ends_at=SUNDAY,
        over_at=SUNDAY,
    )
    OpeningFactory(drop=sale, at=THURSDAY)
    told = text_of(look_at(maja, sale))

    assert "Open now, until Sunday 17:00. Show my code" in told
    assert "Reserve" not in told


# --- By itself ---


def test_while_nothing_happens_the_answer_is_empty(look_at, roast, vera):
    seen = re.search(r'data-seen="([^"]+)"', look_at(vera, roast).content.decode())[1]

    assert look_at(vera, roast, "now", seen=seen).status_code == 204


def test_at_its_second_an_open_page_gets_the_button(look_at, roast, vera):
    with clock.at(THURSDAY - A_SECOND):
        html = look_at(vera, roast).content.decode()
        seen = re.search(r'data-seen="([^"]+)"', html)[1]
        assert 'data-opens-in="1"' in html
        assert look_at(vera, roast, "now", seen=seen).status_code == 204
    with clock.at(THURSDAY):
        assert "Reserve one" in look_at(vera, roast, "now", seen=seen).content.decode()


def test_what_others_reserve_is_counted_down(look_at, ask, roast, vera, vip):
    seen = re.search(r'data-seen="([^"]+)"', look_at(vera, roast).content.decode())[1]
    ask(vip(), roast, "reserve")

    assert "Open now, 1 left." in look_at(vera, roast, "now", seen=seen).content.decode()


# --- Who else ---


def test_another_shops_drop_is_not_found(look_at, ask, roast, next_door_member):
    assert look_at(next_door_member, roast).status_code == 404
    assert ask(next_door_member, roast, "reserve").status_code == 404
    assert left_of(roast) == 2


def test_a_stranger_sees_nothing(stranger, next_door_till, visitor, roast):
    address = reverse("early:drop", args=["guessed-link", roast.pk])
    for client in (stranger, next_door_till, visitor):
        response = client.get(address)
        assert response.status_code == 404
        assert "Summer roast" not in response.content.decode()


def test_a_page_of_its_own_is_kept_by_nobody(look_at, roast, vera):
    assert "no-store" in look_at(vera, roast)["Cache-Control"]
