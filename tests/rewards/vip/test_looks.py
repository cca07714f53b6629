"""What one member sees at one moment."""

from datetime import timedelta

import pytest
from django_scopes import scope

from loyalty import clock, keys
from rewards.models import Claim
from rewards.operations import hand_over
from rewards.vip import looks
from rewards.vip.looks import State
from rewards.vip.models import Drop, Opening, Reservation, Vip
from tests.factories import DropFactory, MembershipFactory, OpeningFactory
from tests.rewards.vip.conftest import A_SECOND, SATURDAY, SUNDAY, THURSDAY

pytestmark = pytest.mark.django_db

BEFORE = THURSDAY - timedelta(days=1)


def look(drop, member, now=THURSDAY):
    with clock.at(now):
        return looks.look_of(drop, member, now)


def test_it_works(roast, vera):
    seen = look(roast, vera)

    assert seen.state == State.OPEN
    assert (seen.why, seen.left, seen.can_reserve) == ("Picked by the shop", 2, True)
    assert (seen.opens_to_you, seen.opens_to_all) == (None, SATURDAY)


def test_before_it_opens_it_is_announced_to_those_it_is_for(roast, vera):
    seen = look(roast, vera, BEFORE)

    assert seen.state == State.ANNOUNCED
    assert (seen.opens_to_you, seen.opens_to_all) == (THURSDAY, SATURDAY)
    assert not seen.can_reserve


@pytest.mark.parametrize("now", [BEFORE, THURSDAY, SATURDAY - A_SECOND])
def test_to_others_it_is_locked_with_the_day_it_opens_to_everyone(roast, maja, now):
    seen = look(roast, maja, now)

    assert (seen.state, seen.opens_to_all) == (State.LOCKED, SATURDAY)
    assert not seen.can_reserve


def test_or_hidden_if_the_owner_says_so(roast, maja, vera):
    Drop.objects.update(others="nothing")

    assert look(roast, maja).state == State.HIDDEN
    assert looks.looks(maja, THURSDAY) == []
    assert look(roast, vera).state == State.OPEN


def test_hidden_where_there_is_no_day_to_tell(roast, maja):
    Opening.objects.filter(audience="everybody").delete()

    assert look(roast, maja).state == State.HIDDEN


def test_from_the_general_opening_on_it_is_open(roast, maja):
    seen = look(roast, maja, SATURDAY)

    assert (seen.state, seen.why, seen.opens_to_all) == (State.OPEN, "", None)


def test_reserved_until_when(roast, vera, reserve):
    reserve(membership=vera, drop=roast)
    seen = look(roast, vera)

    assert (seen.state, seen.kept_until, seen.had) == (State.RESERVED, SUNDAY, 1)
    assert (seen.can_reserve, seen.can_let_go) == (False, True)
    assert [one.claim.title for one in seen.held] == ["Summer roast"]


def test_reserved_it_stays_when_the_right_is_lost_and_the_drop_closed(roast, vera, reserve):
    reserve(membership=vera, drop=roast)
    Vip.objects.update(until=THURSDAY)
    Drop.objects.update(closed_at=THURSDAY, others="nothing")

    [seen] = looks.looks(vera, THURSDAY)
    assert (seen.state, seen.why) == (State.RESERVED, "Picked by the shop")
    assert not seen.can_reserve


def test_after_the_limit_it_is_over_also_before_the_worker_comes(roast, vera, reserve):
    reserve(membership=vera, drop=roast)

    assert look(roast, vera, SUNDAY).state == State.RESERVED
    assert look(roast, vera, SUNDAY + A_SECOND).state == State.OVER
    assert looks.looks(vera, SUNDAY + A_SECOND) == []


def test_two_each(roast, vera, reserve):
    Drop.objects.update(per_member=2)
    reserve(membership=vera, drop=roast)

    seen = look(roast, vera)
    assert (seen.state, seen.can_reserve) == (State.RESERVED, True)


def test_had_as_many_as_anybody_may(roast, vera, reserve, till_actor):
    claim = Claim.objects.get(pk=reserve(membership=vera, drop=roast)["claim"])
    hand_over(membership=vera, claim=claim, key=keys.new(), actor=till_actor)

    seen = look(roast, vera)
    assert (seen.state, seen.had, seen.held) == (State.ENOUGH, 1, ())


