"""A stamp, and what follows when it is the last one."""

from datetime import UTC, datetime, timedelta

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members import programmes
from members.ledger import audit
from members.ledger.models import LedgerEntry, Lot, Visit
from members.ledger.refusals import KeyTaken
from members.merging import merge
from members.refusals import CardIsAnother, NotStarted, ProgrammePaused
from rewards.models import Claim
from stampcards.refusals import (
    OutOfSeason,
    TooManyStamps,
)
from tests.factories import (
    CounterFactory,
    MembershipFactory,
    ProgrammeFactory,
    ShopFactory,
    as_owner,
    stamp,
)

pytestmark = pytest.mark.django_db

MONDAY = datetime(2027, 3, 1, 11, tzinfo=UTC)  # noon in Oslo


def test_it_works(give):
    assert give(key=keys.new()) == {
        "given": 1,
        "before": 1,
        "after": 2,
        "need": 9,
        "filled": 0,
        "reward": "Any hot drink",
        "extra": "",
        "again": False,
        "also": [],
    }


def test_same_key_twice_stamps_once(give, member):
    key = keys.new()

    assert give(key=key) == give(key=key)
    assert member.accounts.get().balance == 2


def test_same_key_for_more_stamps_is_refused(give, member):
    key = keys.new()
    give(key=key)

    with pytest.raises(KeyTaken):
        give(key=key, count=2)
    assert member.accounts.get().balance == 2


def test_an_entry_says_who_gave_it_where_when_and_under_which_rules(
    give, member, counter, ola, card
):
    key = keys.new()
    with clock.at(MONDAY):
        give(key=key)
    entry = LedgerEntry.objects.get(operation__key=key)
    operation, visit = entry.operation, entry.visit

    assert (operation.counter, operation.staff) == (visit.counter, visit.staff) == (counter, ola)
    assert (visit.location, visit.membership) == (counter.location, member)
    assert operation.occurred_at == operation.recorded_at == visit.at == MONDAY
    assert entry.rule_version == card.versions.get()


def test_a_stamp_that_arrives_late_says_when_it_was_given_and_when_recorded(give, counter):
    key, scanned = keys.new(), MONDAY - timedelta(hours=3)
    with clock.at(MONDAY):
        give(key=key, actor=Actor.of_counter(counter, at=scanned))
    entry = LedgerEntry.objects.get(operation__key=key)

    assert entry.operation.occurred_at == entry.visit.at == scanned
    assert entry.operation.recorded_at == MONDAY
    assert entry.lot.expires_on.isoformat() == "2028-03-01"


# --- The full card ---------------------------------------------------------------------------


def test_the_last_stamp_makes_a_reward_and_starts_a_new_card(in_shop, card, counter):
    member = MembershipFactory(shop=in_shop, stamps=8)
    answer = stamp(member, counter=counter)

    assert (answer["filled"], answer["before"], answer["after"]) == (1, 8, 0)
    claim = Claim.objects.get()
    assert (claim.membership, claim.title, claim.state) == (member, "Any hot drink", "ready")
    assert claim.value_minor == 4000
    assert member.accounts.get().cycle == 1


def test_a_reward_lasts_as_long_as_the_rules_said(in_shop, card, counter):
    with clock.at(datetime(2027, 11, 30, 23, 30, tzinfo=UTC)):  # 1 December in Oslo
        MembershipFactory(shop=in_shop, stamps=9)

    assert Claim.objects.get().expires_on.isoformat() == "2028-03-01"


def test_a_reward_may_wait_for_ever(in_shop):
    ProgrammeFactory(shop=in_shop, rules__reward_months=None)
    MembershipFactory(shop=in_shop, stamps=9)

    assert Claim.objects.get().expires_on is None


def test_six_of_eight_plus_four(eight):
    eight(count=6, key=keys.new())
    answer = eight(count=4, key=keys.new())

    assert (answer["filled"], answer["after"]) == (1, 2)
    assert Claim.objects.count() == 1


def test_seventeen_on_an_empty_card_of_eight(eight):
    answer = eight(count=17, key=keys.new())

    assert (answer["filled"], answer["after"]) == (2, 1)
    assert [claim.cycle for claim in Claim.objects.order_by("pk")] == [0, 1]


@pytest.mark.parametrize("stamps", [7, 8, 9, 15, 16, 17, 23, 24, 25, 31, 32, 33])
@pytest.mark.parametrize("at_once", [True, False])
def test_every_multiple_and_its_neighbours(eight, stamps, at_once):
    """ "Buy 17 get 1" was wrong at 34 and 51 for somebody (B17)."""
    for count in [stamps] if at_once else [1] * stamps:
        answer = eight(count=count, key=keys.new())

    assert answer["after"] == stamps % 8
    assert Claim.objects.count() == stamps // 8
    assert list(audit.disagreements()) == []


def test_stamps_that_ran_out_fill_no_card(in_shop, counter):
    """Even before the job has taken them off."""
    programme = ProgrammeFactory(shop=in_shop, rules__need=3, rules__expires_months=1)
    with clock.at(MONDAY):
        member = MembershipFactory(shop=in_shop, stamps=2)
    with clock.at(MONDAY + timedelta(days=40)):
        answer = stamp(member, counter=counter, programme=programme)

    assert answer["filled"] == 0
    assert Claim.objects.count() == 0


