"""The year that is made up: believable, the same every time, and never in the future."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from loyalty.management.demo import year
from loyalty.management.demo.shops import CAFE, SALON, SHOPS

pytestmark = pytest.mark.once

NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
ZONES = {"NO": "Europe/Oslo", "DK": "Europe/Copenhagen", "GB": "Europe/London"}


def a_year(shop, *, now=NOW, seed=1, need=9):
    zone = ZoneInfo(ZONES[shop.country])
    return year.customers(shop, zone=zone, now=now, need=need, random=Random(seed), count=40)


def visits(customers):
    return [visit for customer in customers for visit in customer.visits]


@pytest.mark.parametrize("shop", SHOPS, ids=lambda shop: shop.slug)
def test_it_works(shop):
    customers = a_year(shop)

    assert len(customers) == 40
    assert 150 < len(visits(customers)) < 900


@pytest.mark.parametrize("shop", SHOPS, ids=lambda shop: shop.slug)
def test_everybody_has_come_whatever_the_hour(shop):
    """At one on a Monday night three newcomers were still to come, and a shop had 37 members."""
    for hours in range(0, 14 * 24, 5):
        now = NOW + timedelta(hours=hours)
        customers = a_year(shop, now=now, seed=hours)

        assert len(customers) == 40
        assert all(customer.visits for customer in customers)
        assert max(visits(customers)) < now


def test_the_same_seed_makes_the_same_year():
    assert a_year(CAFE) == a_year(CAFE)
    assert a_year(CAFE) != a_year(CAFE, seed=2)


@pytest.mark.parametrize("shop", SHOPS, ids=lambda shop: shop.slug)
def test_nobody_comes_while_the_shop_is_closed(shop):
    for visit in visits(a_year(shop)):
        opens, _busiest, closes = shop.week[visit.weekday()]
        assert opens <= visit.time() <= closes


@pytest.mark.parametrize("shop", SHOPS, ids=lambda shop: shop.slug)
def test_nobody_comes_tomorrow_or_before_the_shop_opened(shop):
    found = visits(a_year(shop))

    assert max(found) < NOW
    assert min(found) > NOW - timedelta(days=year.YEAR + 2)


def test_full_days_draw_more_people():
    days = Counter(visit.weekday() for visit in visits(a_year(SALON)))

    assert days[4] > days[1]
    assert days[0] == days[6] == 0


def test_nobody_comes_twice_within_a_day():
    for customer in a_year(CAFE):
        pairs = zip(customer.visits, customer.visits[1:], strict=False)
        assert all(later - earlier > timedelta(hours=20) for earlier, later in pairs)


def test_some_are_regulars_and_some_came_once():
    often = sorted(len(customer.visits) for customer in a_year(CAFE))

    assert often[0] == 1
    assert often[-1] > 20


@pytest.mark.parametrize("today", range(7))
@pytest.mark.parametrize("shop", SHOPS, ids=lambda shop: shop.slug)
def test_the_card_that_is_shown_has_the_visits_it_needs_whatever_the_day(shop, today):
    shown = a_year(shop, now=NOW + timedelta(days=today), need=9)[0]

    assert shown.name == shop.names[0]
    assert 1 + len(shown.visits) + shop.friends == 2 * 9 + shop.shown
    assert len({visit.date() for visit in shown.visits}) == len(shown.visits)


def test_a_closed_day_has_no_moments():
    monday = datetime(2026, 11, 16, tzinfo=UTC).date()

    with pytest.raises(ValueError, match="closed on Monday"):
        year.moment_on(SALON, monday, ZoneInfo("UTC"), Random(1))
