"""The last one at the opening second, and whatever else happens to a drop in one moment.

Three things keep it right: the lock of the card, the lock of the drop, and updates that decide by
themselves. Each test has its control, with as many of them taken away as it takes to go wrong.
"""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members.ledger import audit
from members.merging import merge
from rewards.models import Claim
from rewards.operations import hand_over
from rewards.vip import lapsing, merging, operations, owning, places, plans
from rewards.vip.models import Drop, Reservation
from tests.factories import DropFactory, MembershipFactory, OpeningFactory
from tests.races.conftest import HOLD
from tests.races.outcomes import outcome
from tests.races.rushing import MANY, post_until_answered, statuses
from tests.support.together import Visitor, together

pytestmark = pytest.mark.django_db(transaction=True)

FIFTY = 50
SOME = 6


@pytest.fixture
def members(in_shop, card):
    """members(n): so many cards."""
    return lambda n: MembershipFactory.create_batch(n, shop=in_shop)


@pytest.fixture
def drop(in_shop):
    """drop(n): so many bags, open to everybody from this second on."""

    def make(quantity, **more):
        drop = DropFactory(shop=in_shop, quantity=quantity, **more)
        OpeningFactory(drop=drop)
        return drop

    return make


@pytest.fixture
def evening(drop):
    """evening(n): so many seats, next week."""
    week = clock.now() + timedelta(days=7)
    return lambda seats: drop(seats, kind="event", place="Here", starts_at=week, over_at=week)


@pytest.fixture
def no_drop_lock(monkeypatch):
    """Nobody waits for anybody who changes the same drop."""
    monkeypatch.setattr(places, "lock", lambda drop: Drop.objects.get(pk=drop.pk))


@pytest.fixture
def naive(monkeypatch):
    """What is left is read, and written back a moment later."""

    def take_one(drop):
        left = Drop.objects.get(pk=drop.pk).left
        time.sleep(HOLD)
        if not left:
            raise places.SoldOut
        Drop.objects.filter(pk=drop.pk).update(left=left - 1)

    def free(drop, claim, state):
        left = Drop.objects.get(pk=drop.pk).left
        ended = Claim.objects.filter(pk=claim.pk, state="ready").update(state=state)
        time.sleep(HOLD)
        Drop.objects.filter(pk=drop.pk).update(left=left + ended)
        return ended

    monkeypatch.setattr(places, "take_one", take_one)
    monkeypatch.setattr(places, "free", free)


def card_of(member):
    return Actor(member.shop, Channel.CARD)


def reserving(member, drop):
    wish = {"membership": member, "drop": drop, "key": keys.new(), "actor": card_of(member)}
    return outcome(operations.reserve, **wish, says="reserved")


def held_of(drop):
    return Reservation.objects.filter(drop=drop).held().count()


def left_of(drop):
    return Drop.objects.get(pk=drop.pk).left


# --- The last one --------------------------------------------------------------------------------


def rush_of(members, drop):
    return sorted(together([reserving(member, drop) for member in members]))


def test_one_gets_the_last_one(drop, members):
    last = drop(1)

    assert rush_of(members(MANY), last) == ["SoldOut"] * (MANY - 1) + ["reserved"]
    assert (left_of(last), held_of(last)) == (0, 1)


@pytest.mark.postgres_only
def test_without_the_lock_the_update_itself_decides(drop, members, no_drop_lock):
    last = drop(1)

    assert rush_of(members(MANY), last) == ["SoldOut"] * (MANY - 1) + ["reserved"]


def test_with_the_lock_even_the_naive_way_is_right(drop, members, naive):
    last = drop(1)

    assert rush_of(members(3), last) == ["SoldOut", "SoldOut", "reserved"]


@pytest.mark.postgres_only
@pytest.mark.usefixtures("no_drop_lock", "naive", "outlawed")
def test_without_both_the_danger_is_real(drop, members):
    last = drop(1)

    assert rush_of(members(MANY), last).count("reserved") > 1
    assert any(f"drop {last.pk}" in wrong for wrong in audit.disagreements())


def http_rush(live_server, cards, drop):
    """A tap on every card's own page, all at once."""
    visitor = Visitor(live_server.url, cookies={settings.LANGUAGE_COOKIE_NAME: "en-gb"})
    paths = [reverse("early:drop", args=[card.private, drop.pk]) for card in cards]
    token = visitor.token(paths[0])
    asked = [{"ask": "reserve", "key": str(keys.new())} for _card in cards]
    return together(
        lambda path=path, data=data: post_until_answered(visitor, token, path, data)
        for path, data in zip(paths, asked, strict=True)
    )


