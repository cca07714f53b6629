"""A treat that is voided, and cards that become one."""

from datetime import UTC, datetime

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members.ledger import audit
from members.ledger.models import Account, Operation
from members.merging import merge
from members.operations import undo, void
from members.refusals import NothingToUndo, TooLateToUndo
from rewards.birthday.models import BirthdayGift, BirthdayTreat
from rewards.birthday.owning import keep_treat
from rewards.models import Claim
from rewards.operations import AlreadyUsed, hand_over
from tests.factories import PointsFactory, as_owner
from tests.rewards.birthday.conftest import tick

pytestmark = pytest.mark.django_db

ON_THE_DAY = datetime(2026, 5, 12, 12, tzinfo=UTC)


@pytest.fixture
def manager_acts(in_shop):
    return Actor(in_shop, Channel.OWNER)


@pytest.fixture
def given(maja):
    tick(2026, 5, 5)
    with clock.at(ON_THE_DAY):
        yield Operation.objects.get(kind="birthday")


def take_back(card, given, actor):
    return void(membership=card, undone=given, reason="mistake", key=keys.new(), actor=actor)


def states():
    return list(Claim.objects.order_by("pk").values_list("state", flat=True))


def test_it_works(maja, given, manager_acts):
    take_back(maja, given, manager_acts)

    assert states() == ["cancelled"]
    assert list(audit.disagreements()) == []


def test_its_year_stays_used(maja, given, manager_acts):
    take_back(maja, given, manager_acts)

    assert tick(2026, 5, 13) == 0
    assert tick(2027, 5, 13) == 1


def test_once(maja, given, manager_acts):
    take_back(maja, given, manager_acts)

    with pytest.raises(NothingToUndo):
        take_back(maja, given, manager_acts)


def test_not_once_it_has_left_the_shop(maja, given, manager_acts, counter):
    actor = Actor.of_counter(counter)
    hand_over(membership=maja, claim=Claim.objects.get(), key=keys.new(), actor=actor)

    with pytest.raises(AlreadyUsed):
        take_back(maja, given, manager_acts)
    assert states() == ["handed_over"]


def test_a_counter_does_not_undo_what_it_did_not_do(maja, given, counter):
    with pytest.raises(TooLateToUndo):
        undo(membership=maja, undone=given, key=keys.new(), actor=Actor.of_counter(counter))


def test_points_go_back_too(in_shop, born, treat, manager_acts):
    PointsFactory(shop=in_shop)
    keep_treat(BirthdayTreat(shop=in_shop, title="50 points", bonus=50), actor=as_owner(in_shop))
    card = born(12, 5)
    tick(2026, 5, 5)
    with clock.at(ON_THE_DAY):
        take_back(card, Operation.objects.get(kind="birthday"), manager_acts)

    assert Account.objects.get(membership=card, programme__kind="points").balance == 0
    assert states() == ["cancelled"]
    assert list(audit.disagreements()) == []


# --- Two cards become one ---


@pytest.fixture
def second(born, treat):
    return born(13, 5)


def join_cards(kept, gone, actor):
    key = keys.new()
    merge(kept=kept, gone=gone, key=key, actor=actor)
    return kept.operations.get(key=key)


def test_what_the_other_card_was_given_counts_as_its_own(maja, second, counter):
    """The card that is kept gave no birthday before, so only the other one had a treat."""
    second.birthday = None
    second.save()
    tick(2026, 5, 5)
    with clock.at(ON_THE_DAY):
        join_cards(second, maja, Actor.of_counter(counter))
    second.refresh_from_db()

    assert second.birthday == (12, 5)
    assert BirthdayGift.objects.of(second).count() == 1
    assert [tick(2026, 5, 13), tick(2027, 5, 12)] == [0, 1]


def test_two_treats_of_one_year_become_one_and_two_again(maja, second, counter):
    tick(2026, 5, 6)
    actor = Actor.of_counter(counter)
    with clock.at(ON_THE_DAY):
        merged = join_cards(maja, second, actor)
        assert sorted(states()) == ["cancelled", "ready"]
        undo(membership=maja, undone=merged, key=keys.new(), actor=actor)

    assert states() == ["ready", "ready"]
    assert {claim.membership for claim in Claim.objects.all()} == {maja, second}
    assert list(audit.disagreements()) == []


def test_the_one_that_was_used_is_the_one_that_counts(maja, second, counter):
    tick(2026, 5, 6)
    actor = Actor.of_counter(counter)
    theirs = Claim.objects.get(membership=second)
    with clock.at(ON_THE_DAY):
        hand_over(membership=second, claim=theirs, key=keys.new(), actor=actor)
        join_cards(maja, second, actor)

    theirs.refresh_from_db()
    assert theirs.state == "handed_over"
    assert Claim.objects.exclude(pk=theirs.pk).get().state == "cancelled"


def test_treats_of_different_years_both_stay(maja, second, counter):
    tick(2026, 5, 6)
    BirthdayGift.objects.filter(membership=second).update(year=2025)
    with clock.at(ON_THE_DAY):
        join_cards(maja, second, Actor.of_counter(counter))

    assert states() == ["ready", "ready"]


def test_a_card_that_is_gone_gets_nothing(maja, second, counter):
    join_cards(maja, second, Actor.of_counter(counter))

    assert tick(2026, 5, 12) == 1
    assert Claim.objects.get().membership == maja
