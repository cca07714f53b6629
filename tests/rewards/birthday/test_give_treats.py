"""A treat stands on the card in the days round a birthday, once a year (BDY-01)."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from loyalty import clock, keys
from loyalty.actors import Actor
from members.ledger import audit
from members.ledger.models import Account, Operation
from members.models import Programme
from members.programmes import pause
from rewards.birthday.models import BirthdayGift, BirthdayTreat
from rewards.birthday.operations import give_treats
from rewards.birthday.owning import keep_treat, switch_off, switch_on
from rewards.models import Claim
from rewards.operations import AlreadyUsed, expire_claims, hand_over
from tests.factories import MembershipFactory, PointsFactory, ShopFactory, as_owner
from tests.rewards.birthday.conftest import move_birthday, tick

pytestmark = pytest.mark.django_db


def treats():
    """Of whom, for which year, and until when."""
    gifts = BirthdayGift.objects.order_by("pk").select_related("claim")
    return [(gift.membership, gift.year, gift.claim.expires_on) for gift in gifts]


def test_it_works(maja, counter):
    assert tick(2026, 5, 5) == 1

    claim = Claim.objects.get()
    assert treats() == [(maja, 2026, date(2026, 5, 19))]
    assert (claim.title, claim.source, claim.state) == ("A bun", "birthday", "ready")
    assert (claim.membership, claim.value_minor, claim.cost) == (maja, 1500, 0)
    with clock.at(datetime(2026, 5, 12, 11, tzinfo=UTC)):
        out = hand_over(
            membership=maja, claim=claim, key=keys.new(), actor=Actor.of_counter(counter)
        )
    assert out["title"] == "A bun"
    assert list(audit.disagreements()) == []


# --- When ---


def test_not_before_its_first_day(maja):
    assert tick(2026, 5, 4) == 0


def test_a_late_worker_still_gives_it_on_the_last_day_and_not_after(maja, born):
    assert tick(2026, 5, 19) == 1
    assert treats() == [(maja, 2026, date(2026, 5, 19))]
    lise = born(12, 5)

    assert tick(2026, 5, 20) == 0
    assert not Claim.objects.filter(membership=lise).exists()


def test_whoever_tells_their_birthday_within_the_days_gets_it_then(maja, born):
    tick(2026, 5, 12)
    born(12, 5)

    assert tick(2026, 5, 12, hour=12) == 1


def test_twice_changes_nothing(maja):
    assert [tick(2026, 5, 5), tick(2026, 5, 5), tick(2026, 5, 12), tick(2026, 5, 19)] == [
        1,
        0,
        0,
        0,
    ]
    assert Claim.objects.count() == 1


def test_every_year_again(maja):
    given = [tick(year, 5, 12) for year in (2026, 2027, 2028)]

    assert given == [1, 1, 1]
    assert [year for _who, year, _until in treats()] == [2026, 2027, 2028]


def test_late_in_one_year_and_early_in_the_next_are_two(maja):
    assert [tick(2026, 5, 19), tick(2027, 5, 5)] == [1, 1]


def test_handed_out_it_does_not_come_again(maja, counter):
    tick(2026, 5, 5)
    claim = Claim.objects.get()
    actor = Actor.of_counter(counter)
    with clock.at(datetime(2026, 5, 6, 11, tzinfo=UTC)):
        hand_over(membership=maja, claim=claim, key=keys.new(), actor=actor)
        with pytest.raises(AlreadyUsed):
            hand_over(membership=maja, claim=claim, key=keys.new(), actor=actor)

    assert tick(2026, 5, 7) == 0


def test_not_used_it_runs_out_after_its_last_day(maja):
    tick(2026, 5, 5)
    expire_claims(datetime(2026, 5, 19, 21, 59, tzinfo=UTC))  # 23:59 in Oslo
    assert Claim.objects.get().state == "ready"
    expire_claims(datetime(2026, 5, 19, 22, 0, tzinfo=UTC))

    assert Claim.objects.get().state == "expired"
    assert tick(2026, 5, 20) == 0


# --- Golden days ---


def test_29_february_is_the_28th_in_other_years(born, treat):
    leap = born(29, 2)
    assert [tick(2026, 2, 20), tick(2026, 2, 21)] == [0, 1]
    assert treats() == [(leap, 2026, date(2026, 3, 7))]
    tick(2027, 2, 28)

    assert [tick(2028, 2, 21), tick(2028, 2, 22)] == [0, 1]
    assert treats()[-1] == (leap, 2028, date(2028, 3, 7))


def test_round_new_year_it_belongs_to_the_year_of_the_birthday(born, treat):
    first = born(1, 1)
    assert [tick(2026, 12, 24), tick(2026, 12, 25)] == [0, 1]
    assert treats() == [(first, 2027, date(2027, 1, 8))]
    last = born(31, 12)

    assert [tick(2027, 1, 2), tick(2027, 1, 7), tick(2027, 1, 8)] == [1, 0, 0]
    assert treats()[-1] == (last, 2026, date(2027, 1, 7))


def test_the_day_begins_in_the_shop_not_in_greenwich(maja):
    assert tick(2026, 5, 4, hour=21) == 0  # 23 o'clock in Oslo
    assert tick(2026, 5, 4, hour=22) == 1  # midnight


def test_and_west_of_greenwich_later(card, treat, in_shop, born):
    in_shop.time_zone = "Atlantic/Azores"
    in_shop.save()
    born(12, 1)

    assert tick(2027, 1, 5, hour=0) == 0  # 23 o'clock of the day before
    assert tick(2027, 1, 5, hour=1) == 1


@pytest.mark.parametrize(
    ("birthday", "before", "first"),
    [
        # Clocks go forward on 29 March 2026, and back on 25 October, at 01:00 UTC.
        ((5, 4), datetime(2026, 3, 28, 22, 59, tzinfo=UTC), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        ((6, 4), datetime(2026, 3, 29, 21, 59, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        (
            (1, 11),
            datetime(2026, 10, 24, 21, 59, tzinfo=UTC),
            datetime(2026, 10, 24, 22, tzinfo=UTC),
        ),
        (
            (2, 11),
            datetime(2026, 10, 25, 22, 59, tzinfo=UTC),
            datetime(2026, 10, 25, 23, tzinfo=UTC),
        ),
    ],
)
def test_when_clocks_change_it_is_midnight_all_the_same(born, treat, birthday, before, first):
    born(*birthday)
    with clock.at(before):
        assert give_treats(before) == 0
    with clock.at(first):
        assert give_treats(first) == 1


# --- A birthday that changes ---


def test_another_date_of_the_same_year_brings_no_second_one(maja):
    tick(2026, 5, 5)
    move_birthday(maja, 20, 12)

    assert tick(2026, 12, 20) == 0
    assert tick(2027, 12, 20) == 1


def test_nor_does_a_date_of_the_next_year_that_is_near(born, treat):
    """December's treat, and then a birthday in January: another year, and two weeks later."""
    sly = born(28, 12)
    assert tick(2026, 12, 21) == 1
    move_birthday(sly, 2, 1)

    assert [tick(2026, 12, 26), tick(2027, 1, 2), tick(2027, 1, 9)] == [0, 0, 0]
    assert tick(2027, 12, 27) == 1  # round 2 January 2028
    assert [year for _who, year, _until in treats()] == [2026, 2028]


