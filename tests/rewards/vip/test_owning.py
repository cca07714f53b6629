"""What an owner plans, changes, schedules and closes."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from loyalty import clock, keys
from members.ledger.models import Operation
from rewards.models import Claim
from rewards.vip import owning, plans
from rewards.vip.models import Drop, Opening
from rewards.vip.plans import OpensTo, Plan
from rewards.vip.refusals import (
    AlreadyOpen,
    AlreadyScheduled,
    BelowReserved,
    Closed,
    CollectTooEarly,
    EndsTooEarly,
    EventNeeds,
    GeneralTooEarly,
    MoreThanThereAre,
    NoOpening,
    NotScheduled,
    NumberMissing,
    OpensInThePast,
    OpensTooLate,
    OtherKind,
    ReplyAfterStart,
    TooFew,
    TwiceAtOnce,
)
from tests.factories import PictureFactory
from tests.rewards.vip.conftest import A_SECOND, SATURDAY, SUNDAY, THURSDAY, left_of

pytestmark = pytest.mark.django_db

BEFORE = THURSDAY - timedelta(days=1)
FIRST = OpensTo(THURSDAY, Opening.Audience.PICKED)
THEN = OpensTo(SATURDAY)
ROAST = Plan(
    kind="limited",
    name="Summer roast",
    price="149 kr",
    quantity=24,
    openings=(FIRST, THEN),
    collect_by=SUNDAY,
)
EVENING = Plan(
    kind="event",
    name="Tasting",
    quantity=12,
    openings=(FIRST,),
    place="Storgata 1",
    starts_at=SUNDAY,
    ends_at=SUNDAY + timedelta(hours=2),
    reply_by=SATURDAY,
)
SALE = Plan(kind="sale", name="Winter sale", openings=(FIRST, THEN), ends_at=SUNDAY)


@pytest.fixture(autouse=True)
def wednesday(at_opening):
    with clock.at(BEFORE):
        yield


@pytest.fixture
def by_owner(asking, owner):
    return partial(asking, actor=owner)


@pytest.fixture
def add(by_owner):
    """add(plan): a draft."""

    def add(plan=ROAST, **more):
        return Drop.objects.get(pk=by_owner(owning.add_drop, plan=plan, **more)["drop"])

    return add


@pytest.fixture
def change(by_owner):
    def change(drop, **changes):
        by_owner(owning.change_drop, drop=drop, plan=replace(plans.of(drop), **changes))
        drop.refresh_from_db()

    return change


@pytest.fixture
def scheduled(add, by_owner):
    drop = add()
    by_owner(owning.schedule, drop=drop)
    drop.refresh_from_db()
    return drop


def test_it_works(add, by_owner):
    drop = add()
    assert (drop.left, drop.over_at, drop.scheduled_at) == (24, SUNDAY, None)

    by_owner(owning.schedule, drop=drop)
    drop.refresh_from_db()
    assert drop.scheduled_at == BEFORE
    assert plans.of(drop) == ROAST


def test_a_double_tap_plans_one(by_owner):
    key = keys.new()
    first = by_owner(owning.add_drop, plan=ROAST, key=key)

    assert by_owner(owning.add_drop, plan=ROAST, key=key) == first
    assert Drop.objects.count() == 1


def test_it_is_known_who_did_it(scheduled, ingrid_person):
    done = Operation.objects.filter(kind__endswith="_drop").values_list("kind", "actor")

    assert list(done) == [("plan_drop", ingrid_person.pk), ("schedule_drop", ingrid_person.pk)]


def test_with_its_picture(add, in_shop):
    picture = PictureFactory(shop=in_shop)

    assert add(picture=picture).picture == picture


def test_what_is_not_of_its_kind_is_not_kept(add):
    drop = add(replace(ROAST, starts_at=SUNDAY, place="Here", ends_at=SUNDAY))
    assert (drop.starts_at, drop.place, drop.ends_at) == (None, "", None)

    sale = add(replace(SALE, quantity=9, collect_by=SUNDAY, hold_hours=3))
    assert (sale.quantity, sale.left, sale.collect_by, sale.hold_hours) == (None, None, None, None)
    assert sale.over_at == SUNDAY

    evening = add(replace(EVENING, per_member=3, ends_at=None))
    assert evening.per_member == 1
    assert evening.over_at.isoformat() == "2027-03-07T23:00:00+00:00"


REFUSED = {
    NoOpening: replace(ROAST, openings=()),
    GeneralTooEarly: replace(ROAST, openings=(FIRST, OpensTo(THURSDAY))),
    TwiceAtOnce: replace(ROAST, openings=(FIRST, FIRST, THEN)),
    OpensInThePast: replace(ROAST, openings=(OpensTo(BEFORE, "picked"), THEN)),
    CollectTooEarly: replace(ROAST, collect_by=SATURDAY),
    NumberMissing: replace(ROAST, quantity=None),
    TooFew: replace(ROAST, quantity=0),
    MoreThanThereAre: replace(ROAST, per_member=25),
    EventNeeds: replace(EVENING, place=""),
    ReplyAfterStart: replace(EVENING, reply_by=SUNDAY + A_SECOND),
    OpensTooLate: replace(EVENING, openings=(OpensTo(SATURDAY),)),
    EndsTooEarly: replace(SALE, ends_at=SATURDAY),
}


@pytest.mark.parametrize(
    ("refusal", "plan"),
    [
        *REFUSED.items(),
        (GeneralTooEarly, replace(ROAST, openings=(FIRST, OpensTo(THURSDAY - A_SECOND)))),
        (TwiceAtOnce, replace(ROAST, openings=(THEN, OpensTo(SUNDAY - A_SECOND)))),
        (TooFew, replace(ROAST, per_member=0)),
        (TooFew, replace(ROAST, hold_hours=0)),
        (EventNeeds, replace(EVENING, starts_at=None, ends_at=None)),
        (EndsTooEarly, replace(EVENING, ends_at=SUNDAY)),
    ],
)
def test_what_a_shop_can_not_promise_is_refused(add, refusal, plan):
    with pytest.raises(refusal) as refused:
        add(plan)

    assert str(refused.value)
    assert not Drop.objects.exists()


def test_several_levels_may_come_before_everybody(add):
    first = OpensTo(BEFORE + timedelta(hours=1), Opening.Audience.TOP, top=20, top_days=365)

    assert add(replace(ROAST, openings=(first, FIRST, THEN))).openings.count() == 3


def test_or_everybody_never(add):
    assert add(replace(ROAST, openings=(FIRST,))).openings.count() == 1


def test_two_groups_may_begin_together(add):
    together = OpensTo(THURSDAY, Opening.Audience.SEGMENT, segment="regulars")

    assert add(replace(ROAST, openings=(FIRST, together, THEN))).openings.count() == 3


# --- Scheduled, and a draft again ----------------------------------------------------------------


def test_scheduled_once(scheduled, by_owner):
    with pytest.raises(AlreadyScheduled):
        by_owner(owning.schedule, drop=scheduled)


def test_a_draft_that_lay_too_long_is_not_scheduled(add, by_owner):
    drop = add()

    with clock.at(THURSDAY), pytest.raises(OpensInThePast):
        by_owner(owning.schedule, drop=drop)


def test_until_it_opens_it_can_be_a_draft_again(scheduled, by_owner):
    by_owner(owning.unschedule, drop=scheduled)

    scheduled.refresh_from_db()
    assert scheduled.scheduled_at is None
    with pytest.raises(NotScheduled):
        by_owner(owning.unschedule, drop=scheduled)


def test_open_it_is_no_draft_any_more(scheduled, by_owner):
    with clock.at(THURSDAY), pytest.raises(AlreadyOpen):
        by_owner(owning.unschedule, drop=scheduled)


# --- Changed -------------------------------------------------------------------------------------


@pytest.fixture
def two_held(scheduled, reserve, vip):
    with clock.at(THURSDAY):
        for _one in range(2):
            reserve(membership=vip(), drop=scheduled)
    return scheduled


def test_more_of_it_is_more_left(two_held, change):
    change(two_held, quantity=30)

    assert (two_held.quantity, two_held.left) == (30, 28)


def test_fewer_but_not_fewer_than_are_reserved(two_held, change):
    change(two_held, quantity=2)
    assert two_held.left == 0

    with pytest.raises(BelowReserved, match="2 are reserved already"):
        change(two_held, quantity=1)
    assert left_of(two_held) == 0


def test_not_counted_and_counted_again(two_held, change):
    change(two_held, kind="limited", quantity=5)
    Drop.objects.update(kind="product")
    two_held.refresh_from_db()
    change(two_held, quantity=None)
    assert two_held.left is None
    change(two_held, quantity=5)

    assert two_held.left == 3


def test_what_has_opened_stays_as_it_was(two_held, change):
    with clock.at(THURSDAY + A_SECOND):
        change(two_held, text="From Kenya")

        with pytest.raises(OpensInThePast):
            change(two_held, openings=(replace(FIRST, at=THURSDAY - A_SECOND), THEN))
        with pytest.raises(OpensInThePast):
            change(two_held, openings=(OpensTo(THURSDAY, "top", top=3, top_days=9), THEN))


def test_an_opening_that_stays_keeps_who_was_told(scheduled, change):
    scheduled.openings.update(told_at=THURSDAY)
    change(scheduled, openings=(FIRST, OpensTo(SATURDAY + A_SECOND)))

    told = scheduled.openings.values_list("audience", "told_at")
    assert list(told) == [("picked", THURSDAY), ("everybody", None)]


def test_scheduled_it_stays_what_it_is(scheduled, change):
    with pytest.raises(OtherKind):
        change(scheduled, kind="product")


def test_what_is_reserved_is_kept_as_long_as_the_new_limit_and_never_shorter(two_held, change):
    change(two_held, collect_by=SUNDAY + timedelta(days=1))
    limits = Claim.objects.reserved().values_list("use_by", flat=True)
    assert set(limits) == {SUNDAY + timedelta(days=1)}

    change(two_held, collect_by=SUNDAY)
    assert set(limits.all()) == {SUNDAY + timedelta(days=1)}


def test_a_seat_is_kept_until_the_new_end_of_an_evening(add, by_owner, reply, vera, change):
    evening = add(EVENING)
    by_owner(owning.schedule, drop=evening)
    with clock.at(THURSDAY):
        reply(membership=vera, drop=evening, coming=True)
    evening.refresh_from_db()
    change(evening, ends_at=SUNDAY + timedelta(hours=1))

    assert Claim.objects.get().use_by == SUNDAY + timedelta(hours=1)


# --- Closed --------------------------------------------------------------------------------------


def test_closed_early_it_is_not_changed_any_more(scheduled, by_owner, change):
    by_owner(owning.close_early, drop=scheduled)
    by_owner(owning.close_early, drop=scheduled)

    scheduled.refresh_from_db()
    assert scheduled.closed_at == BEFORE
    with pytest.raises(Closed):
        change(scheduled, quantity=30)


def test_what_is_reserved_stays_so_when_it_is_closed(two_held, by_owner):
    by_owner(owning.close_early, drop=two_held)

    assert set(Claim.objects.values_list("state", "use_by")) == {("ready", SUNDAY)}


def test_a_draft_is_not_closed(add, by_owner):
    with pytest.raises(NotScheduled):
        by_owner(owning.close_early, drop=add())


def test_next_door_is_another_shop(asking, maja, next_door, next_door_member):
    with pytest.raises(ValueError, match="another shop"):
        asking(owning.pick, membership=next_door_member)
