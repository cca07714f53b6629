"""Two cards become one, and two again: what was reserved goes along."""

from datetime import timedelta
from functools import partial

import pytest

from loyalty import clock, keys
from members.ledger.models import Operation
from members.operations import merge, undo
from rewards.models import Claim
from rewards.operations import hand_over
from rewards.vip import lapsing
from rewards.vip.models import Drop, Reservation, Vip
from tests.factories import MembershipFactory, VipFactory
from tests.rewards.vip.conftest import SUNDAY, THURSDAY, left_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def join_cards(asking, till_actor, vera, maja):
    """Vera's card becomes part of Maja's."""
    return partial(asking, merge, kept=maja, gone=vera, actor=till_actor)


@pytest.fixture
def part_cards(asking, till_actor, maja):
    def part():
        undone = Operation.objects.filter(kind="merge").last()
        asking(undo, membership=maja, undone=undone, actor=till_actor)

    return part


def owners():
    rows = Reservation.objects.order_by("pk").values_list("membership__name", "state")
    return list(rows)


def test_it_works(reserve, roast, vera, maja, join_cards):
    reserve(membership=vera, drop=roast)
    join_cards()

    assert owners() == [("Maja", "held")]
    assert Claim.objects.reserved().get().membership == maja
    assert left_of(roast) == 1


def test_two_again_each_has_its_own(reserve, roast, vera, join_cards, part_cards):
    reserve(membership=vera, drop=roast)
    join_cards()
    part_cards()

    assert owners() == [("Vera", "held")]
    assert Claim.objects.reserved().get().membership == vera


def test_what_was_reserved_before_can_be_collected_and_lapses(reserve, roast, vera, join_cards):
    reserve(membership=vera, drop=roast)
    join_cards()

    assert lapsing.lapse(SUNDAY + timedelta(minutes=1)) == 1
    assert left_of(roast) == 2


@pytest.fixture
def queue(reply, tasting, in_shop, card):
    """The tasting is full."""
    for _one in range(2):
        reply(membership=MembershipFactory(shop=in_shop), drop=tasting, coming=True)

    def ask(*members):
        for minute, member in enumerate(members, start=1):
            with clock.at(THURSDAY + timedelta(minutes=minute)):
                reply(membership=member, drop=tasting, coming=True)

    return ask


def test_a_place_in_the_queue_goes_along(queue, vera, join_cards, part_cards):
    queue(vera)
    join_cards()
    assert owners()[2:] == [("Maja", "waiting")]
    part_cards()

    assert owners()[2:] == [("Vera", "waiting")]


@pytest.mark.parametrize("first", ["vera", "maja"])
def test_one_waits_once_where_they_are_further_ahead(queue, request, join_cards, part_cards, first):
    then = {"vera": "maja", "maja": "vera"}[first]
    queue(request.getfixturevalue(first), request.getfixturevalue(then))
    join_cards()
    assert owners()[2:] == [("Maja", "waiting"), ("Maja", "over")]
    part_cards()

    assert dict(owners()[2:]) == {"Vera": "waiting", "Maja": "waiting"}


def test_with_a_seat_nobody_waits_as_well(join_cards, queue, reply, tasting, maja):
    vera = Vip.objects.get().membership
    queue(vera)
    tasting.openings.update(audience="picked")  # Vera may come no more, Maja may
    Vip.objects.update(membership=maja)
    Drop.objects.update(quantity=3, left=1)
    reply(membership=maja, drop=tasting, coming=True)
    assert owners()[2:] == [("Vera", "waiting"), ("Maja", "held")]
    join_cards()

    assert owners()[2:] == [("Maja", "over"), ("Maja", "held")]


@pytest.fixture
def moved_up(queue, vera, let_go, join_cards):
    """Vera waited, her card became part of Maja's, and then a seat was given back."""
    queue(vera)
    join_cards()
    seat = Reservation.objects.first()
    let_go(membership=seat.membership, reservation=seat)


def test_moved_up_meanwhile_it_goes_back_with_its_seat(moved_up, vera, part_cards):
    assert owners()[2:] == [("Maja", "held")]
    part_cards()

    assert owners()[2:] == [("Vera", "held")]
    assert Claim.objects.reserved().last().membership == vera


def test_collected_meanwhile_it_stays_with_the_card_it_was_collected_with(
    moved_up, maja, part_cards, till_actor
):
    claim = Claim.objects.get(membership=maja, source="early")
    hand_over(membership=maja, claim=claim, key=keys.new(), actor=till_actor)
    part_cards()

    assert owners()[2:] == [("Maja", "held")]


def test_being_picked_goes_along(vera, maja, join_cards, part_cards):
    join_cards()
    assert Vip.objects.get(until=None).membership == maja
    part_cards()

    assert Vip.objects.get(until=None).membership == vera


def test_picked_on_both_cards_is_picked_once(vera, maja, join_cards, part_cards):
    VipFactory(membership=maja)
    join_cards()
    part_cards()

    assert {vip.membership for vip in Vip.objects.filter(until=None)} == {vera, maja}
