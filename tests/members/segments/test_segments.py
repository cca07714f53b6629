"""Groups of members by what they do."""

from datetime import datetime, timedelta

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor
from members.ledger.models import Operation
from members.merging import merge
from members.models import Membership
from members.operations import undo
from members.segments import SEGMENTS, within
from tests.factories import MembershipFactory, stamp
from tests.members.segments.conftest import NOON, OSLO, ago, group

MINUTE = timedelta(minutes=1)


@pytest.fixture
def become(counter):
    def become(gone, kept):
        merge(kept=kept, gone=gone, key=keys.new(), actor=Actor.of_counter(counter))

    return become


def test_it_works(join, come):
    maja = come(join(), 20, 12, 7, 1)
    join()

    assert group("regulars") == [maja]


def test_there_are_four_and_each_is_told_in_a_sentence():
    assert list(SEGMENTS) == ["new", "regulars", "nearly_there", "gone_quiet"]
    assert all(segment.name and segment.definition for segment in SEGMENTS.values())


@pytest.mark.parametrize("key", SEGMENTS)
def test_in_a_shop_without_members_nobody_is_in_any(card, key):
    assert group(key) == []


@pytest.mark.parametrize("key", SEGMENTS)
def test_nobody_from_next_door_is_in_any(next_door_member, next_door_counter, shop, key):
    stamp(next_door_member, 7, counter=next_door_counter)
    for _visit in range(3):
        stamp(next_door_member, 1, counter=next_door_counter)

    assert group(key) == []


# --- New ----------------------------------------------------------------------------------


def test_who_joined_30_days_ago_is_new_and_the_day_before_not(join):
    join(days=31)
    maja = join(days=30)

    assert group("new") == [maja]


def test_a_day_is_a_day_of_the_shop(card):
    midnight = datetime(2026, 5, 18, 0, 0, tzinfo=OSLO)  # 30 days before; in UTC it is the 17th
    for moment in (midnight - MINUTE, midnight):
        with clock.at(moment):
            member = MembershipFactory(shop=card.shop)

    assert group("new") == [member]


def test_the_same_moment_is_another_day_elsewhere(card, shop):
    with clock.at(datetime(2026, 5, 18, 0, 0, tzinfo=OSLO)):
        MembershipFactory(shop=card.shop)
    shop.time_zone = "America/New_York"

    assert group("new") == []


def test_who_joins_later_is_not_new_yet(join):
    join(days=-1)

    assert group("new") == []


def test_who_had_an_older_card_is_not_new(join, become):
    old, phone = join(), join(days=2)
    become(old, phone)

    assert group("new") == []


def test_a_card_that_became_part_of_another_is_in_no_group(join, become):
    paper, phone = join(days=1), join(days=2)
    become(paper, phone)

    assert group("new") == [phone]


# --- Regulars -----------------------------------------------------------------------------


def test_three_visits_make_no_regular(join, come):
    come(join(), 20, 10, 1)

    assert group("regulars") == []


def test_the_fourth_visit_counts_from_30_days_ago(join, come):
    come(join(), 31, 20, 10, 1)
    maja = come(join(), 30, 20, 10, 1)

    assert group("regulars") == [maja]


def test_two_stamps_at_once_are_one_visit(join, counter):
    stamp(join(), 4, counter=counter)

    assert group("regulars") == []


def test_a_visit_that_was_undone_counts_nowhere(join, come, counter):
    maja = come(join(), 20, 10, 1, 0)
    latest = Operation.objects.filter(kind="add_stamps").latest("pk")
    undo(membership=maja, undone=latest, key=keys.new(), actor=Actor.of_counter(counter))

    assert group("regulars") == []


def test_visits_with_a_card_that_became_part_of_this_one_count(join, come, become):
    paper, plastic, phone = (come(join(), 9), come(join(), 8), come(join(), 2, 1))
    become(paper, plastic)
    become(plastic, phone)

    assert group("regulars") == [phone]


def test_at_an_earlier_moment_later_visits_are_not_known(join, come):
    maja = come(join(), 20, 12, 7, 1)

    assert group("regulars", ago(2)) == []
    assert group("regulars", ago(1)) == [maja]


# --- Slipping away ------------------------------------------------------------------------


def test_who_came_every_week_and_then_no_more_slips_away(join, come):
    ola = come(join(), 59, 52, 45)
    come(join(), 44, 37, 30)  # 30 days ago is not over 30 days ago

    assert group("gone_quiet") == [ola]


def test_who_comes_seldom_is_waited_for_longer(join, come):
    come(join(), 120, 80, 40)
    come(join(), 160, 120, 80)  # exactly twice their gap
    late = come(join(), 161, 121, 81)

    assert group("gone_quiet") == [late]


def test_two_visits_are_no_habit(join, come):
    come(join(), 90, 80)

    assert group("gone_quiet") == []


def test_who_never_bought_is_new_and_then_nothing(join):
    never, fresh = join(days=365), join(days=3)

    assert group("new") == [fresh]
    assert all(never not in group(key) for key in SEGMENTS)


def test_a_visit_with_another_card_of_theirs_was_a_visit(join, come, become):
    old, new = come(join(), 80, 70, 60), come(join(), 3)
    become(old, new)

    assert group("gone_quiet") == []


# --- Nearly there, of a stamp card --------------------------------------------------------


def test_with_one_stamp_missing_one_is_nearly_there(join, counter):
    almost, other, full = join(), join(), join()
    stamp(almost, 8, counter=counter)
    stamp(other, 7, counter=counter)
    stamp(full, 9, counter=counter)

    assert group("nearly_there") == [almost]


def test_a_programme_on_pause_brings_nobody_near(join, counter, card):
    stamp(join(), 8, counter=counter)
    card.paused_since = NOON
    card.save()

    assert group("nearly_there") == []


# --- Together -----------------------------------------------------------------------------


def test_one_can_be_in_several(join, come, counter):
    maja = come(join(days=25), 20, 12, 7)
    stamp(maja, 5, counter=counter)

    assert all(group(key) == [maja] for key in ("new", "regulars", "nearly_there"))


@pytest.mark.parametrize(
    ("key", "most"), [("new", 1), ("regulars", 1), ("gone_quiet", 1), ("nearly_there", 3)]
)
def test_many_cards_cost_no_more_queries_than_one(
    join, come, key, most, django_assert_max_num_queries
):
    maja, ola = come(join(days=29), 20, 12, 7, 1), join()
    for cards in (Membership.objects.filter(pk=maja.pk), Membership.objects.all()):
        with django_assert_max_num_queries(most):
            assert ola not in within(key, cards, NOON)


def test_only_of_the_cards_that_were_asked_for(join, come):
    maja, ola = come(join(), 20, 12, 7, 1), come(join(), 20, 12, 7, 1)

    assert group("regulars") == [maja, ola]
    assert list(within("regulars", Membership.objects.filter(pk=ola.pk), NOON)) == [ola]
