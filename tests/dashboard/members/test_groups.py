"""The groups above the list of members."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loyalty import clock, keys
from loyalty.actors import Actor
from loyalty.dashboard.members.groups import GROUPS
from members.card.operations import keep_birthday
from rewards.operations import hand_over
from tests.factories import MembershipFactory, PointsFactory, stamp
from tests.support.pages import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_shop")]
WEDNESDAY = datetime(2026, 6, 17, 12, tzinfo=ZoneInfo("Europe/Oslo"))


@pytest.fixture
def url(shop):
    def url(key=""):
        if key:
            return reverse("owner:segment", args=[shop.slug, key])
        return reverse("owner:members", args=[shop.slug])

    return url


@pytest.fixture
def read(ingrid, url):
    return lambda key="", **wanted: words_of(ingrid.get(url(key), wanted))


@pytest.fixture
def old(shop, card):
    """Somebody who joined long ago, and was never seen."""
    with clock.at(clock.now() - timedelta(days=99)):
        return MembershipFactory(shop=shop, name="Olga")


def test_it_works(read, member, old):
    page = read("new")

    assert (
        "All 2 New 1 Regulars 0 Nearly there 0 Reward waiting 0 Slipping away 0 Birthday 0" in page
    )
    assert "Joined in the last 30 days." in page
    assert "Maja" in page
    assert "Olga" not in page


def test_they_stand_above_the_list_of_all(read, member, old):
    page = read()

    assert "All 2 New 1 Regulars 0" in page
    assert "Olga" in page


@pytest.mark.parametrize("key", GROUPS)
def test_the_one_that_is_open_is_marked_and_told(ingrid, url, member, key):
    page = ingrid.get(url(key)).content.decode()

    assert f'href="{url(key)}" aria-current="page"' in page
    assert str(GROUPS[key].definition) in words_of(ingrid.get(url(key)))


@pytest.fixture
def on_a_wednesday(shop, card):
    with clock.at(WEDNESDAY):
        yield WEDNESDAY


def test_a_reward_waits_after_seven_days(read, shop, counter, on_a_wednesday):
    with clock.at(on_a_wednesday - timedelta(days=7)):
        MembershipFactory(shop=shop, name="Maja", stamps=9, stamps__counter=counter)
    with clock.at(on_a_wednesday - timedelta(days=6)):
        MembershipFactory(shop=shop, name="Kari", stamps=9, stamps__counter=counter)

    page = read("reward_waiting")

    assert "Has a reward that nobody has used for 7 days or more." in page
    assert "Reward waiting 1" in page
    assert "Maja" in page
    assert "Kari" not in page


def test_a_reward_that_was_used_waits_no_more(read, shop, counter, on_a_wednesday):
    with clock.at(on_a_wednesday - timedelta(days=8)):
        maja = MembershipFactory(shop=shop, name="Maja", stamps=9, stamps__counter=counter)
    claim = maja.claims.get()
    actor = Actor.of_counter(counter)
    hand_over(membership=maja, claim=claim, key=keys.new(), actor=actor)

    assert "Reward waiting 0" in read("reward_waiting")


@pytest.mark.parametrize(
    ("birthday", "n"), [((14, 6), 0), ((15, 6), 1), ((21, 6), 1), ((22, 6), 0)]
)
def test_birthdays_from_monday_to_sunday(read, shop, on_a_wednesday, birthday, n):
    keep_birthday(MembershipFactory(shop=shop, name="Maja"), birthday)

    assert f"Birthday {n}" in read("birthday")


def test_nobody_is_near_with_stamps(read, member):
    assert "Nobody is one stamp away today Check again on Friday." in read("nearly_there")


def test_nobody_is_near_with_points_as_well(read, member, shop):
    PointsFactory(shop=shop)

    assert "Nobody is in this group today" in read("nearly_there")


def test_a_page_holds_so_many(read, shop, card, monkeypatch):
    monkeypatch.setattr("loyalty.dashboard.members.views.listing.ROWS_A_PAGE", 2)
    for name in ("Anna", "Berit", "Carl"):
        MembershipFactory(shop=shop, name=name)

    assert "Anna" not in read("new")
    assert "Anna" in read("new", page="2")
    assert "Anna" not in read("new", page="first")


def test_while_somebody_is_looked_for_they_are_put_away(read, member):
    assert "Regulars 0" not in read(q="Maja")


@pytest.mark.parametrize("key", ["best", "NEW", "gone-quiet"])
def test_there_is_no_other_group(ingrid, url, shop, key):
    assert ingrid.get(url("new").replace("new", key)).status_code == 404


def test_managers_see_it_and_staff_do_not(manager, staff_client, url, member):
    assert manager.get(url("new")).status_code == 200
    assert staff_client.get(url("new")).status_code == 403


def test_a_stranger_finds_nothing(stranger, url, member):
    assert stranger.get(url("new")).status_code == 404


@pytest.mark.parametrize("key", ["", "regulars", "nearly_there", "reward_waiting", "birthday"])
def test_it_costs_the_same_however_many_they_are(*, ingrid, url, shop, card, counter, key):
    def costs():
        with CaptureQueriesContext(connection) as asked:
            ingrid.get(url(key))
        return len(asked)

    def come(times):
        maja = MembershipFactory(shop=shop, stamps=8, stamps__counter=counter)
        for days in range(times):
            with clock.at(clock.now() - timedelta(days=days)):
                stamp(maja, 9, counter=counter)

    come(4)
    ingrid.get(url(key))
    before = costs()
    for _more in range(3):
        come(4)

    assert costs() == before
