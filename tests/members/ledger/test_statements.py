"""The monthly statement, on days that are easy to get wrong (A1)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members.ledger import audit
from members.ledger.models import LedgerEntry, Operation
from members.ledger.operations import expire_lapsed
from members.ledger.statements import statements_of
from members.merging import merge
from members.operations import undo
from stampcards.operations import add_stamps
from tests.factories import MembershipFactory, ProgrammeFactory
from tests.members.ledger.purse import Purse

pytestmark = pytest.mark.django_db

OSLO = ZoneInfo("Europe/Oslo")
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=OSLO)


@pytest.fixture
def card(in_shop):
    """Nine stamps, none of them from us, that last a month."""
    with clock.at(NEW_YEAR):
        yield ProgrammeFactory(shop=in_shop, rules__welcome=0, rules__expires_months=1)
    assert list(audit.disagreements()) == []


@pytest.fixture
def somebody(in_shop, card):
    with clock.at(NEW_YEAR):
        return MembershipFactory(shop=in_shop)


@pytest.fixture
def stamp_at(somebody, card, counter):
    """Stamp a card at a moment; `arrives` later, if the counter had no connection."""

    def stamp_at(moment, count=1, *, member=somebody, programme=card, arrives=None):
        key = keys.new()
        with clock.at(arrives or moment):
            add_stamps(
                membership=member,
                programme=programme,
                count=count,
                again=True,
                key=key,
                actor=Actor.of_counter(counter, at=moment),
            )
        return Operation.objects.select_related("membership").get(key=key)

    return stamp_at


@pytest.fixture
def lines(in_shop):
    """The months of the only programme, oldest first, each as the dictionary of what is not 0."""

    def lines(now):
        [statement] = statements_of(in_shop, now)
        return [_without_nothing(month) for month in reversed(statement.months)]

    return lines


def _without_nothing(month):
    return {name: value for name, value in vars(month).items() if value}


def test_it_works(stamp_at, lines):
    stamp_at(datetime(2026, 5, 3, 12, tzinfo=OSLO), 3)
    stamp_at(datetime(2026, 5, 20, 12, tzinfo=OSLO), 5)
    stamp_at(datetime(2026, 6, 1, 12, tzinfo=OSLO), 3)

    assert lines(datetime(2026, 6, 15, tzinfo=OSLO)) == [
        {"first_day": date(2026, 5, 1), "earned": 8, "closing": 8},
        {"first_day": date(2026, 6, 1), "opening": 8, "earned": 3, "redeemed": 9, "closing": 2},
    ]


def test_nothing_was_booked_yet(in_shop, somebody):
    assert statements_of(in_shop, NEW_YEAR) == []


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [
        ("Europe/Oslo", (2026, 5, 1)),
        ("Europe/Oslo", (2026, 4, 1)),  # three days after the clocks went forward
        ("Europe/Oslo", (2027, 11, 1)),  # the day after they went back
        ("Europe/Oslo", (2027, 1, 1)),
        ("Europe/Oslo", (2028, 3, 1)),  # after 29 February
        ("Europe/Oslo", (2027, 3, 1)),
        ("America/New_York", (2026, 11, 1)),  # two hours before they go back
        ("Pacific/Auckland", (2026, 10, 1)),  # still yesterday noon in Greenwich
    ],
)
def test_a_month_ends_at_midnight_in_shop_time(in_shop, stamp_at, lines, zone, midnight):
    in_shop.time_zone = zone
    in_shop.save(update_fields=["time_zone"])
    first = datetime(*midnight, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    stamp_at(first - SECOND, 1)
    stamp_at(first, 2)

    before, after = lines(first + SECOND)

    assert (before["earned"], after["earned"]) == (1, 2)
    assert after["first_day"] == date(*midnight)


def test_the_hour_that_comes_twice_counts_twice(in_shop, stamp_at, lines):
    in_shop.time_zone = "America/New_York"
    in_shop.save(update_fields=["time_zone"])
    for fold in (0, 1):
        stamp_at(datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York"), fold=fold))

    assert lines(datetime(2026, 11, 2, tzinfo=UTC)) == [
        {"first_day": date(2026, 11, 1), "earned": 2, "closing": 2}
    ]


def test_the_last_day_of_february_is_the_29th(stamp_at, lines):
    stamp_at(datetime(2028, 2, 29, 23, 59, 59, tzinfo=OSLO))

    assert [line["first_day"] for line in lines(datetime(2028, 3, 1, tzinfo=OSLO))] == [
        date(2028, 2, 1),
        date(2028, 3, 1),
    ]


def test_what_arrives_late_belongs_to_the_month_it_was_booked_in(stamp_at, lines):
    stamp_at(datetime(2026, 5, 30, 12, tzinfo=OSLO))
    arrives = datetime(2026, 6, 1, 9, tzinfo=OSLO)
    [may, _june] = lines(arrives)

    stamp_at(datetime(2026, 5, 31, 22, tzinfo=OSLO), 4, arrives=arrives)

    assert lines(arrives) == [
        may,
        {"first_day": date(2026, 6, 1), "opening": 1, "earned": 4, "closing": 5},
    ]


def test_months_without_anything_are_there_too(stamp_at, lines):
    stamp_at(datetime(2026, 12, 31, 12, tzinfo=OSLO))

    assert lines(datetime(2027, 1, 1, tzinfo=OSLO) + 40 * DAY)[1:] == [
        {"first_day": date(2027, month, 1), "opening": 1, "closing": 1} for month in (1, 2)
    ]


def test_each_programme_begins_with_its_own_first_month(in_shop, stamp_at, card):
    stamp_at(datetime(2026, 5, 3, tzinfo=OSLO), 2)
    june = datetime(2026, 6, 3, tzinfo=OSLO)
    with clock.at(june):
        lunch = ProgrammeFactory(shop=in_shop, name="Lunch")
    stamp_at(june, 3, programme=lunch)

    coffees, lunches = statements_of(in_shop, june)

    assert (coffees.programme, lunches.programme) == (card, lunch)
    assert [month.closing for month in coffees.months] == [2, 2]
    assert [month.closing for month in lunches.months] == [3]


def test_what_runs_out_is_expired_the_day_after(in_shop, stamp_at, lines):
    stamp_at(datetime(2026, 4, 30, 12, tzinfo=OSLO), 4)  # they last through 30 May
    with clock.at(night := datetime(2026, 5, 31, 3, tzinfo=OSLO)):
        expire_lapsed(night)

    assert lines(night)[-1] == {"first_day": date(2026, 5, 1), "opening": 4, "expired": 4}


def test_a_full_card_undone_restores_and_adjusts(stamp_at, lines, in_shop, somebody):
    stamp_at(datetime(2026, 5, 30, 12, tzinfo=OSLO), 5)
    filled = stamp_at(datetime(2026, 5, 31, 12, tzinfo=OSLO), 5)
    with clock.at(june := datetime(2026, 6, 1, 12, tzinfo=OSLO)):
        undo(
            membership=somebody,
            undone=filled,
            key=keys.new(),
            actor=Actor(in_shop, Channel.OWNER),
        )

    assert lines(june) == [
        {"first_day": date(2026, 5, 1), "earned": 10, "redeemed": 9, "closing": 1},
        {
            "first_day": date(2026, 6, 1),
            "opening": 1,
            "restored": 9,
            "adjusted": -5,
            "closing": 5,
        },
    ]


def test_moving_between_cards_changes_nothing(in_shop, stamp_at, lines, somebody):
    may = datetime(2026, 5, 1, 12, tzinfo=OSLO)
    with clock.at(may):
        other = MembershipFactory(shop=in_shop)
    stamp_at(may, 2)
    stamp_at(may, 3, member=other)
    with clock.at(may):
        merge(kept=somebody, gone=other, key=keys.new(), actor=Actor(in_shop, Channel.OWNER))

    assert lines(may) == [{"first_day": date(2026, 5, 1), "earned": 5, "closing": 5}]


def test_a_correction_still_owed_is_an_adjustment(lines, somebody, card):
    purse = Purse(somebody, card)
    with clock.at(may := datetime(2026, 5, 1, 12, tzinfo=OSLO)):
        earned = purse.earn(10)
        purse.spend(8)
        purse.reverse(earned, owe=True)
        purse.earn(10)

    assert lines(may) == [
        {
            "first_day": date(2026, 5, 1),
            "earned": 20,
            "redeemed": 8,
            "adjusted": -10,
            "closing": 2,
        }
    ]


def test_another_shop_has_its_own_statement(in_shop, stamp_at, lines, next_door_member):
    stamp_at(datetime(2026, 5, 3, tzinfo=OSLO))

    assert sum(line.get("earned", 0) for line in lines(clock.now())) == 1


def test_three_queries_however_long_it_is(in_shop, stamp_at, django_assert_num_queries):
    for month in (1, 2, 3):
        stamp_at(datetime(2026, month, 3, tzinfo=OSLO))
    with django_assert_num_queries(3):
        statements_of(in_shop, datetime(2026, 3, 4, tzinfo=OSLO))
    with django_assert_num_queries(3):
        assert len(statements_of(in_shop, datetime(2031, 3, 4, tzinfo=OSLO))[0].months) == 63


def test_an_entry_of_any_kind_is_in_one_column():
    """A kind that is added must be put where it belongs, and not slip into the corrections."""
    assert set(LedgerEntry.Kind.values) == {
        *("earn", "opening", "spend", "expire", "reverse", "adjust", "transfer")
    }
