"""Every code that can come to a till, and what is said about it."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse
from django_scopes import scope

from loyalty import clock, codes, keys
from loyalty.actors import Actor, Channel
from members.merging import merge
from members.models import Membership
from members.operations import replace_codes
from stampcards.counter.models import CodeMiss
from tests.factories import CounterFactory, MembershipFactory
from tests.people import till_of
from tests.stampcards.counter.conftest import put_on_the_till
from tests.support.pages import text_of

pytestmark = pytest.mark.django_db


def wrong_but_plausible(shop):
    """Six digits whose check digit fits, and which are no card."""
    with scope(shop=shop):
        taken = set(Membership.objects.values_list("short_code", flat=True))
    while (short := codes.short_code()) in taken:
        pass
    return short


def mistyped(short):
    return short[:-1] + str((int(short[-1]) + 1) % 10)


def test_it_works(find, member):
    response = find(member.short_code)

    assert response.redirect_chain[-1][0] == reverse("counter:card", args=[member.counter_code])
    assert "Maja" in text_of(response)


@pytest.mark.parametrize(
    "written",
    [
        "{short}",
        " {spoken} ",
        "{short:-^8}",
        "{code}",
        "{lower}",
        "{start}/S/{code}",
        "{start}/s/{lower}",
        "{upper}/S/{code}",
        "{host}/S/{code}",
        "HTTPÆ--{host}-S-{code}",  # a plug-in scanner set to another keyboard
    ],
)
def test_a_card_is_found_however_it_is_written(find, member, written):
    start = settings.PUBLIC_URL
    text = written.format(
        short=member.short_code,
        spoken=member.spoken_code,
        code=member.counter_code,
        lower=member.counter_code.lower(),
        start=start,
        upper=start.upper(),
        host=start.partition("://")[2],
    )

    assert "Maja" in text_of(find(text))


def test_a_card_without_a_name_is_called_by_its_number(find, shop, card):
    nobody = MembershipFactory(shop=shop)

    assert f"Member {nobody.spoken_code}" in text_of(find(nobody.short_code))
    assert "New member" in text_of(find(nobody.short_code))


def test_nothing_typed_says_what_to_do(find, counter):
    response = find("")

    assert response.status_code == 422
    assert "Type the code, or scan it." in text_of(response)


def test_another_shops_card_is_named_and_nothing_else(find, counter, next_door_member):
    response = find(next_door_member.counter_code)

    assert response.status_code == 422
    assert "This card belongs to Blomster &amp; Jord." in text_of(response)
    assert "show join code" in text_of(response)
    assert "Nora" not in response.content.decode()


def test_another_shops_six_digits_are_not_looked_up(find, counter, next_door_member):
    assert "No card with that number." in text_of(find(next_door_member.short_code))


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/",
        "WIFI:T:WPA;S=Kaffe;;",
        "5901234123457",
        "🎂",
        "x" * 4000,
        "<b>",
    ],
)
def test_a_code_of_something_else_is_no_card(find, counter, text):
    response = find(text)

    assert response.status_code == 422
    assert "This code is not a loyalty card." in text_of(response)
    assert "Scan again" in text_of(response)


@pytest.mark.parametrize("more", ["", "?p=a4", "?p=till"])
def test_our_own_poster_is_called_so(find, counter, shop, more):
    response = find(f"{settings.PUBLIC_URL}/j/{shop.slug}/{more}")

    assert "This is your poster, not a card." in text_of(response)
    assert "Show join code" in text_of(response)


def test_the_poster_next_door_is_just_no_card(find, counter, next_door):
    response = find(f"{settings.PUBLIC_URL}/j/{next_door.slug}/")

    assert "This code is not a loyalty card." in text_of(response)


def test_a_wrong_check_digit_keeps_what_was_typed_and_counts_no_miss(find, counter, member):
    typed = mistyped(member.short_code)
    response = find(typed)

    assert response.status_code == 422
    assert "That code has a typing mistake. Check the last digit." in text_of(response)
    assert f'value="{typed}"' in response.content.decode()
    with scope(shop=counter.shop):
        assert not CodeMiss.objects.exists()


def test_what_a_camera_read_is_not_shown_as_typed(find, member):
    typed = mistyped(member.short_code)

    assert f'value="{typed}"' not in find(typed, scanned="True").content.decode()


def test_an_unknown_number_offers_to_join_and_counts_a_miss(find, counter, shop):
    response = find(wrong_but_plausible(shop))

    assert response.status_code == 422
    assert "No card with that number." in text_of(response)
    assert "New member" in text_of(response)
    with scope(shop=shop):
        assert CodeMiss.objects.filter(counter=counter).count() == 1


def test_unknown_letters_are_not_found(till):
    response = till.get(reverse("counter:card", args=["0000000000"]))

    assert response.status_code == 404
    assert "No card with that number." in text_of(response)


def test_six_digits_are_never_looked_up_by_an_address(till, member):
    response = till.get(reverse("counter:card", args=[member.short_code]))

    assert response.status_code == 404
    assert "Maja" not in response.content.decode()


# --- Replaced and merged cards (F1) -------------------------------------------------------


@pytest.fixture
def replaced(member):
    """Maja's card as it was before it got new codes."""
    old = member.counter_code, member.short_code
    actor = Actor(member.shop, Channel.CARD)
    replace_codes(membership=member, key=keys.new(), actor=actor)
    return old


