"""A reward leaves the shop once."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from loyalty import clock, keys
from loyalty.actors import Actor
from loyalty.operations import ask_for_saved_card
from members.ledger.refusals import KeyTaken
from rewards.models import Claim, HandOver
from rewards.operations import AlreadyUsed, NotReady, SaveFirst, expire_claims, hand_over
from tests.factories import CounterFactory, MembershipFactory, PersonFactory, as_owner

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 3, 1, 11, tzinfo=UTC)


@pytest.fixture(autouse=True)
def monday():
    with clock.at(NOON):
        yield


@pytest.fixture
def maja(in_shop, card):
    return MembershipFactory(shop=in_shop, stamps=9)


@pytest.fixture
def claim(maja):
    return Claim.objects.get(membership=maja)


@pytest.fixture
def give(maja, claim, counter):
    return partial(hand_over, membership=maja, claim=claim, actor=Actor.of_counter(counter))


def test_it_works(give, claim, counter, ola):
    assert give(key=keys.new()) == {"claim": claim.pk, "title": "Any hot drink"}

    claim.refresh_from_db()
    assert claim.state == "handed_over"
    out = HandOver.objects.get()
    assert (out.claim, out.counter, out.staff, out.at) == (claim, counter, ola, NOON)


def test_same_key_twice_hands_out_once(give):
    key = keys.new()

    assert give(key=key) == give(key=key)
    assert HandOver.objects.count() == 1


def test_used_today_says_when_and_by_whom(give, in_shop):
    give(key=keys.new())

    with (
        clock.at(NOON + timedelta(hours=2)),
        timezone.override(in_shop.zone),
        pytest.raises(AlreadyUsed, match=r"^Already used today at 12:00 by Ola\.$"),
    ):
        give(key=keys.new())
    assert HandOver.objects.count() == 1


def test_used_earlier_says_the_day(give, in_shop):
    give(key=keys.new())

    with (
        clock.at(NOON + timedelta(days=1)),
        timezone.override(in_shop.zone),
        pytest.raises(AlreadyUsed, match=r"^Already used on 1 March at 12:00 by Ola\.$"),
    ):
        give(key=keys.new())


def test_nobody_on_the_till_is_the_shop(give, in_shop):
    give(actor=Actor.of_counter(CounterFactory(shop=in_shop)), key=keys.new())

    with pytest.raises(AlreadyUsed, match=r"by the shop\.$"):
        give(key=keys.new())


def test_a_refusal_repeated_tells_the_same_story(give):
    give(key=keys.new())
    key = keys.new()
    with pytest.raises(AlreadyUsed) as first:
        give(key=key)
    with pytest.raises(AlreadyUsed) as second:
        give(key=key)

    assert second.value.values == first.value.values == {"at": NOON.isoformat(), "staff": "Ola"}


def test_same_key_for_another_reward_is_refused(give, in_shop, card):
    other = MembershipFactory(shop=in_shop, stamps=9)
    key = keys.new()
    give(key=key)

    with pytest.raises(KeyTaken):
        give(membership=other, claim=Claim.objects.get(membership=other), key=key)


def test_it_is_good_to_the_end_of_its_last_day(give, claim):
    last = datetime(2027, 6, 1, 21, 59, tzinfo=UTC)  # 23:59 in Oslo, summer time by then
    assert claim.expires_on == last.date()

    with clock.at(last):
        give(key=keys.new())


def test_after_its_last_day_it_is_gone_however_late_the_job_is(give):
    with (
        clock.at(datetime(2027, 6, 1, 22, 0, tzinfo=UTC)),
        pytest.raises(NotReady, match=r"^This reward is no longer on the card\.$"),
    ):
        give(key=keys.new())


def test_somebody_elses_reward_is_refused(give, in_shop, card, claim):
    """Someone else's personal coupon was accepted (B20)."""
    other = MembershipFactory(shop=in_shop)

    with pytest.raises(NotReady):
        give(membership=other, key=keys.new())
    claim.refresh_from_db()
    assert claim.state == "ready"


def test_somebody_elses_used_reward_tells_nothing(give, in_shop, card):
    give(key=keys.new())

    with pytest.raises(NotReady):
        give(membership=MembershipFactory(shop=in_shop), key=keys.new())


def test_the_counter_next_door_is_refused(give, next_door_counter, claim):
    with pytest.raises(ValueError, match="another shop"):
        give(actor=Actor.of_counter(next_door_counter), key=keys.new())
    claim.refresh_from_db()
    assert claim.state == "ready"


def test_the_database_itself_knows_once(give, claim, counter):
    give(key=keys.new())
    out = HandOver.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        HandOver.objects.create(
            shop=out.shop, claim=claim, operation=claim.operation, at=NOON, counter=counter
        )


def test_the_database_knows_one_reward_per_full_card(claim):
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(
            shop=claim.shop,
            membership=claim.membership,
            title="Again",
            account=claim.account,
            cycle=claim.cycle,
            operation=claim.operation,
            issued_at=NOON,
        )


# --- Running out -------------------------------------------------------------------------------


def test_a_reward_runs_out_once(claim):
    late = datetime(2027, 6, 1, 22, 0, tzinfo=UTC)

    assert expire_claims(late - timedelta(seconds=1)) == 0
    assert expire_claims(late) == 1
    assert expire_claims(late) == 0
    claim.refresh_from_db()
    assert claim.state == "expired"


def test_what_was_handed_out_does_not_run_out(give, claim):
    give(key=keys.new())

    assert expire_claims(datetime(2030, 1, 1, tzinfo=UTC)) == 0


def test_ready_means_today(claim):
    assert list(Claim.objects.ready(claim.expires_on)) == [claim]
    assert not Claim.objects.ready(claim.expires_on + timedelta(days=1)).exists()


def test_an_unsaved_card_is_asked_to_be_saved_first_where_the_owner_wants_that(give, claim, shop):
    ask_for_saved_card(as_owner(shop), first=True)

    with pytest.raises(SaveFirst, match="This card must be saved first"):
        give(key=keys.new())

    claim.refresh_from_db()
    assert claim.state == "ready"


def test_a_saved_card_is_handed_its_reward_then_too(give, maja, shop):
    ask_for_saved_card(as_owner(shop), first=True)
    maja.person = PersonFactory()
    maja.save(update_fields=["person"])

    assert give(key=keys.new())["title"] == "Any hot drink"
