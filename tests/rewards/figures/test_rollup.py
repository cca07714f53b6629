"""When days are counted, and what makes a month be counted again."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django_scopes import scope

from loyalty import clock, keys
from loyalty.actors import Actor
from members.ledger.models import Operation, Visit
from members.merging import merge, undo_merge
from members.models import Membership
from members.operations import void
from members.privacy.operations import erase_due, leave
from members.visits import Purchase
from rewards.figures import facts, touched
from rewards.figures.customers import customers_of
from rewards.figures.models import MemberMonth, MembersDay, ProgrammeDay, ShopDay, Watermark
from rewards.figures.periods import month_of
from rewards.figures.rollup import bring_up_to_date, count_days, rebuild
from rewards.models import Claim
from rewards.operations import hand_over
from stampcards.operations import add_stamps
from tests.factories import CounterFactory, MembershipFactory, ProgrammeFactory, ShopFactory, stamp

pytestmark = pytest.mark.django_db

OSLO = ZoneInfo("Europe/Oslo")
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
DAY = timedelta(days=1)


def at(*moment):
    return datetime(*moment, tzinfo=OSLO)


@pytest.fixture(autouse=True)
def card(in_shop):
    """Three stamps fill it."""
    with clock.at(at(2026, 1, 1)):
        return ProgrammeFactory(shop=in_shop, rules__need=3)


@pytest.fixture
def join(in_shop):
    def join(moment, **more):
        with clock.at(moment):
            return MembershipFactory(shop=in_shop, **more)

    return join


@pytest.fixture
def come(counter):
    """A card is stamped at a moment, for so much."""

    def come(member, moment, amount_minor=None, recorded=None):
        with clock.at(recorded or moment):
            key = keys.new()
            add_stamps(
                membership=member,
                programme=member.shop.programmes.get(),
                count=1,
                again=True,
                purchase=Purchase(amount_minor=amount_minor),
                key=key,
                actor=Actor.of_counter(counter, at=moment),
            )
        return Operation.objects.get(key=key)

    return come


@pytest.fixture
def count(in_shop):
    """What the worker does at a moment."""
    return lambda moment: bring_up_to_date(in_shop, moment)


def days(**which):
    rows = ShopDay.objects.filter(**which).order_by("day")
    return [(row.day, row.purchases, row.revenue_minor) for row in rows]


def months(member):
    rows = MemberMonth.objects.filter(membership=member).order_by("month")
    return [(row.month, row.purchases) for row in rows]


def test_it_works(join, come, count, in_shop):
    maja = join(at(2026, 5, 30))
    come(maja, at(2026, 5, 30, 12), 4500)
    come(maja, at(2026, 6, 1, 9), 3900)
    come(maja, at(2026, 6, 2, 9), 9999)

    count(at(2026, 6, 2, 10))

    assert days() == [(date(2026, 5, 30), 1, 4500), (JUNE, 1, 3900)]
    assert months(maja) == [(MAY, 1), (JUNE, 1)]
    assert Watermark.objects.get(shop=in_shop).day == JUNE


@pytest.mark.parametrize("kind", ["attendance", "action"])
def test_a_visit_on_which_nothing_was_bought_is_no_purchase(join, come, count, in_shop, kind):
    maja = join(at(2026, 5, 30))
    come(maja, at(2026, 6, 1, 9))
    Visit.objects.update(kind=kind)

    count(at(2026, 6, 2, 3))

    [day], [month] = ShopDay.objects.all(), MemberMonth.objects.all()
    assert (day.purchases, day.attendances) == (0, 1)
    assert (month.purchases, month.visits) == (0, 1)
    june = customers_of(in_shop, [month_of(JUNE)], None)[month_of(JUNE)]
    assert (june.now, june.came, june.active) == (0, 1, 1)


def test_half_past_midnight_on_the_first_is_of_the_new_month(join, come, count):
    """It is 22:30 on 31 May in London's books."""
    maja = join(at(2026, 5, 30))
    come(maja, at(2026, 6, 1, 0, 30))

    count(at(2026, 6, 2, 3))

    assert months(maja) == [(JUNE, 1)]


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_day_of_23_or_25_hours_is_a_day(join, come, count, day):
    maja = join(at(2026, 1, 2))
    first, last = at(day.year, day.month, day.day, 0, 1), at(day.year, day.month, day.day, 23, 59)
    come(maja, first)
    come(maja, last)

    count(last + timedelta(hours=3))

    assert days() == [(day, 2, 0)]


def test_twice_is_as_good_as_once(join, come, count):
    come(join(at(2026, 5, 30)), at(2026, 5, 30, 12), 4500)

    for _time in range(2):
        count(at(2026, 6, 2, 3))

    assert days() == [(date(2026, 5, 30), 1, 4500)]


def test_a_worker_that_slept_counts_all_days_since(join, come, count):
    maja = join(at(2026, 4, 1))
    count(at(2026, 4, 2, 3))
    come(maja, at(2026, 4, 2, 12))
    come(maja, at(2026, 5, 20, 12))

    count(at(2026, 7, 2, 3))

    assert [day for day, _n, _sum in days()] == [date(2026, 4, 2), date(2026, 5, 20)]


