"""What a week is told as: its sentence, and the one suggestion."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from loyalty import clock
from loyalty.dashboard.week.figures import Figure, Quotient, Week
from loyalty.dashboard.week.joining import Joined
from loyalty.dashboard.week.next_step import suggestion
from loyalty.dashboard.week.weeks import week_of
from loyalty.dashboard.week.words import sentence
from loyalty.models import Shop
from tests.factories import MembershipFactory, ProgrammeFactory, stamp

OSLO = ZoneInfo("Europe/Oslo")
WEDNESDAY = datetime(2026, 9, 16, 10, 0, tzinfo=OSLO)
SHOP = Shop(time_zone="Europe/Oslo", live_since=WEDNESDAY - timedelta(days=60))


def a_week(visits, came_back=None, sign_ups=None, *, over=False):
    """Each as (now, before)."""
    stretch = week_of(SHOP, WEDNESDAY, date(2026, 9, 7) if over else None)
    back = Figure(*came_back) if came_back else None
    joined = None
    if sign_ups:
        now, before = sign_ups
        joined = Joined(9, 9, {"poster": now}, None if before is None else {"poster": before})
    return Week(
        stretch,
        compares=visits[1] is not None,
        visits=Figure(*visits),
        by_day={},
        came_back=Quotient(back, Figure(50, 50)) if back else None,
        joined=joined,
    )


@pytest.mark.parametrize(
    ("visits", "said"),
    [
        ((0, 2), "No visits yet this week"),
        ((1, 2), "Quieter than last week: 1 visit so far"),
        ((96, 117), "Quieter than last week: 96 visits so far"),
        ((2, 1), "A good week: 2 visits so far"),
        ((1_250, 1_100), "A good week: 1,250 visits so far"),
        ((2, 2), "2 visits so far this week"),
        ((2, None), "2 visits so far this week"),
    ],
)
def test_it_works(visits, said):
    assert sentence(a_week(visits)) == said


@pytest.mark.parametrize(
    ("visits", "said"),
    [
        ((0, 2), "No visits that week"),
        ((1, 2), "Quieter than the week before: 1 visit"),
        ((96, 117), "Quieter than the week before: 96 visits"),
        ((126, 117), "A good week: 126 visits"),
        ((117, 117), "117 visits that week"),
    ],
)
def test_a_week_that_is_over_is_not_so_far(visits, said):
    assert sentence(a_week(visits, over=True)) == said


@pytest.mark.parametrize(
    ("came_back", "sign_ups", "said"),
    [
        ((38, 30), (14, 13), "A good week: 38 members came back"),  # +27 %, +8 %
        ((38, 36), (14, 11), "A good week: 14 new members"),  # +6 %, +27 %
        ((38, 37), (14, 14), "A good week: 126 visits so far"),  # +3 %, nothing; visits +8 %
        ((37, 37), (3, 4), "A good week: 126 visits so far"),
        ((1, 0), (1, 0), "A good week: 1 member came back"),  # alike: the first is told
        ((30, None), (14, None), "A good week: 126 visits so far"),
    ],
)
def test_what_rose_most_is_told_first(came_back, sign_ups, said):
    assert sentence(a_week((126, 117), came_back, sign_ups)) == said


def test_a_bad_week_says_so_whatever_else_rose():
    told = sentence(a_week((96, 117), came_back=(38, 30), sign_ups=(14, 1)))

    assert told == "Quieter than last week: 96 visits so far"


def test_a_good_thing_in_a_week_with_as_many_visits_is_told():
    assert sentence(a_week((117, 117), (38, 30), (1, 1))) == "A good week: 38 members came back"


# --- The suggestion -----------------------------------------------------------------------


@pytest.fixture
def of_the_shop(in_shop, counter):
    """A card that needs nine stamps, and who came when."""
    with clock.at(WEDNESDAY - timedelta(days=200)):
        ProgrammeFactory(shop=in_shop)

    def came(joined, *visits, stamps=1):
        with clock.at(WEDNESDAY - timedelta(days=joined)):
            member = MembershipFactory(shop=in_shop)
        for ago in visits:
            with clock.at(WEDNESDAY - timedelta(days=ago)):
                stamp(member, stamps, counter=counter)

    return came


def suggested(**more):
    return suggestion(WEDNESDAY, only_stamps=more.get("only_stamps", True))


@pytest.mark.django_db
def test_who_is_nearly_there_comes_first(of_the_shop):
    of_the_shop(100, 5, stamps=7)  # the welcome and seven: one is missing
    of_the_shop(3)

    found = suggested()
    assert (found.key, found.heading) == (
        "nearly_there",
        "Next: 1 member is one stamp from a reward",
    )
    assert suggested(only_stamps=False).heading == "Next: 1 member is close to a reward"


@pytest.mark.django_db
def test_then_who_is_new(of_the_shop):
    of_the_shop(3)
    of_the_shop(4)
    of_the_shop(150, 120, 110, 100)

    assert suggested().heading == "Next: 2 members joined in the last 30 days"


@pytest.mark.django_db
def test_then_who_is_slipping_away(of_the_shop):
    of_the_shop(150, 120, 110, 100)
    of_the_shop(150, 20, 15, 10, 5)

    assert suggested().heading == "Next: 1 member is slipping away"


@pytest.mark.django_db
def test_then_who_comes_often(of_the_shop):
    of_the_shop(150, 20, 15, 10, 5)

    assert suggested().heading == "Next: 1 member came at least 4 times in 30 days"


@pytest.mark.django_db
def test_nobody_in_any_group_is_no_suggestion(of_the_shop):
    of_the_shop(150, 20)

    assert suggested() is None