def test_sold_out(roast, vera):
    Drop.objects.update(quantity=0, left=0)

    assert look(roast, vera).state == State.SOLD_OUT


def test_over(roast, vera):
    assert look(roast, vera, SUNDAY).state == State.OVER
    Drop.objects.update(closed_at=THURSDAY)
    assert look(roast, vera).state == State.OVER
    assert looks.looks(vera, THURSDAY) == []


def test_a_draft_is_hidden(roast, vera):
    Drop.objects.update(scheduled_at=None)

    assert look(roast, vera).state == State.HIDDEN
    assert looks.looks(vera, THURSDAY) == []


def test_a_sale_is_open_and_not_reserved(in_shop, maja):
    sale = DropFactory(shop=in_shop, kind=Drop.Kind.SALE, quantity=None)
    OpeningFactory(drop=sale)

    seen = look(sale, maja)
    assert (seen.state, seen.can_reserve, seen.can_reply) == (State.OPEN, False, False)


# --- Events ----------------------------------------------------------------------------------


def test_an_evening_can_be_answered(tasting, maja):
    seen = look(tasting, maja)

    assert (seen.state, seen.can_reply, seen.is_full) == (State.OPEN, True, False)


def test_who_comes_who_waits_and_who_does_not(tasting, reply, in_shop, card):
    ada, bo, cato, dina, eva = MembershipFactory.create_batch(5, shop=in_shop)
    for guest in (ada, bo, cato, dina):
        reply(membership=guest, drop=tasting, coming=True)
    reply(membership=eva, drop=tasting, coming=False)

    seen = {guest: look(tasting, guest) for guest in (ada, cato, dina, eva)}
    assert seen[ada].state == State.RESERVED
    assert (seen[cato].state, seen[cato].place) == (State.WAITING, 1)
    assert (seen[dina].state, seen[dina].place) == (State.WAITING, 2)
    assert (seen[eva].state, seen[eva].can_reply, seen[eva].is_full) == (
        State.DECLINED,
        True,
        True,
    )


def test_too_late_to_answer(tasting, maja, vera, reply):
    reply(membership=vera, drop=tasting, coming=True)
    late = tasting.reply_by + A_SECOND

    assert look(tasting, maja, late).state == State.TOO_LATE
    seen = look(tasting, vera, late)
    assert (seen.state, seen.can_reply, seen.can_let_go) == (State.RESERVED, False, False)


def test_a_yes_after_a_no(tasting, maja, reply):
    reply(membership=maja, drop=tasting, coming=False)
    reply(membership=maja, drop=tasting, coming=True)

    assert look(tasting, maja).state == State.RESERVED


# --- All of them -----------------------------------------------------------------------------


def test_what_concerns_them_most_stands_first(roast, tasting, vera, reserve):
    coming = DropFactory(shop=roast.shop, name="Coming")
    OpeningFactory(drop=coming, audience=Opening.Audience.PICKED, at=SATURDAY)
    reserve(membership=vera, drop=roast)

    seen = [(each.drop.name, str(each.state)) for each in looks.looks(vera, THURSDAY)]
    assert seen == [("Summer roast", "reserved"), ("Tasting", "open"), ("Coming", "announced")]


def test_one_query_where_there_is_nothing(maja, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert looks.looks(maja, THURSDAY) == []


def test_three_more_however_many_there_are(
    roast, tasting, maja, reserve, django_assert_num_queries
):
    with django_assert_num_queries(4):
        assert len(looks.looks(maja, THURSDAY)) == 2
    for n in range(5):
        OpeningFactory(drop=DropFactory(shop=roast.shop, name=f"Drop {n}"))
    for each in Drop.objects.filter(name__startswith="Drop"):
        reserve(membership=maja, drop=each)

    with django_assert_num_queries(4):
        assert len(looks.looks(maja, THURSDAY)) == 7
    assert Reservation.objects.count() == 5


def test_next_door_has_nothing_of_it(roast, next_door_member):
    with scope(shop=next_door_member.shop):
        assert looks.looks(next_door_member, SATURDAY) == []
