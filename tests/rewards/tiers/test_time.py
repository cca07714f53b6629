"""How long a level lasts, in shop time, and what a job that comes late finds."""

from datetime import UTC, date, datetime

import pytest

from members.messages.models import Message
from members.messages.reading import sentence
from rewards.tiers import ahead, measure, periods
from rewards.tiers.ahead import at_risk
from rewards.tiers.measure import Yardstick
from rewards.tiers.models import Ladder, Standing, Tier, TierMove
from rewards.tiers.owning import Level, save_ladder, switch_off, switch_on
from tests.factories import MembershipFactory
from tests.ladder_factories import LadderFactory
from tests.rewards.tiers.conftest import MAY, at, moves, name_of, night, take_back, where

pytestmark = pytest.mark.django_db

Window = Ladder.Window
YEAR, ROLLING, LIFETIME = Window.YEAR, Window.ROLLING, Window.LIFETIME


@pytest.mark.parametrize(
    ("window", "day", "days"),
    [
        (ROLLING, date(2027, 5, 12), (date(2026, 5, 13), date(2027, 5, 12))),
        (ROLLING, date(2027, 1, 1), (date(2026, 1, 2), date(2027, 1, 1))),
        (ROLLING, date(2028, 2, 29), (date(2027, 3, 1), date(2028, 2, 29))),
        (ROLLING, date(2028, 3, 1), (date(2027, 3, 2), date(2028, 3, 1))),
        (ROLLING, date(2029, 2, 28), (date(2028, 2, 29), date(2029, 2, 28))),
        (YEAR, date(2027, 12, 31), (date(2027, 1, 1), date(2027, 12, 31))),
        (YEAR, date(2028, 1, 1), (date(2028, 1, 1), date(2028, 1, 1))),
        (LIFETIME, date(2027, 5, 12), (None, date(2027, 5, 12))),
    ],
)
def test_which_days_count(window, day, days):
    assert periods.days_measured(window, day) == days


@pytest.mark.parametrize(
    ("window", "day", "until"),
    [
        (ROLLING, date(2027, 5, 12), date(2028, 5, 12)),
        (ROLLING, date(2028, 2, 29), date(2029, 2, 28)),
        (YEAR, date(2027, 1, 1), date(2028, 12, 31)),
        (YEAR, date(2027, 12, 31), date(2028, 12, 31)),
        (LIFETIME, date(2027, 5, 12), None),
    ],
)
def test_until_when_it_is_held(window, day, until):
    assert periods.held_until(window, day) == until


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ((2027, 3, 27, 22, 59), (2027, 3, 27, 23, 0)),  # Oslo, the night the clocks go forward
        ((2027, 10, 30, 21, 59), (2027, 10, 30, 22, 0)),  # the night they go back
        ((2027, 12, 31, 22, 59), (2027, 12, 31, 23, 0)),
    ],
)
def test_a_day_ends_at_midnight_in_the_shop(in_shop, card, visit, first, last):
    LadderFactory(shop=in_shop, takes={"Bronze": 0, "Silver": 99})
    member = MembershipFactory(shop=in_shop)
    for when in (first, last):
        with at(*when):
            visit(member)
    yardstick = Yardstick(in_shop, Ladder.Measure.VISITS, Window.LIFETIME)

    days = [measure.of_card(yardstick, [member.pk], utc(*when)) for when in (first, last)]

    assert days == [1, 2]


def utc(*when):
    return datetime(*when, tzinfo=UTC)


# --- Twelve months from the day it was reached --------------------------------------------------


@pytest.fixture
def gold(maja, visit):
    """Maja, at Gold since 12 May 2027 and until 12 May 2028."""
    visit(maja, 5)
    return maja


def test_it_works(gold):
    assert night(2028, 5, 12, 21, 59) == 0  # a minute to midnight in Oslo
    assert name_of(gold) == "Gold"

    assert night(2028, 5, 12, 22, 0) == 1

    assert name_of(gold) == "Bronze"
    assert moves(gold)[-1] == ("Bronze", "period_over")
    assert where(gold)["held_until"] is None


