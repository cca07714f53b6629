"""What the card, the settings and the counter say of a birthday, and what they do not."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from loyalty import clock, keys
from loyalty.actors import Actor
from members import rooms
from rewards.birthday.models import BirthdayTreat
from rewards.birthday.operations import next_treat
from rewards.birthday.owning import keep_treat, switch_off
from rewards.models import Claim
from rewards.operations import hand_over
from tests.factories import MembershipFactory, as_owner, stamp
from tests.rewards.birthday.conftest import move_birthday, tick
from tests.support.pages import plain_html

pytestmark = pytest.mark.django_db


@pytest.fixture
def card_page(visitor):
    def read(member):
        return plain_html(visitor.get(reverse("card:card", args=[member.private])))

    return read


@pytest.fixture
def sheet(till):
    def read(member):
        return plain_html(till.get(reverse("counter:card", args=[member.counter_code])))

    return read


def on(month, day, year=2026):
    return clock.at(datetime(year, month, day, 11, tzinfo=UTC))


def test_it_works(maja, card_page, sheet):
    """All year a line; round the day the treat itself, and a word at the counter."""
    with on(5, 4):
        assert "Birthday treat: A bun, 12 May" in card_page(maja)
        assert "Birthday" not in sheet(maja)
    tick(2026, 5, 5)
    with on(5, 5):
        page = card_page(maja)
        assert "Your treat is ready this week." in page
        assert "Birthday treat: A bun</p>" in page
        assert "Valid to 19 May." in page
        assert "Card full" not in page
        assert '<span class="tag">Birthday</span>' in sheet(maja)
        assert "Hand out: A bun" in sheet(maja)


def test_the_reward_itself_says_what_it_is_and_its_terms(maja, visitor, in_shop):
    keep_treat(
        BirthdayTreat(shop=in_shop, title="A bun", terms="With any coffee"), actor=as_owner(in_shop)
    )
    tick(2026, 5, 5)
    with on(5, 5):
        address = reverse("reward:show", args=[maja.private, Claim.objects.get().pk])
        page = plain_html(visitor.get(address))

    assert "<h1>Birthday treat: A bun</h1>" in page
    assert "With any coffee" in page
    assert "You have earned" not in page


# --- Good to know ---


def next_day(member, today):
    coming = next_treat(member, today)
    return coming and coming[1]


def test_once_it_was_given_the_line_waits_until_the_days_are_over(maja):
    tick(2026, 5, 5)

    assert next_day(maja, date(2026, 5, 5)) is None
    assert next_day(maja, date(2026, 5, 19)) is None
    assert next_day(maja, date(2026, 5, 20)) == date(2027, 5, 12)


def test_next_year_is_said_with_its_year(maja, card_page):
    with on(5, 20):
        assert "Birthday treat: A bun, 12 May 2027" in card_page(maja)


def test_a_date_that_brings_nothing_is_not_promised(maja):
    tick(2026, 5, 5)
    move_birthday(maja, 20, 12)
    assert next_day(maja, date(2026, 6, 1)) == date(2027, 12, 20)
    move_birthday(maja, 2, 1)

    assert next_day(maja, date(2026, 6, 1)) == date(2027, 1, 2)


def test_nor_one_too_near_to_the_last(born, treat):
    sly = born(28, 12)
    tick(2026, 12, 21)
    move_birthday(sly, 20, 1)

    assert next_day(sly, date(2027, 1, 8)) == date(2028, 1, 20)


def test_who_told_no_birthday_reads_nothing(in_shop, card, treat, card_page):
    assert "irthday" not in card_page(MembershipFactory(shop=in_shop))


@pytest.mark.usefixtures("treat")
def test_nor_who_is_in_a_shop_that_switched_it_off(maja, in_shop, card_page, sheet, owner):
    switch_off(owner)
    with on(5, 12):
        assert "irthday" not in card_page(maja)
        assert "Birthday" not in sheet(maja)


def test_next_door_nothing_is_said(maja, next_door_member, card_page):
    move_birthday(next_door_member, 12, 5)
    with on(5, 12):
        assert "irthday" not in card_page(next_door_member)


# --- Settings ---


def test_the_shop_asks_while_it_gives_something(maja, in_shop, visitor, owner):
    page = reverse("card:settings", args=[maja.private])
    assert "Day and month only. For your treat." in visitor.get(page).content.decode()
    switch_off(owner)

    assert "Day and month only" not in visitor.get(page).content.decode()


# --- At the counter ---


def tags(member, today):
    return [word for answer in rooms.answering("tags") for word in answer(member, today)]


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (date(2026, 5, 4), False),
        (date(2026, 5, 5), True),
        (date(2026, 5, 19), True),
        (date(2026, 5, 20), False),
    ],
)
def test_staff_see_it_in_those_days(maja, today, told):
    assert ("Birthday" in tags(maja, today)) == told


def test_also_after_it_was_handed_out(maja, counter, sheet):
    tick(2026, 5, 5)
    with on(5, 6):
        hand_over(
            membership=maja,
            claim=Claim.objects.get(),
            key=keys.new(),
            actor=Actor.of_counter(counter),
        )
        assert '<span class="tag">Birthday</span>' in sheet(maja)


def test_a_treat_that_runs_out_in_a_week_is_said_second(maja, sheet, counter):
    stamp(maja, counter=counter)
    tick(2026, 5, 5)
    with on(5, 11):
        assert "Expires soon" not in sheet(maja)
    with on(5, 12):
        page = sheet(maja)

    assert tags(maja, date(2026, 5, 12)) == ["Birthday", "Expires soon"]
    assert page.index(">Birthday<") < page.index(">Expires soon<")


def test_two_tags_at_most_and_the_first_visit_is_one(maja, sheet):
    tick(2026, 5, 5)
    with on(5, 12):
        head = sheet(maja).partition('class="sheet-head"')[2].partition("</div>")[0]

    assert head.count('class="tag') == 2
    assert head.index(">New member<") < head.index(">Birthday<")