# --- The extra stamp ---------------------------------------------------------------------------


def test_the_extra_gives_one_more(give, member):
    answer = give(count=2, extra=True, key=keys.new())

    assert (answer["given"], answer["extra"]) == (3, "Own cup")
    assert [entry.reason for entry in LedgerEntry.objects.filter(visit__isnull=False)] == [
        "",
        "extra",
    ]
    assert Visit.objects.count() == 1


def test_there_is_no_extra_on_a_card_without_one(in_shop, counter):
    programme = ProgrammeFactory(shop=in_shop, rules__extra_for="")
    member = MembershipFactory(shop=in_shop)

    answer = stamp(member, programme=programme, extra=True, counter=counter)

    assert (answer["given"], answer["extra"]) == (1, "")


# --- Refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, -1, 21])
def test_more_than_the_card_takes_at_once_is_refused(give, member, count):
    with pytest.raises(TooManyStamps, match=r"^This card takes at most 20 stamps at a time\.$"):
        give(count=count, key=keys.new())
    assert member.accounts.get().balance == 1


def test_no_reason_opens_more_than_the_card_takes(give):
    with pytest.raises(TooManyStamps):
        give(count=21, reason="group", again=True, key=keys.new())


def test_a_card_of_a_shop_that_has_not_started_takes_no_stamps(counter):
    shop = ShopFactory(live_since=None)
    programme = ProgrammeFactory(shop=shop)
    member = MembershipFactory(shop=shop)

    with pytest.raises(NotStarted, match=r"^This is a preview\. Start the programme first\.$"):
        stamp(member, programme=programme, counter=CounterFactory(shop=shop))


def test_a_shop_on_pause_takes_no_stamps(give, in_shop, counter):
    in_shop.paused_since = MONDAY

    with pytest.raises(ProgrammePaused, match=r"on pause since 1 March\.$"):
        give(actor=Actor(in_shop, Channel.COUNTER, counter=counter), key=keys.new())


def test_a_paused_card_takes_no_stamps(give, card):
    with clock.at(datetime(2027, 2, 28, 23, 30, tzinfo=UTC)):  # 1 March in Oslo
        programmes.pause(card, actor=as_owner(card.shop))

    with pytest.raises(ProgrammePaused, match=r"on pause since 1 March\.$"):
        give(key=keys.new())

    programmes.resume(card, actor=as_owner(card.shop))
    assert give(key=keys.new())["after"] == 2


def test_a_card_out_of_season_takes_no_stamps(in_shop, counter):
    programme = ProgrammeFactory(shop=in_shop, rules__ends_on=MONDAY.date())
    with clock.at(MONDAY):
        member = MembershipFactory(shop=in_shop)
        stamp(member, counter=counter, programme=programme)
    with clock.at(MONDAY + timedelta(days=1)), pytest.raises(OutOfSeason):
        stamp(member, counter=counter, programme=programme)


def test_a_card_that_became_another_takes_no_stamps(give, in_shop, member, counter):
    """Its stamps would lie where nobody finds them (B18)."""
    kept = MembershipFactory(shop=in_shop)
    with clock.at(MONDAY):
        merge(gone=member, kept=kept, key=keys.new(), actor=Actor.of_counter(counter))

    with pytest.raises(CardIsAnother, match=r"^This card was moved to a new code on 1 March\.$"):
        give(key=keys.new())
    assert member.accounts.get().balance == 0


def test_a_refusal_repeated_is_the_same_refusal(give, card):
    key = keys.new()
    programmes.pause(card, actor=as_owner(card.shop))
    with pytest.raises(ProgrammePaused):
        give(key=key)
    programmes.resume(card, actor=as_owner(card.shop))

    with pytest.raises(ProgrammePaused):
        give(key=key)


# --- Dates -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "last_day"),
    [
        (datetime(2027, 2, 28, 22, 59, tzinfo=UTC), "2028-02-28"),  # 23:59 in Oslo
        (datetime(2027, 2, 28, 23, 0, tzinfo=UTC), "2028-03-01"),  # midnight
        (datetime(2028, 2, 29, 11, 0, tzinfo=UTC), "2029-02-28"),
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "2028-03-28"),  # before the clocks go forward
        (datetime(2027, 3, 27, 23, 30, tzinfo=UTC), "2028-03-28"),
        (datetime(2027, 10, 30, 22, 30, tzinfo=UTC), "2028-10-31"),  # 00:30, the long night
    ],
)
def test_a_stamp_lasts_by_the_shops_own_calendar(in_shop, card, counter, given, last_day):
    with clock.at(given):
        member = MembershipFactory(shop=in_shop)
        stamp(member, counter=counter)

    assert {lot.expires_on.isoformat() for lot in Lot.objects.all()} == {last_day}


def test_a_stamp_may_last_for_ever(in_shop, counter):
    ProgrammeFactory(shop=in_shop, rules__expires_months=None)
    MembershipFactory(shop=in_shop)

    assert Lot.objects.get().expires_on is None


def test_the_stranger_has_a_card_of_their_own(give, next_door_member, next_door_card):
    give(key=keys.new())

    with pytest.raises(ValueError, match="another shop"):
        give(membership=next_door_member, key=keys.new())