def test_a_stamp_that_comes_late_counts_on_its_own_day(join, come, count):
    maja = join(at(2026, 5, 1))
    count(at(2026, 6, 10, 3))
    come(maja, at(2026, 5, 31, 18), 4500, recorded=at(2026, 6, 10, 12))

    count(at(2026, 6, 11, 3))

    assert days() == [(date(2026, 5, 31), 1, 4500)]
    assert months(maja) == [(MAY, 1)]


def test_what_was_recorded_just_before_the_last_look_and_seen_after_it_is_found(join, come, count):
    """An operation is dated when it begins, and commits a little later."""
    maja = join(at(2026, 5, 1))
    count(at(2026, 6, 10, 3))
    come(maja, at(2026, 5, 31, 18), recorded=at(2026, 6, 10, 2, 59))

    count(at(2026, 6, 11, 3))

    assert months(maja) == [(MAY, 1)]


def test_what_is_voided_is_taken_from_the_day_of_its_purchase(join, come, count, owner, card):
    maja = join(at(2026, 5, 30))
    bought = come(maja, at(2026, 5, 31, 12), 4500)
    count(at(2026, 6, 2, 3))
    with clock.at(at(2026, 6, 5, 12)):
        void(membership=maja, undone=bought, reason="refund", key=keys.new(), actor=owner)

    count(at(2026, 6, 6, 3))

    assert days() == []
    assert months(maja) == []
    [day] = ProgrammeDay.objects.all()
    assert (day.day, day.issued) == (date(2026, 5, 30), 1)  # the welcome stands


def test_cards_that_become_one_are_one_member_in_every_month(join, come, count, till_actor):
    gone, kept = join(at(2026, 5, 1), source="paper"), join(at(2026, 5, 20), source="poster")
    come(gone, at(2026, 5, 2))
    come(kept, at(2026, 6, 3))
    count(at(2026, 6, 4, 3))
    with clock.at(at(2026, 6, 4, 12)):
        merge(kept=kept, gone=gone, key=keys.new(), actor=till_actor)

    count(at(2026, 6, 5, 3))

    assert months(gone) == []
    assert months(kept) == [(MAY, 1), (JUNE, 1)]
    [joined] = MembersDay.objects.all()
    assert (joined.day, joined.source, joined.joined) == (MAY, "paper", 1)


def test_cards_that_are_two_again_are_two_members_again(join, come, count, till_actor):
    gone, kept = join(at(2026, 5, 1)), join(at(2026, 5, 1))
    come(gone, at(2026, 5, 2))
    come(kept, at(2026, 5, 3))
    with clock.at(at(2026, 6, 4, 23)):
        merge(kept=kept, gone=gone, key=(key := keys.new()), actor=till_actor)
    count(at(2026, 6, 5, 3))
    with clock.at(at(2026, 6, 5, 12)):
        undo_merge(undone=Operation.objects.get(key=key), key=keys.new(), actor=till_actor)

    count(at(2026, 6, 6, 3))

    assert months(gone) == months(kept) == [(MAY, 1)]


def test_a_reward_that_was_taken_back_was_never_issued(join, come, count):
    """Some are by what happens to another card, and nothing says on which day they were issued."""
    maja = join(at(2026, 5, 1))
    for day in (2, 3, 4):
        come(maja, at(2026, 5, day, 12))
    count(at(2026, 6, 5, 3))
    assert sum(row.rewards_issued for row in ShopDay.objects.all()) == 1
    Claim.objects.update(state=Claim.State.CANCELLED)

    count(at(2026, 6, 6, 3))

    assert sum(row.rewards_issued for row in ShopDay.objects.all()) == 0


def test_who_left_stays_in_what_they_were_counted_in(join, come, count):
    maja = join(at(2026, 5, 1))
    come(maja, at(2026, 5, 2))
    Membership.objects.filter(pk=maja.pk).update(leaving_since=at(2026, 6, 4))

    count(at(2026, 6, 6, 3))

    assert months(maja) == [(MAY, 1)]
    assert [(row.day, row.joined, row.left) for row in MembersDay.objects.order_by("day")] == [
        (MAY, 1, 0),
        (date(2026, 6, 4), 0, 1),
    ]


def test_who_is_erased_stays_in_what_they_were_counted_in(in_shop, join, come, count):
    """Without a name: what is left of them is a card, its days and its sums."""
    maja = join(at(2026, 5, 1), name="Maja")
    come(maja, at(2026, 5, 2, 12), 4500)
    count(at(2026, 6, 4, 3))
    before = days(), months(maja)
    with clock.at(at(2026, 6, 4, 12)):
        leave(maja)
    with clock.at(at(2026, 6, 18, 13)):
        assert erase_due(clock.now()) == 1

    count(at(2026, 6, 19, 3))

    assert (days(), months(maja)) == before
    ran_out = ProgrammeDay.objects.get(day=date(2026, 6, 18))
    assert (ran_out.issued, ran_out.expired) == (0, 2)  # the stamp, and the welcome
    assert MembersDay.objects.get(left=1).day == date(2026, 6, 4)
    kept = days(), months(maja)
    rebuild(in_shop, at(2026, 6, 19, 3))
    assert (days(), months(maja)) == kept