def test_one_is_never_within_180_days_of_another(born, treat):
    sly = born(31, 12)
    tick(2026, 12, 24)  # + 180 days is 22 June
    move_birthday(sly, 14, 6)
    assert tick(2027, 6, 21) == 0
    move_birthday(sly, 16, 6)

    assert tick(2027, 6, 21) == 0
    assert tick(2027, 6, 22) == 1


def test_without_a_birthday_nobody_is_bothered(card, treat, in_shop):
    MembershipFactory(shop=in_shop)

    assert tick(2026, 5, 12) == 0
    assert not Operation.objects.filter(kind="birthday").exists()


# --- A shop that gives nothing ---


def test_a_paused_shop_gives_nothing_and_makes_up_for_it(maja, in_shop):
    in_shop.paused_since = clock.now()
    in_shop.save()
    assert tick(2026, 5, 12) == 0
    in_shop.paused_since = None
    in_shop.save()

    assert tick(2026, 5, 13) == 1


def test_a_shop_that_is_not_live_gives_nothing(maja, in_shop):
    in_shop.live_since = None
    in_shop.save()

    assert tick(2026, 5, 12) == 0


def test_switched_off_it_is_not_given_and_what_is_ready_stays(maja, born, owner):
    tick(2026, 5, 5)
    born(12, 5)
    switch_off(owner)
    assert tick(2026, 5, 12) == 0
    assert Claim.objects.get().state == "ready"
    switch_on(owner)

    assert tick(2026, 5, 12) == 1