def test_twice_changes_nothing(gold):
    night(2028, 5, 13, 10)

    assert night(2028, 5, 13, 10) == 0
    assert TierMove.objects.filter(why="period_over").count() == 1


def test_enough_keeps_it_for_another_twelve_months(gold, visit):
    with at(2028, 5, 12, 21):
        visit(gold, 5)
    night(2028, 5, 13, 10)

    assert where(gold)["held_until"] == date(2029, 5, 12)
    assert where(gold)["since"] == MAY
    assert moves(gold)[-1] == ("Gold", "kept")


def test_a_little_less_is_the_level_below(gold, visit):
    with at(2028, 5, 12, 21):
        visit(gold, 4)
    night(2028, 5, 13, 10)

    assert name_of(gold) == "Silver"
    assert where(gold)["held_until"] == date(2029, 5, 12)


def test_what_comes_after_the_last_day_does_not_keep_it(gold, visit):
    with at(2028, 5, 12, 22, 1):
        visit(gold, 5)
    night(2028, 5, 13, 10)

    assert moves(gold)[-2:] == [("Bronze", "period_over"), ("Gold", "reached")]
    assert where(gold)["held_until"] == date(2029, 5, 13)


def test_a_job_that_is_months_late_finds_the_same(gold, visit):
    with at(2028, 5, 1, 10):
        visit(gold, 5)
    night(2029, 9, 1, 10)

    assert moves(gold)[-2:] == [("Gold", "kept"), ("Bronze", "period_over")]


def test_reaching_a_higher_level_begins_anew(maja, visit):
    visit(maja, 3)
    with at(2027, 8, 1, 10):
        visit(maja, 2)

    assert where(maja)["held_until"] == date(2028, 8, 1)


# --- The calendar year --------------------------------------------------------------------------


@pytest.fixture
def of_the_year(in_shop, card, visit):
    LadderFactory(shop=in_shop, window=YEAR)
    member = MembershipFactory(shop=in_shop)
    visit(member, 5)
    return member


def test_a_year_is_held_through_the_next(of_the_year, visit):
    with at(2028, 6, 1, 10):
        visit(of_the_year, 3)
    assert night(2028, 12, 31, 22, 59) == 0

    assert night(2028, 12, 31, 23) == 1

    assert name_of(of_the_year) == "Silver"
    assert where(of_the_year)["held_until"] == date(2029, 12, 31)


def test_a_year_as_good_keeps_it(of_the_year, visit):
    with at(2028, 12, 31, 22, 59):
        visit(of_the_year, 5)
    night(2028, 12, 31, 23)

    assert moves(of_the_year)[-1] == ("Gold", "kept")
    assert where(of_the_year)["held_until"] == date(2029, 12, 31)


def test_for_good_is_for_good(in_shop, card, visit):
    LadderFactory(shop=in_shop, window=LIFETIME)
    member = MembershipFactory(shop=in_shop)
    visit(member, 5)

    assert night(2057, 1, 1, 10) == 0
    assert name_of(member) == "Gold"


# --- Nobody moves ------------------------------------------------------------------------------


def test_while_levels_are_off_no_period_ends(gold, owner):
    switch_off(actor=owner)
    assert night(2028, 5, 13, 10) == 0
    assert Standing.objects.get().tier.name == "Gold"

    with at(2028, 5, 14, 10):
        switch_on(actor=owner)
    night(2028, 5, 14, 10)

    assert name_of(gold) == "Bronze"


def test_nor_while_the_shop_is_on_pause(gold, in_shop):
    in_shop.paused_since = in_shop.live_since
    in_shop.save()

    assert night(2028, 5, 13, 10) == 0
    assert name_of(gold) == "Gold"


# --- A month before ------------------------------------------------------------------------------


def told(*when):
    with at(*when):
        return ahead.tell_ahead(utc(*when))


