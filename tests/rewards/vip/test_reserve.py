"""Before the first opening nobody, then some, then everybody; and never more than there are."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members.ledger.refusals import KeyTaken
from members.refusals import CardIsAnother, ProgrammePaused
from rewards.catalogue.refusals import EnoughOfIt, SoldOut
from rewards.models import Claim
from rewards.operations import AlreadyUsed, PickUpOver, hand_over
from rewards.vip.models import Drop, Opening, Reservation, Vip
from rewards.vip.refusals import Closed, NotForYou, NotHeld, NotReserved, NotYet, Over
from tests.factories import DropFactory, MembershipFactory, OpeningFactory
from tests.rewards.vip.conftest import A_SECOND, SATURDAY, SUNDAY, THURSDAY, left_of

pytestmark = pytest.mark.django_db


def test_it_works(reserve, roast, vera):
    kept = reserve(membership=vera, drop=roast)

    claim = Claim.objects.get(pk=kept["claim"])
    assert (claim.title, claim.terms, claim.source) == ("Summer roast", "149 kr", "early")
    assert (claim.use_by, claim.expires_on.isoformat()) == (SUNDAY, "2027-03-07")
    assert Reservation.objects.get(pk=kept["reservation"]).why == "picked"
    assert left_of(roast) == 1


def test_before_the_first_opening_nobody(reserve, roast, vera, in_shop):
    with (
        clock.at(THURSDAY - A_SECOND),
        timezone.override(in_shop.zone),
        pytest.raises(NotYet, match=r"^It opens to you on 4 March at 09:00\.$"),
    ):
        reserve(membership=vera, drop=roast)


def test_between_the_openings_others_are_told_when(reserve, roast, maja, in_shop):
    with (
        clock.at(SATURDAY - A_SECOND),
        timezone.override(in_shop.zone),
        pytest.raises(NotYet, match=r"^It opens to you on 6 March at 09:00\.$"),
    ):
        reserve(membership=maja, drop=roast)


def test_after_the_general_opening_everybody(reserve, roast, maja):
    with clock.at(SATURDAY):
        reserve(membership=maja, drop=roast)

    assert Reservation.objects.get().why == "everybody"


def test_without_a_general_opening_it_never_opens_to_others(reserve, roast, maja):
    Opening.objects.filter(drop=roast, audience="everybody").delete()

    with clock.at(SATURDAY), pytest.raises(NotForYou, match="not open to you"):
        reserve(membership=maja, drop=roast)


def test_whoever_is_picked_a_moment_ago_may(reserve, roast, maja):
    Vip.objects.create(shop=maja.shop, membership=maja, since=THURSDAY)

    assert reserve(membership=maja, drop=roast)["claim"]


def test_whoever_is_not_picked_any_more_may_not_but_keeps_what_was_reserved(
    reserve, roast, vera, till_actor, in_shop
):
    roast.per_member = 2
    roast.save()
    kept = reserve(membership=vera, drop=roast)
    Vip.objects.update(until=THURSDAY)

    with pytest.raises(NotYet):
        reserve(membership=vera, drop=roast)
    claim = Claim.objects.get(pk=kept["claim"])
    handed = hand_over(membership=vera, claim=claim, key=keys.new(), actor=till_actor)
    assert handed["title"] == "Summer roast"


def test_the_last_one_is_gone(reserve, roast, vip):
    for _one in range(2):
        reserve(membership=vip(), drop=roast)

    with pytest.raises(SoldOut, match=r"^The last one is gone\.$"):
        reserve(membership=vip(), drop=roast)
    assert left_of(roast) == 0


def test_one_each(reserve, roast, vera):
    reserve(membership=vera, drop=roast)

    with pytest.raises(EnoughOfIt):
        reserve(membership=vera, drop=roast)


def test_what_was_handed_out_counts_as_had(reserve, roast, vera, till_actor):
    kept = reserve(membership=vera, drop=roast)
    claim = Claim.objects.get(pk=kept["claim"])
    hand_over(membership=vera, claim=claim, key=keys.new(), actor=till_actor)

    with pytest.raises(EnoughOfIt):
        reserve(membership=vera, drop=roast)
    assert left_of(roast) == 1


def test_two_each_if_the_owner_says_so(reserve, roast, vera):
    Drop.objects.update(per_member=2)
    reserve(membership=vera, drop=roast)
    reserve(membership=vera, drop=roast)

    assert left_of(roast) == 0


def test_as_many_as_wanted_where_nobody_counts(reserve, roast, vip):
    Drop.objects.update(quantity=None, left=None)
    for _one in range(3):
        reserve(membership=vip(), drop=roast)

    assert left_of(roast) is None


def test_a_double_tap_reserves_one(reserve, roast, vera):
    key = keys.new()

    assert reserve(membership=vera, drop=roast, key=key) == reserve(
        membership=vera, drop=roast, key=key
    )
    assert left_of(roast) == 1


def test_the_key_of_one_is_no_key_for_another(reserve, roast, vera, vip):
    key = keys.new()
    reserve(membership=vera, drop=roast, key=key)

    with pytest.raises(KeyTaken):
        reserve(membership=vip(), drop=roast, key=key)


def test_a_refusal_repeated_is_the_same(reserve, roast, maja):
    key = keys.new()
    for _twice in range(2):
        with pytest.raises(NotYet) as refused:
            reserve(membership=maja, drop=roast, key=key)
        assert refused.value.values == {"opens_at": SATURDAY.isoformat()}


def test_it_is_kept_so_many_hours_and_no_longer_than_the_end(reserve, roast, vip):
    Drop.objects.update(hold_hours=24)
    reserve(membership=vip(), drop=roast)
    with clock.at(SUNDAY - timedelta(hours=3)):
        reserve(membership=vip(), drop=roast)

    limits = Claim.objects.reserved().order_by("pk").values_list("use_by", flat=True)
    assert list(limits) == [THURSDAY + timedelta(hours=24), SUNDAY]


def test_without_a_limit_it_is_kept(reserve, roast, vera):
    Drop.objects.update(collect_by=None, over_at=None)
    reserve(membership=vera, drop=roast)

    claim = Claim.objects.reserved().get()
    assert (claim.use_by, claim.expires_on) == (None, None)


def test_what_is_over_is_over(reserve, roast, vera):
    with clock.at(SUNDAY), pytest.raises(Over):
        reserve(membership=vera, drop=roast)


def test_closed_early_nobody_can(reserve, roast, vera):
    Drop.objects.update(closed_at=THURSDAY)

    with pytest.raises(Closed):
        reserve(membership=vera, drop=roast)


def test_a_draft_is_for_nobody(reserve, roast, vera):
    Drop.objects.update(scheduled_at=None)

    with pytest.raises(NotForYou):
        reserve(membership=vera, drop=roast)


def test_a_sale_is_only_open(reserve, in_shop, maja):
    sale = DropFactory(shop=in_shop, kind=Drop.Kind.SALE, quantity=None)
    OpeningFactory(drop=sale)

    with pytest.raises(NotReserved):
        reserve(membership=maja, drop=sale)


def test_to_an_event_one_says_yes_or_no(reserve, tasting, maja):
    with pytest.raises(NotReserved):
        reserve(membership=maja, drop=tasting)


def test_on_pause_nothing_is_reserved(reserve, roast, vera, in_shop):
    in_shop.paused_since = THURSDAY
    in_shop.save()

    with pytest.raises(ProgrammePaused):
        reserve(membership=vera, drop=roast, actor=Actor(in_shop, Channel.CARD))


def test_a_card_that_became_another_reserves_nothing(reserve, roast, vera, maja):
    vera.merged_into = maja
    vera.save()

    with pytest.raises(CardIsAnother):
        reserve(membership=vera, drop=roast)


def test_next_door_is_another_shop(reserve, roast, next_door_member):
    with pytest.raises(ValueError, match="another shop"):
        reserve(membership=next_door_member, drop=roast)


# --- Given back ------------------------------------------------------------------------------


def held_by(member):
    return Reservation.objects.held().get(membership=member)


def test_what_is_given_back_is_there_for_others(reserve, let_go, roast, vera):
    reserve(membership=vera, drop=roast)
    let_go(membership=vera, reservation=held_by(vera))

    assert left_of(roast) == 2
    assert Claim.objects.reserved().get().state == "cancelled"
    assert reserve(membership=vera, drop=roast)["claim"]


def test_given_back_twice_frees_one(reserve, let_go, roast, vera):
    reserve(membership=vera, drop=roast)
    reservation = held_by(vera)
    let_go(membership=vera, reservation=reservation)

    with pytest.raises(NotHeld):
        let_go(membership=vera, reservation=reservation)
    assert left_of(roast) == 2


def test_handed_out_it_can_not_be_given_back(reserve, let_go, roast, vera, till_actor):
    kept = reserve(membership=vera, drop=roast)
    claim = Claim.objects.get(pk=kept["claim"])
    hand_over(membership=vera, claim=claim, key=keys.new(), actor=till_actor)

    with pytest.raises(AlreadyUsed, match="by Ola"):
        let_go(membership=vera, reservation=held_by(vera))
    assert left_of(roast) == 1


def test_nobody_gives_back_what_is_another_ones(reserve, let_go, roast, vera, maja):
    reserve(membership=vera, drop=roast)

    with pytest.raises(NotHeld):
        let_go(membership=maja, reservation=held_by(vera))
    assert left_of(roast) == 1


# --- At the counter --------------------------------------------------------------------------


def test_it_is_handed_out_to_the_minute_of_its_limit(reserve, roast, vera, till_actor, in_shop):
    kept = reserve(membership=vera, drop=roast)
    claim = Claim.objects.get(pk=kept["claim"])

    with (
        clock.at(SUNDAY + A_SECOND),
        timezone.override(in_shop.zone),
        pytest.raises(PickUpOver, match=r"^This was kept until 7 March at 17:00\.$"),
    ):
        hand_over(membership=vera, claim=claim, key=keys.new(), actor=till_actor)
    with clock.at(SUNDAY):
        assert hand_over(membership=vera, claim=claim, key=keys.new(), actor=till_actor)


def test_days_later_it_says_the_same(reserve, roast, vera, till_actor):
    kept = reserve(membership=vera, drop=roast)
    claim = Claim.objects.get(pk=kept["claim"])

    with clock.at(datetime(2027, 3, 12, tzinfo=UTC)), pytest.raises(PickUpOver):
        hand_over(membership=vera, claim=claim, key=keys.new(), actor=till_actor)


def test_the_database_itself_never_sells_more_than_there_are(roast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Drop.objects.update(left=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Drop.objects.update(left=-1)


def test_it_costs_the_same_whoever_asks(reserve, roast, vip, django_assert_max_num_queries):
    MembershipFactory.create_batch(3, shop=roast.shop)
    member = vip()

    with django_assert_max_num_queries(24):
        reserve(membership=member, drop=roast)