def test_what_was_given_keeps_its_promise_when_the_treat_changes(maja, in_shop):
    tick(2026, 5, 5)
    changed = BirthdayTreat(shop=in_shop, title="A cake", value_minor=9900, days_after=0)
    assert not keep_treat(changed, actor=as_owner(in_shop))

    claim = Claim.objects.get()
    assert (claim.title, claim.value_minor, claim.expires_on) == ("A bun", 1500, date(2026, 5, 19))
    assert tick(2026, 5, 12) == 0


def test_a_shop_without_one_gives_nothing(born):
    born(12, 5)

    assert tick(2026, 5, 12) == 0


def test_each_shop_gives_its_own(maja, next_door_card):
    stranger = move_birthday(MembershipFactory(shop=next_door_card.shop), 12, 5)

    assert tick(2026, 5, 12) == 1
    assert not Claim.objects.with_scopes_disabled().filter(membership=stranger).exists()


def test_a_shop_never_gives_to_a_card_next_door(maja, next_door, next_door_card):
    keep_treat(
        BirthdayTreat(shop=next_door, title="A rose", value_minor=2000), actor=as_owner(next_door)
    )
    ShopFactory()
    tick(2026, 5, 12)

    [gift] = BirthdayGift.objects.with_scopes_disabled().select_related("claim")
    assert (gift.shop_id, gift.claim.title) == (maja.shop_id, "A bun")


# --- Points instead ---


@pytest.fixture
def points(in_shop, treat):
    scheme = PointsFactory(shop=in_shop)
    keep_treat(
        BirthdayTreat(shop=in_shop, title="50 points", value_minor=500, bonus=50),
        actor=as_owner(in_shop),
    )
    return scheme


def test_points_arrive_at_once(points, born):
    maja = born(12, 5)
    tick(2026, 5, 5)

    assert Account.objects.get(membership=maja, programme=points).balance == 50
    assert Claim.objects.get().state == "handed_over"
    assert tick(2026, 5, 6) == 0
    assert list(audit.disagreements()) == []


def test_while_points_are_on_pause_they_wait(points, born):
    born(12, 5)
    pause(points, actor=as_owner(points.shop))
    assert tick(2026, 5, 5) == 0
    Programme.objects.update(paused_since=None)

    assert tick(2026, 5, 6) == 1


# --- What the database says ---


def test_one_a_year_is_a_law(maja):
    tick(2026, 5, 5)
    gift = BirthdayGift.objects.get()
    tick(2027, 5, 5)
    other = Claim.objects.latest("pk")
    BirthdayGift.objects.filter(claim=other).delete()

    with pytest.raises(IntegrityError, match=r"(?i)unique"), transaction.atomic():
        BirthdayGift.objects.create(shop=gift.shop, membership=maja, year=gift.year, claim=other)


def test_the_audit_notices_a_treat_that_stands_for_something_else(maja, counter):
    tick(2026, 5, 5)
    Claim.objects.update(source="card")

    assert "birthday gift" in " ".join(audit.disagreements())
