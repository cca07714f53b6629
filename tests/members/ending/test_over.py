"""To its last day a programme is honoured; then what is left runs out, and it is off."""

from datetime import date, timedelta

import pytest
from django_scopes import scope

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from loyalty.journal.models import Change
from members import programmes
from members.ending import operations
from members.ledger.models import LedgerEntry
from members.ledger.statements import statements_of
from members.models import Membership, Programme
from members.notices.operations import sentences
from members.operations import undo
from members.refusals import HonouredNoMore
from rewards import room
from rewards.catalogue.operations import lapse_claims, redeem
from rewards.models import Claim
from rewards.operations import expire_claims, hand_over
from tests.factories import MembershipFactory, choose, stamp
from tests.members.ending.conftest import COLLECT, TENTH, USE
from tests.members.ledger.purse import Purse

pytestmark = pytest.mark.django_db
AFTER = USE + timedelta(days=1)


def balance(member, kind="stamps"):
    return member.accounts.get(programme__kind=kind).balance


@pytest.fixture
def full(ending, counter, on):
    """A card that filled before the end: a reward is ready, and a stamp is on the next one."""
    with on(TENTH):
        member = MembershipFactory(shop=ending.shop, stamps=9, stamps__counter=counter)
        stamp(member, counter=counter)
    return member


def reward_of(member):
    return Claim.objects.get(membership=member)


def give(member, till_actor):
    return hand_over(membership=member, claim=reward_of(member), key=keys.new(), actor=till_actor)


def test_it_works_to_the_last_minute(on, full, till_actor):
    with on(USE, 23, 59):
        assert give(full, till_actor)["title"]


def test_a_minute_later_nothing_is_handed_out_and_the_day_is_named(on, full, till_actor):
    with on(AFTER, 0, 0), pytest.raises(HonouredNoMore, match=r"used until 31 March\.$"):
        give(full, till_actor)


@pytest.fixture
def maja(on, points, announce, counter):
    """She has 150 points, in a scheme that ends."""
    with on(TENTH):
        maja = MembershipFactory(shop=points.shop, points=150, points__counter=counter)
        announce(points)
    return maja


def test_nor_chosen(on, lunch, maja, own):
    with on(AFTER, 0, 0), pytest.raises(HonouredNoMore):
        redeem(membership=maja, reward=lunch, key=keys.new(), actor=own)
    with on(USE, 23, 59):
        redeem(membership=maja, reward=lunch, key=keys.new(), actor=own)


def test_on_the_last_day_nothing_is_taken(on, full, tick):
    with on(USE, 23, 59):
        tick()

    assert balance(full) == 1
    assert Programme.objects.get().off_since is None


def test_then_what_is_left_runs_out_like_anything_else(on, full, tick):
    with on(AFTER, 0, 1):
        tick()
        expire_claims(clock.now())

    entry = LedgerEntry.objects.latest("pk")
    assert (entry.kind, entry.amount, entry.operation.channel) == ("expire", -1, "job")
    assert balance(full) == 0
    assert reward_of(full).state == Claim.State.EXPIRED
    assert Programme.objects.get().off_since is not None
    assert Change.objects.get(what="programme_ended").channel == "job"


def test_twice_changes_nothing(on, full, tick):
    with on(AFTER):
        tick()
        tick()

    assert LedgerEntry.objects.filter(kind="expire").count() == 1
    assert Change.objects.filter(what="programme_ended").count() == 1


def test_what_begins_again_meanwhile_is_not_switched_off(on, ending, owner):
    """The worker has read that it is over; its owner is quicker."""
    with on(AFTER):
        read = Programme.objects.get()
        programmes.switch_off(ending, actor=owner)
        programmes.switch_on(ending, actor=owner)
        operations._switch_off(read, Actor(ending.shop, Channel.JOB))

    assert Programme.objects.get().off_since is None
    assert not Change.objects.filter(what="programme_ended").exists()


def test_the_statement_of_the_month_ties(on, full, tick):
    with on(AFTER):
        tick()
        [statement] = statements_of(full.shop, clock.now())

    assert statement.months[0].expired == 1
    assert statement.months[0].closing == 0


def test_what_an_undo_gives_back_after_the_end_runs_out_too(on, full, tick, till_actor, owner):
    with on(TENTH):
        purse = Purse(full, full.accounts.get().programme)
        spent = purse.spend(1)
    with on(AFTER):
        tick()
        undo(membership=full, undone=spent, key=keys.new(), actor=owner)
        assert balance(full) == 1
        tick()

    assert balance(full) == 0


def test_points_of_a_reward_nobody_used_come_back_and_run_out(on, lunch, maja, tick):
    with on(COLLECT):
        claim = choose(maja, lunch)

    with on(AFTER):
        lapse_claims(clock.now())
        tick()

    claim.refresh_from_db()
    assert claim.state == Claim.State.EXPIRED
    assert balance(maja, "points") == 0


@pytest.mark.usefixtures("ending")
def test_next_door_nothing_runs_out(on, tick, next_door_member, next_door):
    with on(AFTER):
        tick()

    with scope(shop=next_door):
        assert balance(next_door_member) == 1
        assert Programme.objects.get().off_since is None


# --- Dates of its own ------------------------------------------------------------------------


def test_what_would_last_longer_is_said_to_end_with_it(on, full):
    with on(TENTH):
        lines = sentences(full.pk, [USE])
        cards = Membership.objects.filter(pk=full.pk)
        [reward] = room.running_out(cards, TENTH, None)

    assert lines[0].startswith("1 stamp on")
    assert lines[0].endswith("runs out on 31 March.")
    assert reward.day == USE


def test_what_runs_out_sooner_keeps_its_day(on, ending):
    maja = MembershipFactory(shop=ending.shop)
    soon = date(2027, 2, 20)
    purse = Purse(maja, ending)
    with on(TENTH):
        purse.earn(3, until=soon)
        purse.earn(2, until=date(2029, 1, 1))

        assert sentences(maja.pk, [soon])[0].startswith("3 stamps on")
        assert sentences(maja.pk, [USE])[0].startswith("3 stamps on")  # two, and the welcome
        assert sentences(maja.pk, [date(2029, 1, 1)]) == []


def test_called_off_every_date_is_its_own_again(on, ending, call_off):
    maja = MembershipFactory(shop=ending.shop)
    with on(TENTH):
        Purse(maja, ending).earn(2, until=date(2029, 1, 1))
    with on(COLLECT):
        call_off(ending)

        assert sentences(maja.pk, [USE]) == []
        assert sentences(maja.pk, [date(2029, 1, 1)])[0].startswith("2 stamps on")
