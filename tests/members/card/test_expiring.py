"""What runs out when: the next dates on the card page, all of them on a page of their own."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loyalty import clock
from members.card.expiring import next_to_expire
from members.card.pages import accounts_of
from tests.factories import MembershipFactory, ProgrammeFactory
from tests.members.ledger.purse import Purse
from tests.people import browser_of
from tests.support.pages import text

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 11, 1, 12, tzinfo=UTC)
DATES = [date(2027, 11, 30), date(2027, 12, 14), date(2028, 1, 2), date(2028, 2, 29)]


@pytest.fixture(autouse=True)
def november():
    with clock.at(NOON):
        yield


@pytest.fixture
def programme(shop):
    return ProgrammeFactory(shop=shop, rules__welcome=0)


@pytest.fixture
def maja(in_shop, programme):
    return MembershipFactory(shop=in_shop, name="Maja")


@pytest.fixture
def purse(maja, programme):
    return Purse(maja, programme)


def told(card):
    return list(next_to_expire(accounts_of(card), NOON.date()))


def words(client, name, card):
    return text(client.get(reverse(f"card:{name}", args=[card.private])))


def test_it_works(visitor, purse, maja):
    purse.earn(2, until=DATES[0])

    assert "Next to expire: 2 stamps on 30 Nov<" in words(visitor, "card", maja)


def test_nothing_is_said_where_nothing_runs_out(visitor, purse, maja):
    purse.earn(2)

    assert "to expire" not in words(visitor, "card", maja)


@pytest.mark.parametrize(
    ("dates", "then", "more"),
    [
        (1, "", False),
        (2, "Then 2 stamps on 14 Dec.", False),
        (3, "Then 2 stamps on 14 Dec and 3 stamps on 2 Jan 2028.", False),
        (4, "Then 2 stamps on 14 Dec and 3 stamps on 2 Jan 2028.", True),
    ],
)
def test_the_next_three_dates_are_said(purse, maja, dates, then, more):
    for n, day in enumerate(DATES[:dates], start=1):
        purse.earn(n, until=day)

    [line] = told(maja)
    assert line.first == "Next to expire: 1 stamp on 30 Nov"
    assert (line.then, line.more) == (then, more)


def test_stamps_of_one_day_are_counted_together(purse, maja):
    purse.earn(2, until=DATES[0])
    purse.earn(3, until=DATES[0])

    assert told(maja)[0].first == "Next to expire: 5 stamps on 30 Nov"


def test_what_was_used_is_not_counted(purse, maja):
    purse.earn(3, until=DATES[0])
    purse.earn(2, until=DATES[1])
    purse.spend(4)

    assert told(maja)[0].first == "Next to expire: 1 stamp on 14 Dec"


@pytest.mark.parametrize(("day", "said"), [(NOON.date(), True), (date(2027, 10, 31), False)])
def test_the_last_good_day_counts_and_the_day_after_does_not(purse, maja, day, said):
    with clock.at(NOON - timedelta(days=9)):
        purse.earn(1, until=day)

    assert bool(told(maja)) == said


def test_several_programmes_are_told_apart(visitor, in_shop, purse, maja):
    lunch = ProgrammeFactory(shop=in_shop, name="Lunch card", rules__welcome=0)
    purse.earn(2, until=DATES[1])
    Purse(maja, lunch).earn(1, until=DATES[0])

    html = words(visitor, "card", maja)
    assert "Coffee card, next to expire: 2 stamps on 14 Dec" in html
    assert "Lunch card, next to expire: 1 stamp on 30 Nov" in html


def test_every_date_stands_on_a_page_of_its_own(visitor, purse, maja):
    for n, day in enumerate(DATES, start=1):
        purse.earn(n, until=day)
    where = reverse("card:expiring", args=[maja.private])

    assert f'<a href="{where}">And more later</a>' in words(visitor, "card", maja)
    html = words(visitor, "expiring", maja)
    sentences = [
        "1 stamp on Coffee card runs out on 30 November.",
        "2 stamps on Coffee card run out on 14 December.",
        "3 stamps on Coffee card run out on 2 Jan 2028.",
        "4 stamps on Coffee card run out on 29 Feb 2028.",
    ]
    places = [html.index(sentence) for sentence in sentences]
    assert places == sorted(places)


def test_so_do_rewards(visitor, in_shop, programme, counter):
    card = MembershipFactory(shop=in_shop, stamps=9, stamps__counter=counter)

    html = words(visitor, "expiring", card)
    assert "Your reward runs out on 1 Feb 2028: Any hot drink." in html


def test_a_card_where_nothing_runs_out_says_so(visitor, purse, maja):
    assert "Nothing runs out" in words(visitor, "expiring", maja)


def test_nobody_reads_it_without_the_link(visitor, maja, stranger):
    for client in (visitor, stranger):
        for link in ("x" * 32, maja.counter_code, maja.short_code):
            assert client.get(reverse("card:expiring", args=[link])).status_code == 404


def test_more_dates_cost_no_more(purse, maja):
    purse.earn(1, until=DATES[0])
    few = cost(maja)
    for n, day in enumerate(DATES, start=1):
        purse.earn(n, until=day)

    assert cost(maja) == few


def cost(card):
    with CaptureQueriesContext(connection) as queries:
        words(browser_of(), "card", card)
    return len(queries)
