"""What a suspicious reader tried: two cards, minds that change, and sentences that must not lie."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from loyalty import clock
from loyalty.outbox.models import OutboxMessage
from members.ledger.models import Operation
from members.messages import reading
from members.messages.models import Message
from members.messages.wishes import start_mail
from members.models import Consent, Membership
from members.operations import merge, undo, void
from members.refusals import NothingToUndo, ProgrammePaused
from rewards.catalogue.operations import cancel
from rewards.catalogue.refusals import EnoughOfIt
from rewards.models import Claim
from rewards.operations import hand_over
from rewards.vip import (
    again,
    history,
    lapsing,
    looks,
    owning,
    plans,
    rules,
    shelf,
    telling,
    waiting,
)
from rewards.vip.models import Drop, Opening, Reservation, Vip
from rewards.vip.refusals import AlreadyOpen
from tests.factories import MembershipFactory, PersonFactory
from tests.rewards.vip.conftest import SATURDAY, SUNDAY, THURSDAY, left_of

pytestmark = pytest.mark.django_db

REMINDED = SUNDAY - timedelta(hours=3)


@pytest.fixture
def kept(reserve, roast, vera):
    return Claim.objects.get(pk=reserve(membership=vera, drop=roast)["claim"])


@pytest.fixture
def give(kept, asking, till_actor):
    return partial(asking, hand_over, membership=kept.membership, claim=kept, actor=till_actor)


@pytest.fixture
def reminded(kept):
    with clock.at(REMINDED):
        assert telling.tell_lapses(REMINDED) == 1
        yield kept


@pytest.fixture
def change(asking, owner):
    def change(drop, **changes):
        plan = replace(plans.of(drop), **changes)
        asking(owning.change_drop, drop=drop, plan=plan, actor=owner)

    return change


@pytest.fixture
def take_back(asking, owner):
    """take_back(member, "reserve"): a manager voids the latest of that kind."""

    def back(member, kind):
        undone = Operation.objects.filter(membership=member, kind=kind).last()
        asking(void, membership=member, undone=undone, reason="mistake", actor=owner)

    return back


def on_card(member):
    card = Membership.objects.get(pk=member.pk)
    return [reading.sentence(each, "card", "Kaffe") for each in reading.unread(card, clock.now())]


def test_it_works(reminded, vera):
    assert [words[:12] for words in on_card(vera)] == ["Summer roast"]


# --- Two cards ---------------------------------------------------------------------------------


@pytest.fixture
def join(asking, till_actor, vera, maja):
    return partial(asking, merge, kept=maja, gone=vera, actor=till_actor)


@pytest.fixture
def join_and_part(asking, till_actor, join, maja):
    def both():
        join()
        undone = Operation.objects.filter(kind="merge").last()
        asking(undo, membership=maja, undone=undone, actor=till_actor)

    return both


def test_what_was_collected_before_two_cards_were_one_goes_back(give, kept, vera, join_and_part):
    give()
    join_and_part()

    kept.refresh_from_db()
    assert (kept.membership, Reservation.objects.get().membership) == (vera, vera)


def test_what_one_card_was_told_of_the_other_ones_goes_back_too(
    kept, maja, join, asking, till_actor
):
    with clock.at(REMINDED):
        join()
        telling.tell_lapses(REMINDED)
        undone = Operation.objects.filter(kind="merge").last()
        asking(undo, membership=maja, undone=undone, actor=till_actor)

        assert [len(on_card(card)) for card in (maja, kept.membership)] == [0, 1]
        assert telling.tell_lapses(REMINDED) == 0


def test_one_each_counts_what_was_had_with_either_card(kept, reserve, join, roast, maja):
    join()

    with clock.at(SATURDAY), pytest.raises(EnoughOfIt):
        reserve(membership=maja, drop=roast)


def test_the_rules_know_nobody_who_is_picked_on_a_card_that_is_gone(asking, vip, owner, till_actor):
    vera, maja = vip(), vip()
    asking(merge, kept=maja, gone=vera, actor=till_actor)
    asking(owning.unpick, membership=maja, actor=owner)

    assert list(rules.lines(THURSDAY)) == []


# --- What stands on the card is true -----------------------------------------------------------


def test_once_collected_nobody_is_asked_to_collect_it(reminded, give, vera):
    give()

    assert on_card(vera) == []


def test_nor_once_a_manager_took_it_back(reminded, take_back, vera):
    take_back(vera, "reserve")

    assert on_card(vera) == []


def test_kept_longer_it_says_so_and_reminds_again(reminded, change, roast, vera):
    change(roast, collect_by=SUNDAY + timedelta(days=1))
    assert on_card(vera) == []

    again = REMINDED + timedelta(days=1)
    with clock.at(again):
        assert telling.tell_lapses(again) == 1


def test_left_as_it_is_nobody_is_reminded_twice(reminded, change, roast, vera):
    change(roast, text="Very dark.")

    assert len(on_card(vera)) == 1


def test_kept_once_more_they_are_reminded_once_more(reminded, give, asking, till_actor, vera):
    give()
    late = SUNDAY + timedelta(minutes=10)
    with clock.at(late):
        undone = Operation.objects.filter(kind="hand_over").last()
        asking(undo, membership=vera, undone=undone, actor=till_actor)

    again = late + lapsing.GRACE - timedelta(hours=3)
    with clock.at(again):
        assert telling.tell_lapses(again) == 1


@pytest.fixture
def moved_up(in_shop, reply, let_go, tasting, maja):
    """Maja waited and has a place now, of which her card tells."""
    for minute in range(3):
        guest = MembershipFactory(shop=in_shop) if minute < 2 else maja
        with clock.at(THURSDAY + timedelta(minutes=minute)):
            reply(membership=guest, drop=tasting, coming=True)
    seat = Reservation.objects.first()
    let_go(membership=seat.membership, reservation=seat)
    assert len(on_card(maja)) == 1
    return Reservation.objects.get(membership=maja)


def test_who_gives_a_place_back_is_not_told_that_it_is_theirs(moved_up, reply, tasting, maja):
    reply(membership=maja, drop=tasting, coming=False)

    assert on_card(maja) == []


def test_nor_who_lets_it_go(moved_up, let_go, maja):
    let_go(membership=maja, reservation=moved_up)

    assert on_card(maja) == []


def test_nor_whose_place_a_manager_took_back(moved_up, take_back, tasting, maja):
    take_back(maja, "move_up")

    assert on_card(maja) == []
    assert left_of(tasting) == 1


def test_nor_when_the_evening_is_another_one(moved_up, change, tasting, maja):
    week = timedelta(days=7)
    times = {name: getattr(tasting, name) + week for name in ("starts_at", "ends_at", "reply_by")}
    change(tasting, **times)

    assert on_card(maja) == ["Tasting is at another time now: 20 March 18:00. Your place is kept."]
    assert Claim.objects.get(membership=maja).use_by == tasting.ends_at


NIGHT = THURSDAY.replace(hour=22)


@pytest.fixture
def waiting_mail(vera, roast):
    """It opened at night: mail to Vera waits for the morning."""
    vera.person = PersonFactory(email="vera@example.no")
    vera.person.emailaddress_set.create(email=vera.person.email, verified=True, primary=True)
    vera.save()
    start_mail(vera, Message.Purpose.NEWS, way=Consent.Way.CARD)
    roast.openings.filter(audience="picked").update(at=NIGHT)
    with clock.at(NIGHT):
        assert telling.tell_openings(NIGHT) == 1
        assert mail_waits()
        yield


def mail_waits():
    return OutboxMessage.objects.filter(state="waiting").exists()


def test_mail_of_an_opening_that_was_put_off_does_not_go_out(waiting_mail, change, roast):
    first, then = plans.of(roast).openings
    change(roast, openings=(replace(first, at=NIGHT + timedelta(hours=20)), then))

    assert not mail_waits()


def test_nor_of_one_they_have_meanwhile_by_another_right(waiting_mail, reserve, roast, vera):
    Vip.objects.update(until=NIGHT)
    Opening.objects.filter(drop=roast, audience="everybody").update(at=NIGHT)
    reserve(membership=vera, drop=roast)

    assert not mail_waits()


def test_nor_of_an_evening_they_have_answered(waiting_mail, reply, roast, vera):
    starts = SUNDAY
    Drop.objects.update(kind="event", starts_at=starts, place="Here", collect_by=None)
    reply(membership=vera, drop=roast, coming=False)

    assert not mail_waits()


def test_a_level_that_was_lost_is_no_badge(kept, roast, vera):
    Vip.objects.update(until=THURSDAY)

    assert shelf.shelf_of(vera, THURSDAY).badge == ""


def test_who_had_theirs_and_lost_the_right_still_sees_that_they_had_it(give, roast, vera):
    give()
    Vip.objects.update(until=THURSDAY)
    Opening.objects.filter(drop=roast, audience="everybody").delete()
    look = looks.look_of(roast, vera, THURSDAY)

    assert look.state == looks.State.ENOUGH
    assert shelf.may_see(look)
    assert not look.can_reserve


def test_who_waits_when_it_begins_is_promised_nothing_any_more(moved_up, reply, tasting, maja):
    ada = MembershipFactory(shop=maja.shop)
    reply(membership=ada, drop=tasting, coming=True)

    before, begun = tasting.starts_at - timedelta(seconds=1), tasting.starts_at
    assert looks.look_of(tasting, ada, before).state == looks.State.WAITING
    assert looks.look_of(tasting, ada, begun).state == looks.State.TOO_LATE


def test_a_no_that_gave_a_place_back_is_history(reply, tasting, maja):
    for coming in (False, True, False, False):
        reply(membership=maja, drop=tasting, coming=coming)

    told = [line.words for line in history.lines(maja, None, None)]
    assert told == ["You said yes: Tasting", "Given back: Tasting"]


def test_once_more_is_still_to_come_when_the_clocks_went_forward(roast, in_shop):
    """A week has gone by on the wall, and an hour less on a stopwatch."""
    roast.openings.update(at=datetime(2027, 3, 27, 8, tzinfo=UTC))  # 09:00
    now = datetime(2027, 4, 3, 7, 30, tzinfo=UTC)  # 09:30
    plan = plans.of(roast)

    opens = again.a_week_on(plan, in_shop, now).openings[0].at
    assert opens == datetime(2027, 4, 10, 7, tzinfo=UTC)


# --- Nothing for nothing -----------------------------------------------------------------------


def test_after_the_evening_nobody_is_moved_up_for_nothing(reply, in_shop, tasting, card):
    """Two no-shows free two places, when it is over."""
    for minute in range(4):
        with clock.at(THURSDAY + timedelta(minutes=minute)):
            reply(membership=MembershipFactory(shop=in_shop), drop=tasting, coming=True)
    later = tasting.ends_at + timedelta(minutes=1)
    with clock.at(later):
        assert lapsing.lapse(later) == 2

    assert not Operation.objects.filter(kind="move_up").exists()


def test_nor_while_it_goes_on(moved_up, reply, tasting, take_back, maja):
    with clock.at(THURSDAY + timedelta(minutes=9)):
        reply(membership=MembershipFactory(shop=maja.shop), drop=tasting, coming=True)
    take_back(maja, "move_up")
    n = Operation.objects.count()
    waiting.fill_places(tasting.starts_at + timedelta(minutes=1))

    assert Operation.objects.count() == n


def test_what_is_reserved_is_no_draft_again(kept, change, asking, owner, roast):
    """Put off after the first have reserved, it has not opened to anybody by the clock."""
    first, then = plans.of(roast).openings
    change(roast, openings=(replace(first, at=THURSDAY + timedelta(hours=9)), then))

    with pytest.raises(AlreadyOpen):
        asking(owning.unschedule, drop=roast, actor=owner)


def test_on_pause_a_no_still_helps_and_nobody_says_yes(reply, tasting, maja, own, in_shop):
    reply(membership=maja, drop=tasting, coming=True)
    in_shop.paused_since = THURSDAY
    in_shop.save()
    reply(membership=maja, drop=tasting, coming=False, actor=replace(own, shop=in_shop))

    assert left_of(tasting) == 2
    with pytest.raises(ProgrammePaused):
        reply(membership=maja, drop=tasting, coming=True, actor=replace(own, shop=in_shop))


def test_the_catalogue_has_no_say_in_what_is_reserved(kept, asking, vera, roast):
    with pytest.raises(NothingToUndo):
        asking(cancel, membership=vera, claim=kept)
    assert left_of(roast) == 1