@pytest.mark.parametrize("bags", [1, 24])
def test_over_http_fifty_taps_reserve_as_many_as_there_are(live_server, drop, members, bags):
    """UX-18."""
    roast = drop(bags)
    answers = http_rush(live_server, members(FIFTY), roast)

    assert statuses(answers) == {302: bags, 422: FIFTY - bags}
    refused = [answer.text for answer in answers if answer.status == 422]
    assert all("The last one is gone." in text for text in refused)
    assert (left_of(roast), held_of(roast)) == (0, bags)


# --- One member, many taps -----------------------------------------------------------------------


def test_one_member_has_no_more_than_the_limit(drop, members):
    roast, [maja] = drop(MANY), members(1)

    assert rush_of([maja] * 12, roast) == ["EnoughOfIt"] * 11 + ["reserved"]


@pytest.mark.postgres_only
@pytest.mark.usefixtures("no_lock", "no_drop_lock", "outlawed")
def test_without_the_locks_they_get_more(drop, members, slow):
    slow(places, "hold")
    roast, [maja] = drop(MANY), members(1)

    assert rush_of([maja] * 12, roast).count("reserved") > 1


# --- Reserved while others lapse -----------------------------------------------------------------


@pytest.fixture
def all_late(drop, members):
    """Some bags, all of them reserved and none collected in time."""
    roast = drop(SOME, hold_hours=1)
    for member in members(SOME):
        reserving(member, roast)()
    return roast


def lapsing_of(reservation, at):
    actor = Actor(reservation.shop, Channel.JOB, at=at)
    wish = {"membership": reservation.membership, "reservation": reservation}
    return outcome(lapsing.lapse_one, **wish, key=keys.new(), actor=actor, says="lapsed")


def lapse_and_reserve(drop, members):
    late = list(Reservation.objects.filter(drop=drop).select_related("membership__shop"))
    later = clock.now() + timedelta(hours=2)
    lapses = [lapsing_of(reservation, later) for reservation in late]
    return together([*lapses, *(reserving(member, drop) for member in members)])


def test_what_lapses_is_had_by_others_and_none_is_lost(all_late, members):
    outcomes = lapse_and_reserve(all_late, members(SOME))

    assert outcomes.count("lapsed") == SOME
    assert left_of(all_late) == SOME - outcomes.count("reserved")
    assert held_of(all_late) == outcomes.count("reserved")


@pytest.mark.postgres_only
@pytest.mark.usefixtures("no_drop_lock", "naive", "outlawed")
def test_without_lock_and_condition_some_are_lost(all_late, members):
    for _round in range(6):  # one lost and one too many look like none
        lapse_and_reserve(all_late, members(SOME))
        if left_of(all_late) + held_of(all_late) != SOME:
            return
    pytest.fail("nothing was lost")


# --- Handed out while it lapses ------------------------------------------------------------------


@pytest.fixture
def last_minute(drop, members, counter):
    """Handed out and lapsed at once: what became of both."""
    [maja] = members(1)
    roast = drop(1, hold_hours=1)
    reserving(maja, roast)()
    kept = Reservation.objects.select_related("claim", "membership__shop").get()
    limit = kept.claim.use_by

    def both():
        actor = Actor.of_counter(counter, at=limit)
        wish = {"membership": maja, "claim": kept.claim, "key": keys.new(), "actor": actor}
        handing = outcome(hand_over, **wish, says="handed out")
        return together([handing, lapsing_of(kept, limit + timedelta(seconds=1))])[0], roast

    return both


def test_it_is_handed_out_or_lapses(last_minute):
    handed, roast = last_minute()

    assert handed in ("handed out", "PickUpOver")
    assert left_of(roast) == (0 if handed == "handed out" else 1)


@pytest.mark.postgres_only
@pytest.mark.usefixtures("no_lock", "no_drop_lock")
def test_without_the_locks_the_update_still_decides(last_minute):
    handed, roast = last_minute()

    assert left_of(roast) == (0 if handed == "handed out" else 1)


