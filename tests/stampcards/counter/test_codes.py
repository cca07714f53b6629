"""A card's QR, opened by a phone's own camera."""

import pytest
from django_scopes import scope

from loyalty import keys
from loyalty.actors import Actor, Channel
from members.access import CARDS_COOKIE
from members.operations import replace_codes
from tests.stampcards.counter.conftest import put_on_the_till
from tests.support.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/s/{}", "/S/{}"])
def test_on_a_counter_it_is_the_sheet(till, member, path):
    response = till.get(path.format(member.counter_code), follow=True)

    assert "Maja" in text_of(response)
    assert "Give stamps" in text_of(response)


@pytest.mark.parametrize("path", ["/s/{}", "/S/{}"])
def test_for_everybody_else_it_is_a_loyalty_card_of_the_shop(visitor, member, path):
    response = visitor.get(path.format(member.counter_code))

    assert response.status_code == 200
    assert "This is a loyalty card" in text_of(response)
    assert "Kaffe &amp; Kardemomme" in text_of(response)
    assert "/j/kaffe-kardemomme/" in response.content.decode()


def test_it_tells_nothing_about_the_member(visitor, stranger, ingrid, member):
    for client in (visitor, stranger, ingrid):
        page = client.get(f"/s/{member.counter_code}").content.decode()
        assert not [
            secret for secret in ("Maja", member.private, member.short_code) if secret in page
        ]


def test_a_browser_that_holds_a_card_here_is_offered_it(visitor, member):
    visitor.cookies[CARDS_COOKIE] = member.private
    page = visitor.get(f"/s/{member.counter_code}").content.decode()

    assert "My card" in page
    assert f"/m/{member.private}/" in page


def test_the_counter_next_door_learns_whose_card_it_is(next_door_till, next_door_counter, member):
    put_on_the_till(next_door_counter)
    response = next_door_till.get(f"/s/{member.counter_code}", follow=True)

    assert response.status_code == 404
    assert "This card belongs to Kaffe &amp; Kardemomme." in text_of(response)
    assert "Maja" not in response.content.decode()


@pytest.mark.parametrize("code", ["0000000000", "abc", "x" * 300, "<b>"])
def test_an_unknown_code_is_of_no_shop(visitor, member, code):
    response = visitor.get(f"/s/{code}")

    assert response.status_code == 404
    assert "This is a loyalty card" in text_of(response)
    assert "Kardemomme" not in response.content.decode()


def test_six_digits_are_not_looked_up(visitor, member):
    assert visitor.get(f"/s/{member.short_code}").status_code == 404


def test_a_replaced_code_is_dead(visitor, member):
    old = member.counter_code
    with scope(shop=member.shop):
        replace_codes(membership=member, key=keys.new(), actor=Actor(member.shop, Channel.CARD))

    assert visitor.get(f"/s/{old}").status_code == 404


def test_it_cannot_be_posted_to(till, member):
    assert till.post(f"/s/{member.counter_code}").status_code == 405


@pytest.mark.parametrize("path", ["/s/{}", "/c/card/{}/"])
@pytest.mark.parametrize("code", ["ABCDEFGHJ%00", "%00", "ABCDEFGHJ%C3%9F", "ABCDEFGHJ%0A"])
def test_an_address_may_hold_anything(till, visitor, path, code):
    """Also what PostgreSQL keeps in no text."""
    for client in (visitor, till):
        assert client.get(path.format(code), follow=True).status_code in (401, 404)


def test_a_stamp_on_such_a_card_is_refused(till, card):
    asked = {"programme": card.pk, "count": 1, "key": keys.new()}

    assert till.post("/c/card/ABCDEFGHJ%00/stamp/", asked).status_code == 422
