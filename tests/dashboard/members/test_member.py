"""One member as the shop sees them: who they are, and what happened on their card."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members.ledger.models import Operation
from members.merging import merge
from members.models import Membership
from rewards.models import Claim
from rewards.operations import hand_over
from tests.dashboard.members.reading import address, choose_for, standing
from tests.factories import (
    MembershipFactory,
    PersonFactory,
    ProgrammeFactory,
    stamp,
)
from tests.support.pages import words_of

pytestmark = pytest.mark.django_db


def test_it_works(maja, buy, ingrid, read, take_back):
    """A customer brings goods back; the manager finds the card, taps Refund, picks a reason, and
    what was earned is gone, also if it was spent since."""
    bought = buy(maja, 100)
    choose_for(maja, cost=3)
    found = ingrid.get(reverse("owner:members", args=[maja.shop.slug]), {"q": maja.short_code})
    assert found.url == address(maja)
    assert "+10 points" in read(maja)

    page = words_of(take_back(bought))

    assert "Taken back: 7 points. 3 are owed." in page
    assert "0 points 3 owed after a correction" in page
    assert "Taken back by Ingrid: Refund" in page
    assert standing(maja) == (0, 3)


def test_each_line_says_who_where_and_how_much(read, maja, buy, member, stamped):
    with clock.at(clock.now() - timedelta(days=3)):
        at = buy(maja, 74).occurred_at.astimezone(maja.shop.zone)
        page = read(maja)

    assert f"{at.day} {at:%B} {at:%H:%M}" in page
    assert "+7 points Grünerløkka, Ola · 74 kr" in page
    stamped(member, 2)
    assert "+2 stamps Grünerløkka, Ola" in read(member)


def test_who_they_are(read, in_shop, card, counter):
    person = PersonFactory(email="maja@example.no")
    maja = MembershipFactory(shop=in_shop, name="Maja", person=person, stamps=3)
    Membership.objects.filter(pk=maja.pk).update(phone="+4740612345")

    page = read(maja)

    assert maja.spoken_code in page
    assert "3 of 9" in page
    assert "maja@example.no" in page
    assert "40 61 23 45" in page
    assert "Visits 1" in page


def test_nobody_named_yet(read, in_shop, card):
    nobody = MembershipFactory(shop=in_shop)

    page = read(nobody)

    assert f"Member {nobody.spoken_code}" in page
    assert "not saved" in page
    assert "for joining" in page


def test_a_full_card_its_reward_and_its_use(read, member, stamped, counter):
    stamped(member, 8)
    claim = Claim.objects.get()
    hand_over(membership=member, claim=claim, key=keys.new(), actor=Actor.of_counter(counter))

    page = read(member)

    assert f"Reward ready: {claim.title}" in page
    assert f"Reward used: {claim.title}" in page
    assert "−9 stamps Card full" in page


def test_pages_of_a_long_history(ingrid, read, member, stamped):
    for _time in range(30):
        stamped(member)

    assert "Older" in read(member)
    assert "Newer" in words_of(ingrid.get(address(member), {"page": 2}))
    assert ingrid.get(address(member), {"page": "junk"}).status_code == 200


def test_it_costs_the_same_however_long(ingrid, member, stamped, take_back, maja):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            assert ingrid.get(address(member)).status_code == 200
        return len(asked)

    take_back(stamped(member))
    stamped(member, 8)
    few = cost()
    for _time in range(4):
        take_back(stamped(member))
        stamped(member, 3)

    assert cost() == few


@pytest.fixture
def kept(maja, buy):
    """Maja's card became part of this one."""
    buy(maja)
    kept = MembershipFactory(shop=maja.shop, name="Kari")
    merge(kept=kept, gone=maja, key=keys.new(), actor=Actor(maja.shop, Channel.OWNER))
    return kept


def test_a_merged_card_leads_to_the_one_it_became(ingrid, maja, kept):
    answer = ingrid.get(address(maja))

    page = words_of(answer)
    assert "This card became part of another one." in page
    assert address(kept) in answer.content.decode()
    assert "Take back" not in page
    assert "Correct balance" not in page
    assert "+10 points" in page
    assert "became part of this one" not in page


def test_and_the_other_way_round(ingrid, maja, kept):
    answer = ingrid.get(address(kept))

    page = words_of(answer)
    assert address(maja) in answer.content.decode()
    assert "+10 points Moved from another card" in page
    assert "Another card became part of this one" in page
    assert "Visits 1" in page
    assert "10 points" in page


def test_a_merged_card_takes_no_correction(maja, kept, correct):
    answer = correct(maja, "+5")

    assert answer.status_code == 422
    assert "This card was moved to a new code on" in words_of(answer)
    assert standing(kept) == (10, 0)


def test_what_happened_before_is_not_taken_back(maja, kept, take_back):
    answer = take_back(Operation.objects.get(kind="earn_points"))

    assert answer.status_code == 422
    assert "What came later stands on this." in words_of(answer)
    assert standing(kept) == (10, 0)


def test_managers_may(maja, manager, read, take_back, correct):
    assert "Corrected:" in words_of(correct(maja, "+5", by=manager))
    correction = Operation.objects.get(kind="adjust_balance")
    assert take_back(correction, by=manager).status_code == 200

    assert "Taken back by Mona" in read(maja, by=manager)


def test_staff_may_not(maja, buy, staff_client, take_back, correct):
    bought = buy(maja)

    assert staff_client.get(address(maja)).status_code == 403
    assert take_back(bought, by=staff_client).status_code == 403
    assert correct(maja, "+5", by=staff_client).status_code == 403
    assert standing(maja) == (10, 0)


def test_a_stranger_finds_nothing(maja, buy, stranger, take_back, correct):
    bought = buy(maja)

    assert stranger.get(address(maja)).status_code == 404
    assert take_back(bought, by=stranger).status_code == 404
    assert correct(maja, "+5", by=stranger).status_code == 404
    assert standing(maja) == (10, 0)


def test_another_cards_operation_is_not_found(maja, in_shop, buy, take_back):
    bought = buy(maja)
    kari = MembershipFactory(shop=in_shop)

    assert take_back(bought, card=kari).status_code == 404


def test_another_shops_member_is_not_found(ingrid, shop, next_door_member):
    assert (
        ingrid.get(reverse("owner:member", args=[shop.slug, next_door_member.pk])).status_code
        == 404
    )


def test_the_address_of_a_form_leads_to_its_page(ingrid, maja, buy):
    bought = buy(maja)
    for name, things in (("take_back", [bought.pk]), ("correct_balance", [])):
        answer = ingrid.get(reverse(f"owner:{name}", args=[maja.shop.slug, maja.pk, *things]))
        assert answer.url == address(maja)


def test_of_several_cards_each_line_names_its_own(read, card, counter, member):
    lunch = ProgrammeFactory(shop=card.shop, name="Lunch card")
    stamp(member, counter=counter, programme=card)
    assert "+1 stamp Grünerløkka, Ola" in read(member)

    stamp(member, counter=counter, programme=lunch)

    page = read(member)
    assert "+1 stamp Lunch card Grünerløkka, Ola" in page
    assert "+1 stamp Coffee card Grünerløkka, Ola" in page