@pytest.mark.postgres_only
@pytest.mark.usefixtures("no_lock", "no_drop_lock", "outlawed")
def test_without_any_of_them_it_is_handed_out_and_for_sale_again(last_minute, monkeypatch):
    def free(drop, claim, state):
        time.sleep(HOLD)
        Claim.objects.filter(pk=claim.pk).update(state=state)
        return Drop.objects.filter(pk=drop.pk).update(left=1)

    monkeypatch.setattr(places, "free", free)
    handed, roast = last_minute()

    assert (handed, left_of(roast)) == ("handed out", 1)


# --- The waiting list ----------------------------------------------------------------------------


def answering(member, drop, *, coming=True):
    wish = {"membership": member, "drop": drop, "coming": coming, "actor": card_of(member)}
    return outcome(operations.reply, **wish, key=keys.new(), says="answered")


@pytest.fixture
def queue(evening, members):
    """An evening that is full, and as many who wait."""
    drop = evening(SOME)
    coming, waiting = members(SOME), members(SOME)
    for member in [*coming, *waiting]:
        answering(member, drop)()
    return drop, coming, waiting


def test_all_places_given_back_at_once_are_taken_by_those_who_wait(queue):
    drop, coming, waiting = queue
    together([answering(member, drop, coming=False) for member in coming])

    held = Reservation.objects.filter(drop=drop).held()
    assert {each.membership for each in held} == set(waiting)
    assert (left_of(drop), held.count()) == (0, SOME)


@pytest.mark.postgres_only
@pytest.mark.usefixtures("no_lock", "no_drop_lock", "outlawed")
def test_without_the_locks_one_of_them_gets_two(queue, slow):
    drop, coming, _waiting = queue
    slow(places, "issue")
    together([answering(member, drop, coming=False) for member in coming])

    assert any("reserved of nothing" in wrong for wrong in audit.disagreements())


@pytest.fixture
def moved_up_while_merging(evening, members, counter):
    """A place is given back while the card that waits for it becomes part of another one."""
    ada, cato, second = members(3)
    drop = evening(1)
    for member in (ada, cato):
        answering(member, drop)()

    def both():
        wish = {"kept": second, "gone": cato, "key": keys.new()}
        merging_now = outcome(merge, **wish, actor=Actor.of_counter(counter))
        assert together([answering(ada, drop, coming=False), merging_now])[1] == "done"
        return Claim.objects.exclude(state="cancelled").filter(source="early"), second

    return both


def test_a_place_follows_the_card_it_was_waited_for_with(moved_up_while_merging):
    claims, kept = moved_up_while_merging()

    assert [claim.membership for claim in claims] == [kept] * len(claims)
    assert len(claims) + Reservation.objects.waiting().filter(membership=kept).count() == 1


@pytest.mark.postgres_only
@pytest.mark.usefixtures("no_lock", "outlawed")
def test_without_its_locks_it_stays_behind_on_a_card_nobody_has(
    moved_up_while_merging, monkeypatch, meet
):
    monkeypatch.setattr(merging, "_lock_lists", lambda gone, kept: None)
    meet(places, "issue")
    meet(merging, "_pick")
    claims, kept = moved_up_while_merging()

    assert [claim.membership for claim in claims] != [kept]


# --- Fewer seats while members say yes -----------------------------------------------------------


def yes_while_lowered(drop, members, owner):
    plan = replace(plans.of(drop), quantity=SOME)
    wish = {"drop": drop, "plan": plan, "key": keys.new(), "actor": owner}
    lowering = outcome(owning.change_drop, **wish, says="lowered")
    outcomes = together([lowering, *(answering(member, drop) for member in members)])
    return outcomes[0], Drop.objects.get(pk=drop.pk).quantity


def test_there_are_never_fewer_seats_than_guests(evening, members, owner):
    drop = evening(12)
    lowered, seats = yes_while_lowered(drop, members(12), owner)

    assert (lowered, seats) in [("lowered", SOME), ("BelowReserved", 12)]
    assert held_of(drop) <= seats


@pytest.mark.postgres_only
@pytest.mark.usefixtures("no_drop_lock", "outlawed")
def test_without_the_lock_some_have_no_chair(evening, members, owner, slow):
    slow(owning, "_left", after=True)
    for _round in range(6):  # in some, all have said yes before the owner looks
        drop = evening(12)
        lowered, seats = yes_while_lowered(drop, members(12), owner)
        if lowered == "lowered" and held_of(drop) > seats:
            return
    pytest.fail("everybody had a chair")
