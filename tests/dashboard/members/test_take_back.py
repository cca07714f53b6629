"""A manager takes back what happened on a card, for a reason."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members.ledger.models import Operation
from members.ledger.operations import expire_lapsed
from members.operations import undo
from members.visits import Purchase
from rewards.catalogue.operations import cancel
from rewards.models import Claim
from rewards.operations import hand_over
from rewards.vip.models import Drop, Reservation
from rewards.vip.operations import let_go, reserve
from tests.dashboard.members.reading import address, choose_for, standing
from tests.factories import (
    DropFactory,
    MembershipFactory,
    OpeningFactory,
    stamp,
)
from tests.support.pages import words_of

pytestmark = pytest.mark.django_db


def test_a_form_with_reasons_stands_at_what_can_be_taken_back(ingrid, maja, buy):
    bought = buy(maja)

    page = ingrid.get(address(maja)).content.decode()

    assert reverse("owner:take_back", args=[maja.shop.slug, maja.pk, bought.pk]) in page
    for reason in ("Refund", "Mistake", "Something else"):
        assert reason in page


def test_a_double_tap_takes_back_once(maja, buy, take_back):
    bought, key = buy(maja), keys.new()

    for _time in range(2):
        assert "Taken back: 10 points." in words_of(take_back(bought, key=key))

    assert standing(maja) == (0, 0)


def test_twice_is_refused_and_says_so(maja, buy, take_back):
    bought = buy(maja)
    take_back(bought)

    answer = take_back(bought)

    assert answer.status_code == 422
    assert "This was undone already." in words_of(answer)
    assert standing(maja) == (0, 0)


def test_all_spent_is_all_owed(maja, buy, take_back, correct):
    bought = buy(maja)
    correct(maja, "-10")

    page = words_of(take_back(bought))

    assert "Owed after this: 10 points." in page
    assert "Taken back. Owed: 10 points" in page
    assert "+0" not in page


def test_what_is_owed_is_taken_from_the_next(read, maja, buy, take_back, correct):
    bought = buy(maja)
    correct(maja, "-4")
    take_back(bought)
    later = buy(maja)

    page = read(maja)
    assert "−4 points Taken for a correction" in page
    assert standing(maja) == (6, 0)

    assert "Taken back: 6 points. 4 are owed." in words_of(take_back(later))
    assert standing(maja) == (0, 4)


def test_a_reward_chosen_gives_its_points_back(maja, buy, take_back):
    buy(maja)
    choose_for(maja, cost=8)

    page = words_of(take_back(Operation.objects.get(kind="redeem"), reason="mistake"))

    assert "Given back: 8 points." in page
    assert "Taken back by Ingrid: Mistake" in page
    assert standing(maja) == (10, 0)


def test_the_stamp_that_filled_a_card(member, card, stamped, take_back):
    page = words_of(take_back(stamped(member, 8)))

    assert "Taken back: 8 stamps." in page
    assert Claim.objects.get().state == Claim.State.CANCELLED
    assert standing(member) == (1, 0)


def test_a_hand_over_puts_the_reward_back(member, stamped, counter, take_back):
    stamped(member, 8)
    claim = Claim.objects.get()
    hand_over(membership=member, claim=claim, key=keys.new(), actor=Actor.of_counter(counter))

    page = words_of(take_back(Operation.objects.get(kind="hand_over"), reason="other"))

    assert f"Back on the card: {claim.title}." in page
    assert "Taken back by Ingrid: Something else" in page
    claim.refresh_from_db()
    assert claim.state == Claim.State.READY


def test_a_reward_that_was_handed_out_stands_in_the_way(member, stamped, counter, take_back):
    filled = stamped(member, 8)
    hand_over(
        membership=member,
        claim=Claim.objects.get(),
        key=keys.new(),
        actor=Actor.of_counter(counter),
    )

    answer = take_back(filled)

    assert answer.status_code == 422
    assert "Already used today" in words_of(answer)


@pytest.fixture
def reserved(maja, own):
    """A bag that was reserved for Maja; how that came about."""
    drop = DropFactory(shop=maja.shop, quantity=1)
    OpeningFactory(drop=drop, at=clock.now() - timedelta(minutes=1))
    key = keys.new()
    reserve(membership=maja, drop=drop, key=key, actor=own)
    return Operation.objects.get(key=key)


def test_a_reservation_is_for_somebody_else_again(read, maja, reserved, take_back):
    assert read(maja).count("Take back") == 1

    page = words_of(take_back(reserved, reason="mistake"))

    assert "Reserved: Summer roast" in page
    assert "Taken back by Ingrid: Mistake" in page
    assert "Take back" not in page
    assert Drop.objects.get().left == 1


def test_one_that_was_collected_is_taken_back_where_it_was_handed_out(
    read, maja, reserved, counter, take_back
):
    claim = Claim.objects.get()
    hand_over(membership=maja, claim=claim, key=keys.new(), actor=Actor.of_counter(counter))
    assert read(maja).count("Take back") == 1
    assert take_back(reserved).status_code == 422

    take_back(Operation.objects.get(kind="hand_over"))
    assert read(maja).count("Take back") == 1  # at the reservation, which stands again


def test_one_that_was_given_back_is_gone(read, maja, reserved, own):
    let_go(membership=maja, reservation=Reservation.objects.get(), key=keys.new(), actor=own)

    assert "Take back" not in read(maja)


def test_many_reservations_cost_what_one_costs(read, maja, reserved, own, take_back):
    take_back(reserved)
    one = cost(read, maja)
    Drop.objects.update(quantity=4, left=4, per_member=4)
    for _bag in range(3):
        key = keys.new()
        reserve(membership=maja, drop=Drop.objects.get(), key=key, actor=own)
        take_back(Operation.objects.get(key=key))

    assert cost(read, maja) == one


def cost(read, card):
    with CaptureQueriesContext(connection) as queries:
        read(card)
    return len(queries)


def test_a_later_card_stands_in_the_way(member, card, stamped, take_back):
    first = stamped(member, 8)
    stamped(member, 9)

    answer = take_back(first)

    assert answer.status_code == 422
    assert "What came later stands on this." in words_of(answer)
    assert standing(member) == (0, 0)


@pytest.mark.parametrize("reason", ["", "because"])
def test_a_reason_is_wanted(maja, buy, take_back, reason):
    answer = take_back(buy(maja), reason=reason)

    assert answer.status_code == 422
    assert "Choose why it is taken back." in words_of(answer)
    assert '<details class="put-away" open>' in answer.content.decode()
    assert standing(maja) == (10, 0)


def test_after_30_days_it_stands(maja, buy, ingrid, take_back):
    with clock.at(clock.now() - timedelta(days=30, minutes=1)):
        bought = buy(maja)

    assert "Take back" not in words_of(ingrid.get(address(maja)))
    answer = take_back(bought)
    assert answer.status_code == 422
    assert "This was more than 30 days ago, so it stands." in words_of(answer)
    assert standing(maja) == (10, 0)


def test_what_time_and_the_customer_did_is_no_mistake_of_the_shop(read, maja, buy):
    buy(maja)
    own = Actor(maja.shop, Channel.CARD)
    cancel(membership=maja, claim=choose_for(maja, cost=8), key=keys.new(), actor=own)

    page = read(maja)

    assert "Undone by the customer" in page
    assert page.count("Take back") == 1  # at the purchase


def test_what_ran_out_is_told_and_stands(read, member, stamped):
    with clock.at(clock.now() - timedelta(days=2000)):
        old = MembershipFactory(shop=member.shop, stamps=2)
    expire_lapsed(clock.now())

    assert "Take back" not in read(old)


def test_an_undo_at_the_counter_is_told(read, member, stamped, counter):
    done = stamped(member)
    undo(membership=member, undone=done, key=keys.new(), actor=Actor.of_counter(counter))

    page = read(member)

    assert "Undone by Ola" in page
    assert "Take back" not in page


def test_stamps_and_points_of_one_purchase_go_together(card, points, counter, take_back):
    both, key = MembershipFactory(shop=card.shop), keys.new()
    paid = Purchase(amount_minor=7400)
    stamp(both, counter=counter, programme=card, purchase=paid, key=key)

    page = words_of(take_back(Operation.objects.get(key=key)))

    assert "Taken back: 1 stamp, 7 points." in page