def test_a_month_before_its_member_is_told_once(gold, visit):
    with at(2028, 4, 1, 10):
        visit(gold, 2)
    assert told(2028, 4, 11, 10) == 0

    assert told(2028, 4, 12, 10) == 1
    assert told(2028, 4, 13, 10) == 0
    message = Message.objects.get(template="rewards/tiers/mail/ahead")
    with at(2028, 4, 12, 10):
        words = sentence(message, "card", "Kaffe")
    assert words == "3 visits by 12 May and you keep Gold."


def test_who_has_enough_is_told_nothing(gold, visit):
    with at(2028, 4, 1, 10):
        visit(gold, 5)

    assert told(2028, 4, 12, 10) == 0


def on_the_card(*when):
    """What is told and stands there, newest first."""
    with at(*when):
        told = Message.objects.on_card(utc(*when))
        return [sentence(message, "card", "Kaffe") for message in told]


def test_once_less_is_missing_the_card_does_not_say_it_any_more(gold, visit):
    """What is missing now stands with the level itself."""
    told(2028, 4, 12, 10)
    with at(2028, 4, 14, 10):
        visit(gold)

    assert on_the_card(2028, 4, 14, 11) == ["You have reached Gold.", "You have reached Silver."]
    assert told(2028, 4, 14, 12) == 0


def test_nor_once_new_rules_lift_them(maja, visit, owner):
    visit(maja, 3)
    with at(2028, 4, 12, 10):
        ahead.tell_ahead(utc(2028, 4, 12, 10))
        save_ladder(levels=takes(Gold=3, Silver=2), **rules(owner))

    assert on_the_card(2028, 4, 12, 11) == ["You have reached Gold.", "You have reached Silver."]


def takes(**of):
    return [
        Level(tier.name, of.get(tier.name, tier.threshold), tier=tier.pk)
        for tier in Tier.objects.standing()
    ]


def rules(owner):
    return {"measure": Ladder.Measure.VISITS, "window": ROLLING, "actor": owner}


def test_who_had_enough_is_told_when_the_rules_ask_for_more(maja, visit, owner):
    with at(2027, 8, 1, 10):
        save_ladder(levels=takes(Gold=99), **rules(owner))
        visit(maja, 3)
    with at(2028, 7, 1, 10):
        visit(maja, 3)
    assert told(2028, 7, 2, 10) == 0

    with at(2028, 7, 3, 10):
        save_ladder(levels=takes(Silver=4), **rules(owner))

    assert told(2028, 7, 3, 10) == 1
    assert told(2028, 7, 4, 10) == 0
    assert on_the_card(2028, 7, 4, 11)[0] == "1 visit by 1 August and you keep Silver."


def test_who_was_told_is_told_what_is_missing_after_a_refund(gold, visit, owner):
    with at(2028, 4, 11, 10):
        visit(gold, 2)
    told(2028, 4, 12, 10)
    with at(2028, 4, 13, 10):
        take_back(gold, owner)

    assert told(2028, 4, 13, 11) == 1
    assert told(2028, 4, 13, 12) == 0
    assert on_the_card(2028, 4, 13, 12)[0] == "4 visits by 12 May and you keep Gold."
    assert len(on_the_card(2028, 4, 13, 12)) == 3


def test_who_comes_while_the_worker_tells_others_is_not_told(gold, visit, monkeypatch):
    look = ahead._look

    def too_late(*seen):
        visit(gold, 5)
        return look(*seen)

    monkeypatch.setattr(ahead, "_look", too_late)

    assert told(2028, 4, 12, 10) == 0


def test_a_level_that_was_lost_is_not_told_as_news(gold):
    night(2028, 5, 13, 10)

    assert on_the_card(2028, 5, 13, 10) == []


@pytest.mark.parametrize(("visits", "missing"), [(0, 5), (4, 1), (5, None)])
def test_what_is_missing(gold, visit, visits, missing):
    with at(2028, 4, 20, 10):
        visit(gold, visits)
        standing = Standing.objects.select_related("tier__ladder__shop", "membership").get()
        risk = at_risk(standing, utc(2028, 4, 20, 11))

    assert (risk and risk.missing) == missing
