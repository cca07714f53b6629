import csv
from datetime import datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from loyalty import clock
from loyalty.dashboard.money import statement
from members.ledger.statements import statements_of
from rewards.models import Claim
from rewards.operations import issue_claim
from rewards.worth import Waiting, waiting_rewards
from tests.factories import MembershipFactory, ProgrammeFactory, stamp
from tests.members.ledger.purse import Purse
from tests.support.pages import words_of

pytestmark = pytest.mark.django_db

OSLO = ZoneInfo("Europe/Oslo")
JUNE = datetime(2026, 6, 16, 12, tzinfo=OSLO)


@pytest.fixture
def card(shop):
    """Nine stamps, one from us, for a coffee that costs 45 kr."""
    with clock.at(JUNE - timedelta(days=900)):
        return ProgrammeFactory(shop=shop, rules__need=9, rules__reward_value_minor=4500)


@pytest.fixture
def come(shop, card, counter):
    """Somebody joins and is stamped, all at one moment."""

    def come(moment, stamps):
        with clock.at(moment):
            return MembershipFactory(shop=shop, stamps=stamps, stamps__counter=counter)

    return come


@pytest.fixture
def read(ingrid, shop):
    """What an owner reads, as one line of words."""

    def read(now=JUNE, name="statement"):
        with clock.at(now):
            answer = ingrid.get(reverse(f"owner:{name}", args=[shop.slug]))
        assert answer.status_code == 200
        return answer

    return read


def file_of(answer):
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_it_works(read, come):
    come(JUNE - timedelta(days=31), 4)
    come(JUNE, 9)

    page = words_of(read())

    assert "what members earned and used each month" in page
    assert "May 2026 – 4 – – – – 4" in page
    assert "June 2026 so far 4 9 – 9 – – 4" in page


def test_what_is_outstanding_shows_its_working(read, come):
    come(JUNE, 4)
    come(JUNE, 5)
    come(JUNE, 9)

    page = words_of(read())

    assert "Outstanding today 90 kr" in page
    assert "9 stamps on 2 cards, worth 45 kr 1 reward ready, worth 45 kr" in page


def test_two_programmes_stand_one_below_the_other(read, come, shop, counter):
    member = come(JUNE, 4)
    with clock.at(JUNE):
        lunch = ProgrammeFactory(
            shop=shop, name="Lunch card", rules__need=5, rules__reward_value_minor=10000
        )
        stamp(member, 2, counter=counter, programme=lunch)

    page = words_of(read())

    assert "Outstanding today 60 kr" in page
    assert "4 stamps on 1 card, worth 20 kr 20 kr" in page
    assert "Lunch card 2 stamps on 1 card, worth 40 kr 40 kr" in page
    assert "Lunch card Month Opening" in page


def test_before_anything_was_booked_it_says_so(read, card):
    page = words_of(read())

    assert "Nothing booked yet" in page
    assert "Download" not in page


def test_everything_used_is_nothing_outstanding(in_shop, card):
    assert statement.outstanding(in_shop, JUNE) == []


def test_a_reward_that_has_run_out_is_not_outstanding(in_shop, come, card):
    come(JUNE, 9)

    assert waiting_rewards(JUNE.date()) == {card.pk: Waiting(1, 4500)}
    assert waiting_rewards(JUNE.date() + timedelta(days=366)) == {}


def test_a_gift_belongs_to_no_programme(in_shop, read, come, card):
    purse = Purse(come(JUNE, 4), card)
    gift = {"source": Claim.Source.BIRTHDAY, "title": "Cake", "value_minor": 3000}
    purse.do(
        lambda op, account: issue_claim(op, membership=account.membership, **gift, expires_on=None)
    )

    page = words_of(read())

    assert "Outstanding today 50 kr" in page
    assert "Other rewards 1 reward ready, worth 30 kr 30 kr" in page


def test_months_of_other_years_are_behind_a_fold(read, come):
    come(JUNE - timedelta(days=420), 2)
    come(JUNE, 2)

    now, earlier = words_of(read()).split("Earlier months")

    assert "July 2025" in now
    assert "June 2025" in earlier
    assert "so far" not in earlier


def test_thousands_are_written_as_the_reader_does(read, shop, counter):
    with clock.at(JUNE):
        ProgrammeFactory(shop=shop, rules__need=30, rules__welcome=29)
        for _card in range(40):
            MembershipFactory(shop=shop)

    assert "– 1,160 – – – – 1,160" in words_of(read())


def test_the_way_there_is_on_the_first_page(read, come, shop, staff_client):
    come(JUNE, 3)
    way = reverse("owner:statement", args=[shop.slug])

    assert way in read(name="week").content.decode()
    assert way not in staff_client.get(reverse("owner:week", args=[shop.slug])).content.decode()


def test_the_file_has_the_same_numbers_as_the_page(read, come):
    come(JUNE - timedelta(days=31), 4)
    come(JUNE, 9)

    answer = read(name="statement_csv")

    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="kaffe-kardemomme-statement-2026-06-16.csv"'
    )
    head, *lines = file_of(answer)
    assert head[:3] == ["Programme", "Month", "Opening"]
    assert [line[1:] for line in lines] == [
        ["2026-06-01", "4", "9", "0", "9", "0", "0", "4"],
        ["2026-05-01", "0", "4", "0", "0", "0", "0", "4"],
    ]


def test_no_name_becomes_a_formula(read, come, shop, card):
    come(JUNE, 4)
    with scope(shop=shop):
        card.name = "=1+1"
        card.save(update_fields=["name"])

    [_head, line] = file_of(read(name="statement_csv"))

    assert line[0] == "'=1+1"


def test_next_door_reads_nothing_of_it(come, stranger, next_door, next_door_card):
    come(JUNE, 4)

    for name in ("statement", "statement_csv"):
        answer = stranger.get(reverse(f"owner:{name}", args=[next_door.slug]))
        assert "2026" not in words_of(answer)


@pytest.mark.parametrize("name", ["statement", "statement_csv"])
def test_a_long_history_costs_no_more(read, come, name):
    come(JUNE, 4)
    read(name=name)
    with CaptureQueriesContext(connection) as short:
        read(name=name)
    for months in range(1, 16):
        come(JUNE - timedelta(days=31 * months), 3)
    with CaptureQueriesContext(connection) as long:
        read(name=name)

    assert len(long) == len(short) <= 12


def test_it_ties_with_what_is_outstanding(in_shop, come):
    come(JUNE - timedelta(days=40), 4)
    come(JUNE, 11)
    [months] = [each.months for each in statements_of(in_shop, JUNE)]
    [outstanding] = statement.outstanding(in_shop, JUNE)

    assert months[0].closing == 6
    assert outstanding.minor == 3000 + 4500