@pytest.mark.parametrize("which", [0, 1])
def test_a_replaced_card_is_dead_at_once(find, counter, replaced, which):
    response = find(replaced[which])

    assert response.status_code == 422
    assert "This card was moved to a new code on" in text_of(response)
    assert "Open the new card" not in text_of(response)
    assert "Maja" not in response.content.decode()


def test_a_replaced_card_cannot_be_stamped(give, member, replaced):
    with scope(shop=member.shop):
        member.counter_code = replaced[0]
        response = give(membership=member)

    assert response.status_code == 422
    assert "This card was moved to a new code on" in text_of(response)


@pytest.mark.parametrize("which", ["counter_code", "short_code"])
def test_a_merged_card_leads_to_the_one_it_became(find, till, member, shop, which):
    old = MembershipFactory(shop=shop, name="Old")
    merge(gone=old, kept=member, key=keys.new(), actor=Actor(shop, Channel.CARD))
    response = find(getattr(old, which))

    assert "This card was moved to a new code on" in text_of(response)
    assert "Open the new card" in text_of(response)
    assert reverse("counter:card", args=[member.counter_code]) in response.content.decode()


# --- Guessing (F3) ------------------------------------------------------------------------


def test_ten_wrong_codes_pause_typing(find, counter, shop, member):
    for _guess in range(10):
        assert "No card with that number." in text_of(find(wrong_but_plausible(shop)))
    right = find(member.short_code)

    assert right.status_code == 422
    assert "Too many wrong codes. Typing is on pause until" in text_of(right)
    assert "Maja" not in right.content.decode()


@pytest.fixture
def paused(counter, shop):
    """Ten wrong codes, a moment ago."""
    with scope(shop=shop):
        for _miss in range(10):
            CodeMiss.objects.create(shop=shop, counter=counter, at=clock.now())


def test_scanning_goes_on_while_typing_is_on_pause(find, paused, member):
    assert "Maja" in text_of(find(f"{settings.PUBLIC_URL}/S/{member.counter_code}"))


def test_other_counters_are_not_on_pause(find, paused, member, shop, ola):
    elsewhere = till_of(CounterFactory(shop=shop, staff=ola))

    assert "Maja" in text_of(find(member.short_code, client=elsewhere))


def test_the_pause_ends_by_itself(find, paused, member):
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert "Maja" in text_of(find(member.short_code))


def test_the_owner_is_told_once(find, counter, shop):
    for _guess in range(12):
        find(wrong_but_plausible(shop))

    assert [message.to for message in mail.outbox] == [[shop.contact_email]]
    assert counter.name in mail.outbox[0].body


def test_a_stranger_and_a_visitor_find_nothing(find, member, stranger, visitor, ingrid):
    for client in (stranger, visitor, ingrid):
        response = find(member.short_code, client=client)
        assert response.status_code == 401
        assert "Maja" not in response.content.decode()


def test_a_stranger_counter_finds_nothing(find, member, next_door_till, next_door_counter):
    put_on_the_till(next_door_counter)

    assert "Maja" not in find(member.counter_code, client=next_door_till).content.decode()
    assert "Maja" not in find(member.short_code, client=next_door_till).content.decode()
