"""A card, people who come, and the page as its reader sees it."""

import csv
import re
from datetime import datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from loyalty import clock
from members.visits import Purchase
from rewards.figures.rollup import bring_up_to_date
from tests.factories import MembershipFactory, ProgrammeFactory, stamp

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 11, 21, 12, tzinfo=OSLO)


def words_of(answer):
    text = re.sub(r"<[^>]*>", " ", answer.content.decode())
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def file_of(answer):
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"), newline="")))


@pytest.fixture
def card(shop):
    with clock.at(datetime(2025, 5, 1, tzinfo=OSLO)):
        return ProgrammeFactory(shop=shop, rules__need=3, rules__expires_months=None)


@pytest.fixture
def join(shop, card):
    """So many people join on a day."""

    def join(n, month=5, year=2026, **more):
        with clock.at(datetime(year, month, 2, 9, tzinfo=OSLO)):
            return [MembershipFactory(shop=shop, **more) for _each in range(n)]

    return join


@pytest.fixture
def come(counter):
    """Each of them is stamped in these months, for so much."""

    def come(members, *months, amount_minor=None, at=counter, year=2026):
        for month in months:
            for member in members:
                with clock.at(datetime(year, month, 10, 12, tzinfo=OSLO)):
                    stamp(
                        member, counter=at, purchase=Purchase(amount_minor=amount_minor), sure=True
                    )

    return come


@pytest.fixture
def read(ingrid, shop):
    """The page as an owner reads it, after last night's counting."""

    def read(reader=ingrid, name="insights", **asked):
        bring_up_to_date(shop, NOW)
        with clock.at(NOW):
            answer = reader.get(reverse(f"owner:{name}", args=[shop.slug]), asked)
        assert answer.status_code == 200
        return answer

    return read


@pytest.fixture
def lived(join, come):
    """Ten buy for 100 kr a month; one of July's, two of August's, one of September's are lost."""
    members = join(13)
    for month, bought in ((7, members[:10]), (8, members[1:11]), (9, members[3:12])):
        come(bought, month, amount_minor=10_000)
    come(members[4:13], 10, amount_minor=10_000)


@pytest.fixture
def two_years(join, come):
    """Four bought in October 2025, three of them in the twelve months that end with October."""
    members = join(4, year=2025)
    come(members, 10, year=2025, amount_minor=50_000)
    come(members[:3], 10, amount_minor=70_000)
    come(members[:3], 9, amount_minor=30_000)
