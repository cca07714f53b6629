"""A balance is set right by hand: up or down, for a reason, and it can be taken back."""

from datetime import date

import pytest

from loyalty import keys
from loyalty.actors import Actor, Channel
from members import programmes
from members.adjusting import AdjustNeedsReason, AdjustOutOfBounds, adjust_balance
from members.ledger.models import LedgerEntry, Lot, Operation
from members.ledger.refusals import NotEnough
from members.ledger.statements import statements_of
from members.merging import merge
from members.models import Programme
from members.operations import void
from members.refusals import CardIsAnother, NothingToUndo, NotStarted, ProgrammeOff
from rewards.models import Claim
from rewards.points.rules import Expiry, PointRules
from tests.books import MONDAY, account, balance, purse
from tests.factories import (
    MembershipFactory,
    PointsFactory,
    RuleVersionFactory,
    ShopFactory,
    as_owner,
    earn,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.fixture
def points(in_shop):
    return PointsFactory(shop=in_shop, rules__expiry=Expiry.EARNED, rules__expires_months=12)


@pytest.fixture
def maja(points):
    return MembershipFactory(shop=points.shop, name="Maja")


@pytest.fixture
def actor(in_shop, ingrid_person):
    return Actor(in_shop, Channel.OWNER, person=ingrid_person)


@pytest.fixture
def correct(actor):
    def correct(card, amount, programme, *, reason="forgotten", key=None, by=actor):
        return adjust_balance(
            membership=card,
            programme=programme,
            amount=amount,
            reason=reason,
            key=key or keys.new(),
            actor=by,
        )

    return correct


@pytest.fixture
def take_back(actor):
    def take_back(key, card):
        return void(
            membership=card,
            undone=Operation.objects.get(key=key),
            reason="mistake",
            key=keys.new(),
            actor=actor,
        )

    return take_back


def test_it_works(maja, points, correct, ingrid_person):
    answer = correct(maja, 50, points)

    assert answer == {"programme": points.pk, "amount": 50, "after": 50, "owed": 0}
    entry = LedgerEntry.objects.get()
    assert (entry.kind, entry.amount, entry.qualifying) == ("adjust", 50, 0)
    assert (entry.reason, entry.operation.actor) == ("forgotten", ingrid_person)


def test_down_takes_what_runs_out_first(maja, points, correct):
    correct(maja, 50, points)

    assert correct(maja, -20, points)["after"] == 30
    assert Lot.objects.get().remaining == 30


def test_same_key_twice_corrects_once(maja, points, correct):
    key = keys.new()

    assert correct(maja, 5, points, key=key) == correct(maja, 5, points, key=key)
    assert balance(maja) == 5


def test_it_feeds_no_tier(maja, points, correct):
    correct(maja, 50, points)

    assert account(maja).lifetime == 0


def test_what_is_added_lasts_as_if_earned_now(maja, points, correct):
    correct(maja, 50, points)

    assert Lot.objects.get().expires_on == date(2028, 3, 1)


def test_under_the_rules_of_now(maja, points, correct):
    RuleVersionFactory(programme=points, rules=PointRules(expiry="earned", expires_months=3))
    correct(maja, 50, points)

    assert Lot.objects.get().expires_on == date(2027, 6, 1)
    assert LedgerEntry.objects.get().rule_version.number == 2


def test_a_card_in_progress_keeps_its_rules(member, card, correct):
    first = account(member, "stamps").rule_version
    RuleVersionFactory(programme=card, rules__need=5)
    correct(member, 2, card)

    assert LedgerEntry.objects.latest("pk").rule_version == first


def test_a_card_that_gets_full_fills(member, card, correct):
    answer = correct(member, 9, card)

    assert answer["after"] == 1
    assert Claim.objects.get().state == Claim.State.READY


def test_what_is_owed_is_paid_first(maja, points, counter, correct, take_back):
    key = keys.new()
    earn(maja, 10_000, counter=counter, key=key)
    correct(maja, -6, points)
    take_back(key, maja)
    assert purse(maja) == (0, 6)

    answer = correct(maja, 10, points)

    assert (answer["after"], answer["owed"]) == (4, 0)


def test_more_than_there_is_is_refused(maja, points, correct):
    correct(maja, 5, points)

    with pytest.raises(NotEnough):
        correct(maja, -6, points)
    assert balance(maja) == 5


@pytest.mark.parametrize("amount", [0, 1_001, -1_001, 10**30])
def test_nothing_and_too_much_are_refused(maja, points, correct, amount):
    with pytest.raises(AdjustOutOfBounds, match=r"^Type a number from 1 to 1,000, with \+ or −\.$"):
        correct(maja, amount, points)


@pytest.mark.parametrize("reason", ["", "because", "owed"])
def test_a_reason_of_ones_own_is_refused(maja, points, correct, reason):
    with pytest.raises(AdjustNeedsReason, match=r"^Choose why it is corrected\.$"):
        correct(maja, 5, points, reason=reason)


def test_a_card_that_became_another_ones_part_is_refused(maja, points, in_shop, correct, actor):
    other = MembershipFactory(shop=in_shop)
    merge(kept=other, gone=maja, key=keys.new(), actor=actor)

    with pytest.raises(CardIsAnother):
        correct(maja, 5, points)


def test_what_is_switched_off_is_refused(maja, points, correct):
    programmes.switch_off(points, actor=as_owner(points.shop))

    with pytest.raises(ProgrammeOff, match=r"^The programme is switched off since "):
        correct(maja, 5, points)


def test_what_is_on_pause_can_be_set_right(maja, points, correct):
    programmes.pause(points, actor=as_owner(points.shop))

    assert correct(maja, 5, points)["after"] == 5


def test_before_the_start_there_is_nothing_to_correct(maja, points, in_shop, correct):
    in_shop.live_since = None
    in_shop.save()

    with pytest.raises(NotStarted):
        correct(maja, 5, points)


def test_another_shops_card_is_out_of_reach(maja, points, correct):
    stranger = Actor(ShopFactory(), Channel.OWNER)

    with pytest.raises(ValueError, match="another shop"):
        correct(maja, 5, points, by=stranger)


def test_it_can_be_taken_back(maja, points, correct, take_back):
    up, down = keys.new(), keys.new()
    correct(maja, 50, points, key=up)
    correct(maja, -20, points, key=down)

    take_back(down, maja)
    assert balance(maja) == 50
    take_back(up, maja)
    assert balance(maja) == 0
    with pytest.raises(NothingToUndo):
        take_back(up, maja)


def test_taken_back_after_it_was_used_the_rest_is_owed(maja, points, correct, take_back):
    up = keys.new()
    correct(maja, 50, points, key=up)
    correct(maja, -20, points)

    take_back(up, maja)

    assert purse(maja) == (0, 20)


def test_taken_back_the_reward_of_a_card_it_filled_is_gone(member, card, correct, take_back):
    key = keys.new()
    correct(member, 9, card, key=key)
    take_back(key, member)

    assert balance(member, "stamps") == 1
    assert Claim.objects.get().state == Claim.State.CANCELLED


def test_the_statement_calls_it_adjusted(maja, points, in_shop, correct):
    correct(maja, 50, points)
    correct(maja, -20, points)

    [statement] = statements_of(in_shop, MONDAY)
    assert (statement.months[0].adjusted, statement.months[0].closing) == (30, 30)


def test_a_programme_younger_than_the_card_is_opened(member, in_shop, correct):
    young = Programme.objects.get(pk=PointsFactory(shop=in_shop).pk)

    assert correct(member, 5, young)["after"] == 5
