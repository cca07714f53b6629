"""W10: somebody becomes a member at the till."""

import pytest
from django.core import mail
from django.urls import reverse
from django_scopes import scope

from loyalty import clock, keys
from loyalty.models import Shop
from members.card.operations import keep_phone
from members.models import Membership
from tests.factories import MembershipFactory
from tests.stampcards.counter.conftest import put_on_the_till
from tests.support.pages import text_of

pytestmark = pytest.mark.django_db

PHONE = "+4740612345"


@pytest.fixture
def make_card(till, card):
    """make_card(phone="…"): as the form on /c/new/phone/ sends it, followed to its page."""

    def post(client=till, **typed):
        asked = {"key": keys.new(), "phone": "", "name": "", "email": "", **typed}
        return client.post(reverse("counter:phone"), asked, follow=True)

    return post


@pytest.fixture
def cards(shop):
    """cards(): how many the shop has."""

    def count():
        with scope(shop=shop):
            return Membership.objects.count()

    return count


def test_it_works(make_card, shop):
    response = make_card(phone="406 12 345")

    with scope(shop=shop):
        made = Membership.objects.get()
    assert response.redirect_chain[-1][0] == reverse("counter:card", args=[made.counter_code])
    assert f"Member {made.spoken_code}" in text_of(response)
    assert "Give 1 stamp" in response.content.decode()
    assert (made.phone, made.source, made.unclaimed) == (PHONE, "counter", True)
    assert not mail.outbox


def test_the_three_ways_stand_on_one_page(till, card):
    page = till.get(reverse("counter:new"))

    assert "Let the customer scan" in text_of(page)
    assert "Paper card" in text_of(page)
    assert f'href="{reverse("counter:paper")}"' in page.content.decode()
    assert "Type phone number" in text_of(page)
    assert f'href="{reverse("counter:phone")}"' in page.content.decode()


def test_the_page_says_what_becomes_of_the_number(till, card):
    text = text_of(till.get(reverse("counter:phone")))

    assert (
        "8 digits. We send nothing. The customer can take over the card later with a code." in text
    )
    Shop.objects.update(country="SE")
    text = text_of(till.get(reverse("counter:phone")))
    assert "digits" not in text
    assert "We send nothing. The customer can take over the card later with a code." in text


def test_a_name_and_an_e_mail_may_be_told(make_card, shop):
    response = make_card(phone="40612345", name="Åse", email=" Ase@Example.NO ")

    with scope(shop=shop):
        made = Membership.objects.get()
    assert "Åse" in text_of(response)
    assert made.person is None
    [sent] = mail.outbox
    assert sent.to == ["ase@example.no"]
    assert made.private in sent.body


def test_an_e_mail_alone_is_enough(make_card, shop, cards):
    assert "New member" in text_of(make_card(email="ase@example.no"))
    assert cards() == 1


def test_the_first_stamp_is_given_right_away(make_card, give, shop):
    make_card(phone="40612345", name="Åse")
    with scope(shop=shop):
        made = Membership.objects.get(phone=PHONE)

    give(membership=made)

    with scope(shop=shop):
        assert made.accounts.get().balance == 2


def test_a_double_tap_makes_one_card(make_card, cards):
    key = keys.new()
    make_card(phone="40612345", key=key)
    make_card(phone="40612345", key=key)

    assert cards() == 1


def test_a_known_number_opens_its_card(make_card, member, cards):
    keep_phone(member, PHONE)
    response = make_card(phone="40612345", name="Thief", email="thief@example.no")

    assert response.redirect_chain[-1][0] == reverse("counter:card", args=[member.counter_code])
    assert "Maja" in text_of(response)
    assert cards() == 1
    assert not mail.outbox


def test_a_number_on_several_cards_lets_staff_choose(make_card, member, shop, cards):
    emil = MembershipFactory(shop=shop, name="Emil")
    for one in (member, emil):
        keep_phone(one, PHONE)
    response = make_card(phone="40612345")

    assert "Who is it?" in text_of(response)
    assert "Maja" in text_of(response)
    assert "Emil" in text_of(response)
    assert cards() == 2


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({}, "phone", "Type a phone number or an e-mail."),
        ({"name": "Åse"}, "phone", "Type a phone number or an e-mail."),
        ({"phone": "12345678"}, "phone", "Check the number. It looks like 40 61 23 45."),
        ({"email": "ase@"}, "email", "Check your e-mail. It looks like name@example.com."),
        ({"phone": "40612345", "name": "x" * 61}, "name", "60"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_kept(make_card, cards, typed, field, told):
    response = make_card(**typed)
    html = response.content.decode()

    assert response.status_code == 422
    assert f'id="id_{field}_error"' in html
    assert told in text_of(response)
    assert all(f'value="{value}"' in html for value in typed.values())
    assert cards() == 0


def test_without_a_key_nothing_is_made(till, card, cards):
    till.post(reverse("counter:phone"), {"phone": "40612345"})

    assert cards() == 0


def test_before_the_start_nobody_can_join(make_card, till, shop, cards):
    shop.live_since = None
    shop.save()

    for page in (till.get(reverse("counter:phone")), till.get(reverse("counter:new"))):
        assert "This is a preview. Start the programme first." in text_of(page)
        assert "Make card" not in text_of(page)
    assert make_card(phone="40612345").status_code == 422
    assert cards() == 0


def test_while_the_programme_is_on_pause_nobody_can_join(make_card, card, cards):
    card.paused_since = clock.now()
    with scope(shop=card.shop):
        card.save()
    response = make_card(phone="40612345")

    assert response.status_code == 422
    assert "is not taking new members right now." in text_of(response)
    assert 'value="40612345"' in response.content.decode()
    assert cards() == 0


def test_a_stranger_and_a_visitor_make_no_card(make_card, stranger, visitor, cards):
    for client in (stranger, visitor):
        assert make_card(client=client, phone="40612345").status_code == 401
    assert cards() == 0


def test_a_stranger_counter_neither_finds_nor_makes_one_here(
    make_card, member, next_door_till, next_door_counter, cards
):
    keep_phone(member, PHONE)
    put_on_the_till(next_door_counter)
    response = make_card(client=next_door_till, phone="40612345")

    assert "Maja" not in response.content.decode()
    assert cards() == 1