def test_a_reward_that_came_back_over_the_counter_was_never_used(
    join, come, count, till_actor, owner
):
    maja = join(at(2026, 5, 1))
    for day in (2, 3, 4):
        come(maja, at(2026, 5, day, 12))
    with clock.at(at(2026, 5, 20, 12)):
        ready = Claim.objects.get()
        hand_over(membership=maja, claim=ready, key=(key := keys.new()), actor=till_actor)
    count(at(2026, 6, 5, 3))
    assert sum(row.rewards_used for row in ShopDay.objects.all()) == 1
    with clock.at(at(2026, 6, 5, 12)):
        used = Operation.objects.get(key=key)
        void(membership=maja, undone=used, reason="mistake", key=keys.new(), actor=owner)

    count(at(2026, 6, 6, 3))

    assert sum(row.rewards_used for row in ShopDay.objects.all()) == 0
    assert sum(row.used for row in MemberMonth.objects.all()) == 0


def test_only_months_that_something_touched_are_counted_again(in_shop, join, come, count):
    maja = join(at(2026, 2, 1))
    for month in (2, 3, 4, 5):
        come(maja, at(2026, month, 10))
    count(at(2026, 6, 10, 3))
    come(maja, at(2026, 3, 31, 18), recorded=at(2026, 6, 10, 12))
    mark = Watermark.objects.get(shop=in_shop)

    again = touched.months_since(in_shop, mark, date(2026, 6, 10))

    assert again == {date(2026, 3, 1), JUNE}


def test_a_shop_that_moves_to_another_time_counts_all_its_days_anew(in_shop, join, come, count):
    maja = join(at(2026, 5, 30))
    come(maja, at(2026, 6, 1, 0, 30))
    count(at(2026, 6, 10, 12))
    in_shop.time_zone = "Europe/London"
    in_shop.save(update_fields=["time_zone"])

    count(at(2026, 6, 10, 13))

    assert months(maja) == [(MAY, 1)]


def test_the_worker_does_not_wait_for_midnight_in_a_shop_that_moved(in_shop, join, come):
    """Its last day that is over may be the same one by both clocks."""
    maja = join(at(2026, 5, 30))
    come(maja, at(2026, 6, 1, 0, 30))
    count_days(at(2026, 6, 10, 12))
    in_shop.time_zone = "Europe/London"
    in_shop.save(update_fields=["time_zone"])

    assert count_days(at(2026, 6, 10, 12, 15)) == 1

    assert months(maja) == [(MAY, 1)]
    assert count_days(at(2026, 6, 10, 12, 30)) == 0


def test_merging_while_days_are_counted_waits_for_the_next_time(
    join, come, count, till_actor, monkeypatch
):
    """The facts were read of two cards, and the members of one."""
    gone, kept = join(at(2026, 5, 1)), join(at(2026, 5, 1))
    come(gone, at(2026, 5, 2))
    add_up = facts.add_up

    def and_merge(*asked):
        rows = add_up(*asked)
        monkeypatch.undo()
        with clock.at(at(2026, 6, 5, 3)):
            merge(kept=kept, gone=gone, key=keys.new(), actor=till_actor)
        return rows

    monkeypatch.setattr(facts, "add_up", and_merge)
    count(at(2026, 6, 5, 3))
    count(at(2026, 6, 6, 3))

    assert months(gone) == []
    assert months(kept) == [(MAY, 1)]


@pytest.fixture
def west(db):
    """A shop where it is nine hours earlier."""
    shop = ShopFactory(time_zone="America/Los_Angeles")
    ProgrammeFactory(shop=shop)
    return shop


def test_each_shop_is_counted_when_its_own_day_is_over(in_shop, west):
    assert count_days(at(2026, 6, 2, 0, 10)) == 2
    assert count_days(at(2026, 6, 2, 8, 50)) == 0
    assert count_days(at(2026, 6, 2, 9, 10)) == 1  # it is past midnight there
    with scope(shop=west):
        assert Watermark.objects.get().day == JUNE


def test_what_one_shop_counts_leaves_the_rows_of_another(in_shop, join, come, west):
    come(join(at(2026, 5, 30)), at(2026, 5, 30, 12), 4500)
    count_days(at(2026, 6, 2, 12))
    kept = days()
    with scope(shop=west):
        with clock.at(at(2026, 5, 29)):
            stamp(MembershipFactory(shop=west), counter=CounterFactory(shop=west))
        rebuild(west, at(2026, 6, 3, 12))
        assert ShopDay.objects.count() == 1

    assert days() == kept
