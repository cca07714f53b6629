"""The club rules in plain words, made from the live settings."""

from dataclasses import replace

import pytest

from loyalty.models import Shop, Trade
from stampcards.rules import Counts, StampRules
from stampcards.rules_text import lines
from tests.factories import ShopFactory

CAFE = StampRules(
    need=9,
    reward="Any hot drink",
    reward_value_minor=40_00,
    average_purchase_minor=50_00,
    minimum_minor=25_00,
    extra_for="Own cup",
)


@pytest.fixture
def cafe():
    return ShopFactory.build(contact_email="hei@example.no")


def said(shop, **changes):
    return "\n".join(lines(shop, replace(CAFE, **changes)))


def test_it_works(cafe):
    assert lines(cafe, CAFE) == [
        "You get 1 stamp for each purchase of 25\N{NO-BREAK SPACE}kr or more. "
        "At most once an hour.",
        "1 extra stamp for: Own cup.",
        "You need 9 stamps. Then you get: Any hot drink. The first stamp is from us.",
        "Stamps last 12 months from the day you get them.",
        "A reward is for you, has no cash value, and lasts 3 months.",
        "We may change these rules for new cards; cards in progress keep their promise.",
    ]


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        (Counts.PURCHASE, "You get 1 stamp for each purchase."),
        (Counts.VISIT, "You get 1 stamp for each visit."),
        (Counts.WASH, "You get 1 stamp for each wash."),
        (Counts.MAIN_COURSE, "You get 1 stamp for each main course."),
        (Counts.CHECK_IN, "You get 1 stamp each time you check in. No purchase needed."),
    ],
)
def test_what_gives_a_stamp(cafe, counts, sentence):
    assert sentence in said(cafe, counts=counts, minimum_minor=0)


@pytest.mark.parametrize(
    ("minutes", "sentence"),
    [
        (1, "At most once a minute."),
        (45, "At most once every 45 minutes."),
        (60, "At most once an hour."),
        (90, "At most once every 90 minutes."),
        (4 * 60, "At most once every 4 hours."),
        (24 * 60, "At most once a day."),
        (48 * 60, "At most once every 2 days."),
    ],
)
def test_how_often(cafe, minutes, sentence):
    assert sentence in said(cafe, wait_minutes=minutes)


def test_no_wait_no_sentence(cafe):
    assert "At most once" not in said(cafe, wait_minutes=0)


def test_no_extra_no_line(cafe):
    assert len(lines(cafe, replace(CAFE, extra_for=""))) == 5


@pytest.mark.parametrize(
    ("welcome", "sentence"),
    [(1, "The first stamp is from us."), (2, "The first 2 stamps are from us.")],
)
def test_the_welcome(cafe, welcome, sentence):
    assert sentence in said(cafe, welcome=welcome)


def test_no_welcome_no_sentence(cafe):
    assert "from us" not in said(cafe, welcome=0)


def test_what_never_runs_out_says_so(cafe):
    assert "Stamps do not run out." in said(cafe, expires_months=None)
    assert "and does not run out." in said(cafe, reward_months=None)


def test_one_month_is_one_month(cafe):
    assert "Stamps last 1 month from" in said(cafe, expires_months=1)
    assert "lasts 1 month." in said(cafe, reward_months=1)


@pytest.mark.parametrize(
    ("country", "trade", "said_so"),
    [
        (Shop.Country.NORWAY, Trade.RESTAURANT, True),
        (Shop.Country.NORWAY, Trade.CAFE, False),
        (Shop.Country.DENMARK, Trade.RESTAURANT, False),
    ],
)
def test_norwegian_restaurants_leave_out_alcohol(cafe, country, trade, said_so):
    cafe.country, cafe.trade = country, trade

    assert ("Does not apply to alcohol." in said(cafe)) is said_so


def test_what_a_shop_typed_stays_text(cafe):
    assert "<b>Bun</b> 🥐" in said(cafe, reward="<b>Bun</b> 🥐")
    assert "100 % off" in said(cafe, reward="100 % off")
    assert "%(n)s" in said(cafe, reward="%(n)s")
