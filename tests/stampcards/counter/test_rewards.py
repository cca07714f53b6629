"""A reward that is ready comes first, and leaves the shop once."""

import re

import pytest
from django.urls import reverse
from django_scopes import scope

from loyalty import keys
from loyalty.actors import Actor, Channel
from loyalty.operations import ask_for_saved_card
from members.merging import merge
from rewards.models import Claim
from tests.factories import MembershipFactory, ProgrammeFactory, as_owner
from tests.stampcards.counter.conftest import put_on_the_till
from tests.support.pages import page_of, text_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def elias(card):
    """One full card, and one stamp on the next."""
    return MembershipFactory(shop=card.shop, name="Elias", stamps=10)


@pytest.fixture
def nora(card):
    """One stamp from a full card."""
    return MembershipFactory(shop=card.shop, name="Nora", stamps=8)


@pytest.fixture
def claim(elias):
    return claim_of(elias)


def claim_of(membership):
    with scope(shop=membership.shop):
        return Claim.objects.get(membership=membership)


def test_it_works(hand, till, elias, claim):
    response = hand(claim, membership=elias)

    assert "Handed out. New card: 1 of 9." in text_of(till.get(response.url))
    assert claim_of(elias).state == Claim.State.HANDED_OVER


def test_the_reward_comes_first_on_the_sheet(till, elias, later):
    sheet = text_of(till.get(reverse("counter:card", args=[elias.counter_code])))

    assert "Reward ready: Any hot drink" in sheet
    assert sheet.index("Hand out: Any hot drink") < sheet.index("Only give stamps")
    assert "more reward" not in sheet


def test_a_card_that_takes_one_stamp_at_a_time_is_stamped_beside_its_reward(shop, till, later):
    ProgrammeFactory(shop=shop, rules__most_per_purchase=1)
    lucky = MembershipFactory(shop=shop, name="Kim", stamps=10)
    page = page_of(till.get(reverse("counter:card", args=[lucky.counter_code])))
    form = page.partition('<form class="stamping"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))

    response = till.post(reverse("counter:stamp", args=[lucky.counter_code]), fields)

    assert "Kim: 1 stamp. Now 2 of 9." in text_of(till.get(response.url))


def test_what_else_is_saved_is_counted(till, card):
    nora = MembershipFactory(shop=card.shop, name="Nora", stamps=19)
    sheet = text_of(till.get(reverse("counter:card", args=[nora.counter_code])))

    assert "1 more reward saved" in sheet
    assert sheet.count("Hand out: Any hot drink") == 1


def test_a_full_card_asks_at_once(give, till, nora, later):
    result = till.get(give(membership=nora).url)

    assert "Nora: 1 stamp. Now 0 of 9." in text_of(result)
    assert "Card full. Hand out now or keep?" in text_of(result)
    assert "Hand out: Any hot drink" in text_of(result)


def test_a_full_card_asks_at_once_with_htmx(till, card, nora, later):
    asked = {"key": keys.new(), "programme": card.pk, "count": 1}
    response = till.post(reverse("counter:stamp", args=[nora.counter_code]), asked, headers=HTMX)

    assert "Card full. Hand out now or keep?" in text_of(response)


def test_a_second_time_says_when_and_by_whom(hand, elias, claim):
    hand(claim, membership=elias)
    response = hand(claim, membership=elias)

    assert response.status_code == 422
    assert "Already used today at" in text_of(response)
    assert "by Ola." in text_of(response)


def test_where_cards_must_be_saved_first_the_counter_says_so(hand, elias, claim, shop):
    ask_for_saved_card(as_owner(shop), first=True)

    response = hand(claim, membership=elias)

    assert response.status_code == 422
    assert "This card must be saved first" in text_of(response)


def test_a_double_tap_hands_out_once_and_says_the_same(hand, elias, claim):
    key = keys.new()

    assert hand(claim, membership=elias, key=key).url == hand(claim, membership=elias, key=key).url


def test_undo_puts_the_reward_back(hand, undo, till, elias, claim):
    key = keys.new()
    hand(claim, membership=elias, key=key)
    response = undo(key)

    assert "Undone. Elias has 1 of 9." in text_of(till.get(response.url))
    assert claim_of(elias).state == Claim.State.READY


def test_undoing_the_stamp_after_the_hand_over_is_refused(give, hand, undo, nora, later):
    key = keys.new()
    give(membership=nora, key=key)
    hand(claim_of(nora), membership=nora)
    response = undo(key)

    assert response.status_code == 422
    assert "Already used today at" in text_of(response)


def test_anothers_reward_is_refused(hand, elias, claim, member):
    response = hand(claim, membership=member)

    assert response.status_code == 422
    assert claim_of(elias).state == Claim.State.READY


def test_a_stranger_counter_hands_out_nothing(hand, next_door_till, next_door_counter, elias):
    put_on_the_till(next_door_counter)
    response = hand(claim_of(elias), membership=elias, client=next_door_till)

    assert response.status_code == 422
    assert "Elias" not in response.content.decode()
    assert claim_of(elias).state == Claim.State.READY


def test_nobody_who_is_no_counter_hands_out(hand, elias, ingrid, stranger, visitor):
    claim = claim_of(elias)
    for client in (ingrid, stranger, visitor):
        assert hand(claim, membership=elias, client=client).status_code == 401
    assert claim_of(elias).state == Claim.State.READY


def test_after_a_merge_the_line_is_about_the_card_that_is_left(hand, till, elias, claim, card):
    kept = MembershipFactory(shop=card.shop, stamps=3)
    with scope(shop=card.shop):
        merge(gone=elias, kept=kept, key=keys.new(), actor=Actor(card.shop, Channel.CARD))
        kept.refresh_from_db()
        stands = kept.accounts.get().balance

    response = hand(claim, membership=kept)

    assert f"Handed out. New card: {stands} of 9." in text_of(till.get(response.url))
