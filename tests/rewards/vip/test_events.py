"""Yes, no, and a waiting list that moves up."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from loyalty import clock, keys
from members.ledger.models import Operation
from members.messages.models import Message
from members.operations import void
from rewards.models import Claim
from rewards.operations import AlreadyUsed, hand_over
from rewards.vip import operations, plans, waiting
from rewards.vip.models import Drop, Opening, Reservation
from rewards.vip.owning import change_drop
from rewards.vip.refusals import Closed, NotForYou, NotReplied, NotWaiting, NotYet, ReplyTooLate
from tests.factories import MembershipFactory, VipFactory
from tests.rewards.vip.conftest import A_SECOND, THURSDAY, left_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def guests(in_shop, card):
    """Four members."""
    return [MembershipFactory(shop=in_shop, name=name) for name in ("Ada", "Bo", "Cato", "Dina")]


@pytest.fixture
def full(guests, reply, tasting):
    """Ada and Bo come; Cato waits, then Dina."""
    for minute, guest in enumerate(guests):
        with clock.at(THURSDAY + timedelta(minutes=minute)):
            reply(membership=guest, drop=tasting, coming=True)
    return guests


def state(member):
    """What the latest of their answers has become."""
    latest = Reservation.objects.filter(membership=member).select_related("claim").last()
    return latest.claim.state if latest.claim else latest.state


def states(members):
    return [state(member) for member in members]


def seat_of(member):
    return Reservation.objects.get(membership=member)


def test_it_works(reply, tasting, maja):
    said = reply(membership=maja, drop=tasting, coming=True)

    claim = Claim.objects.get(pk=said["claim"])
    assert said["state"] == "held"
    assert (claim.title, claim.use_by) == ("Tasting", tasting.ends_at)
    assert claim.expires_on.isoformat() == "2027-03-13"
    assert left_of(tasting) == 1


def test_who_comes_late_waits(full, tasting):
    assert states(full) == ["ready", "ready", "waiting", "waiting"]
    assert left_of(tasting) == 0


def test_whoever_waits_longest_gets_the_place_that_is_given_back(full, let_go, tasting):
    ada, _bo, cato, _dina = full
    let_go(membership=ada, reservation=seat_of(ada))

    assert states(full) == ["cancelled", "ready", "ready", "waiting"]
    assert left_of(tasting) == 0
    told = Message.objects.get(membership=cato)
    assert (told.once, told.purpose) == (f"place-{seat_of(cato).pk}", "service")


def test_the_place_stands_on_the_card_of_whoever_got_it(full, let_go):
    ada, _bo, cato, _dina = full
    let_go(membership=ada, reservation=seat_of(ada))

    assert Claim.objects.get(membership=cato).operation.membership == cato
    assert Operation.objects.filter(membership=ada).last().kind == "let_go"


def test_a_no_frees_the_place_as_well(full, reply, tasting):
    ada = full[0]
    assert reply(membership=ada, drop=tasting, coming=False)["state"] == "declined"

    assert states(full) == ["declined", "ready", "ready", "waiting"]


def test_changing_their_mind_they_join_the_end_of_the_list(full, reply, tasting):
    ada = full[0]
    reply(membership=ada, drop=tasting, coming=False)
    with clock.at(THURSDAY + timedelta(hours=1)):
        assert reply(membership=ada, drop=tasting, coming=True)["state"] == "waiting"

    line = Reservation.objects.waiting().values_list("membership__name", flat=True)
    assert list(line) == ["Dina", "Ada"]


def test_the_same_answer_twice_changes_nothing(reply, tasting, maja):
    first = reply(membership=maja, drop=tasting, coming=True)
    assert reply(membership=maja, drop=tasting, coming=True) == first
    no = reply(membership=maja, drop=tasting, coming=False)
    assert reply(membership=maja, drop=tasting, coming=False) == no

    assert left_of(tasting) == 2


def test_who_lost_the_right_is_passed_over(full, let_go, tasting):
    ada, _bo, _cato, dina = full
    VipFactory(membership=dina)
    tasting.openings.update(audience=Opening.Audience.PICKED)
    let_go(membership=ada, reservation=seat_of(ada))

    assert states(full) == ["cancelled", "ready", "waiting", "ready"]


def test_who_gets_the_right_later_is_let_in_by_the_worker(full, let_go, tasting):
    ada, _bo, cato, _dina = full
    tasting.openings.update(audience=Opening.Audience.PICKED)
    let_go(membership=ada, reservation=seat_of(ada))
    assert left_of(tasting) == 1
    VipFactory(membership=cato)

    waiting.fill_places(THURSDAY + timedelta(hours=1))
    assert states(full) == ["cancelled", "ready", "ready", "waiting"]


def test_a_newcomer_does_not_overtake_those_who_wait(full, reply, tasting, maja, own):
    """A place is free, and nobody has moved up yet: a crash between the two."""
    ada = full[0]
    operations._let_go(
        membership=ada,
        reservation=seat_of(ada),
        key=keys.new(),
        actor=own,
    )
    assert left_of(tasting) == 1

    with clock.at(THURSDAY + timedelta(hours=1)):
        assert reply(membership=maja, drop=tasting, coming=True)["state"] == "waiting"
    assert states([*full, maja]) == ["cancelled", "ready", "ready", "waiting", "waiting"]


def test_more_places_let_as_many_move_up(full, asking, owner, tasting):
    plan = replace(plans.of(tasting), quantity=4)
    asking(change_drop, drop=tasting, plan=plan, actor=owner)

    assert states(full) == ["ready"] * 4
    assert left_of(tasting) == 0


def test_as_many_as_want_to_let_all_of_them_move_up(full, asking, owner, tasting):
    plan = replace(plans.of(tasting), quantity=None)
    asking(change_drop, drop=tasting, plan=plan, actor=owner)

    assert states(full) == ["ready"] * 4


def test_leaving_the_waiting_list(full, asking, let_go):
    ada, _bo, cato, dina = full
    asking(operations.leave_waiting_list, membership=cato, reservation=seat_of(cato))
    let_go(membership=ada, reservation=seat_of(ada))

    assert states(full) == ["cancelled", "ready", "over", "ready"]
    with pytest.raises(NotWaiting):
        asking(operations.leave_waiting_list, membership=dina, reservation=seat_of(dina))


def test_nobody_leaves_it_for_another(full, asking):
    _ada, bo, cato, _dina = full
    with pytest.raises(NotWaiting):
        asking(operations.leave_waiting_list, membership=bo, reservation=seat_of(cato))


@pytest.mark.parametrize("coming", [True, False])
def test_after_the_last_day_it_is_too_late_to_answer(reply, tasting, maja, in_shop, coming):
    with (
        clock.at(tasting.reply_by + A_SECOND),
        timezone.override(in_shop.zone),
        pytest.raises(ReplyTooLate, match=r"^Answers were possible until 12 March at 18:00\.$"),
    ):
        reply(membership=maja, drop=tasting, coming=coming)


def test_then_nobody_gives_a_place_back_either(full, let_go, tasting):
    ada = full[0]
    with clock.at(tasting.reply_by + A_SECOND), pytest.raises(ReplyTooLate):
        let_go(membership=ada, reservation=seat_of(ada))


def test_without_a_last_day_until_it_starts(reply, tasting, maja):
    Drop.objects.update(reply_by=None)

    with clock.at(tasting.starts_at + A_SECOND), pytest.raises(ReplyTooLate):
        reply(membership=maja, drop=tasting, coming=True)
    with clock.at(tasting.starts_at):
        assert reply(membership=maja, drop=tasting, coming=True)["claim"]


@pytest.mark.parametrize("coming", [True, False])
def test_who_is_not_invited_has_nothing_to_answer(reply, tasting, maja, coming):
    tasting.openings.update(audience=Opening.Audience.PICKED)

    with pytest.raises(NotForYou):
        reply(membership=maja, drop=tasting, coming=coming)


def test_before_it_opens_nobody_answers(reply, tasting, maja):
    with clock.at(THURSDAY - A_SECOND), pytest.raises(NotYet):
        reply(membership=maja, drop=tasting, coming=True)


def test_closed_early_nobody_says_yes_but_a_no_still_helps(full, reply, tasting, maja):
    Drop.objects.update(closed_at=THURSDAY)

    with pytest.raises(Closed):
        reply(membership=maja, drop=tasting, coming=True)
    reply(membership=full[0], drop=tasting, coming=False)
    assert states(full) == ["declined", "ready", "waiting", "waiting"]  # nobody moves up


def test_there_is_nothing_to_answer_to_a_thing(reply, roast, vera):
    with pytest.raises(NotReplied):
        reply(membership=vera, drop=roast, coming=True)


def test_who_has_come_in_can_not_stay_away(full, reply, tasting, till_actor):
    ada = full[0]
    claim = Claim.objects.get(membership=ada)
    hand_over(membership=ada, claim=claim, key=keys.new(), actor=till_actor)

    with pytest.raises(AlreadyUsed):
        reply(membership=ada, drop=tasting, coming=False)


def test_checked_in_to_the_end_of_it(full, tasting, till_actor):
    ada = full[0]
    claim = Claim.objects.get(membership=ada)
    with clock.at(tasting.ends_at):
        assert hand_over(membership=ada, claim=claim, key=keys.new(), actor=till_actor)


def test_a_manager_takes_a_yes_back_and_the_worker_fills_the_place(full, asking, owner, tasting):
    ada = full[0]
    undone = Operation.objects.get(membership=ada, kind="reply")
    asking(void, membership=ada, undone=undone, reason="mistake", actor=owner)

    assert left_of(tasting) == 1
    waiting.fill_places(THURSDAY + timedelta(hours=1))
    assert states(full) == ["cancelled", "ready", "ready", "waiting"]


def test_next_door_is_another_shop(reply, tasting, next_door_member):
    with pytest.raises(ValueError, match="another shop"):
        reply(membership=next_door_member, drop=tasting, coming=True)
