import csv
import re
from datetime import datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from loyalty import clock, keys
from loyalty.actors import Actor
from loyalty.dashboard.week import figures
from members.ledger.models import Operation
from members.models import Membership
from members.operations import undo
from rewards.birthday.models import BirthdayTreat
from rewards.birthday.operations import give_treats
from rewards.birthday.owning import keep_treat
from rewards.points.units import Unit
from tests.factories import (
    CounterFactory,
    LocationFactory,
    MembershipFactory,
    PointsFactory,
    ProgrammeFactory,
    as_owner,
    earn,
    stamp,
)
from tests.support.pages import words_of

pytestmark = pytest.mark.django_db

OSLO = ZoneInfo("Europe/Oslo")
WEDNESDAY = datetime(2026, 9, 16, 10, 0, tzinfo=OSLO)


@pytest.fixture
def shop_of_summer(shop):
    """It was live, with its card, long before this week."""
    shop.live_since = WEDNESDAY - timedelta(days=60)
    shop.save(update_fields=["live_since"])
    with clock.at(shop.live_since):
        ProgrammeFactory(shop=shop)
    return shop


@pytest.fixture
def week(shop_of_summer):
    def of(moment=WEDNESDAY):
        with scope(shop=shop_of_summer):
            return figures.week_of(shop_of_summer, moment)

    return of


def come(shop, counter, moment, stamps=3):
    """Somebody joins, is stamped, all at one moment."""
    with clock.at(moment):
        member = MembershipFactory(shop=shop)
        stamp(member, stamps, counter=counter)
    return member


def test_it_works(ingrid, shop_of_summer, counter, week):
    come(shop_of_summer, counter, WEDNESDAY - timedelta(days=1))

    with clock.at(WEDNESDAY):
        page = ingrid.get(reverse("owner:week", args=["kaffe-kardemomme"])).content.decode()

    assert "A good week: 1 new member" in page
    for word in ("Visits", "Members", "Sign-ups", "Stamps given", "Came back"):
        assert word in page
    assert "No rewards used yet. The first usually comes after two or three weeks." in page
    assert "Show as table" in page


def test_what_was_undone_counts_nowhere(shop_of_summer, counter, week):
    member = come(shop_of_summer, counter, WEDNESDAY)
    with scope(shop=shop_of_summer), clock.at(WEDNESDAY):
        stamped = Operation.objects.get(kind="add_stamps")
        undo(membership=member, undone=stamped, key=keys.new(), actor=Actor.of_counter(counter))

        assert not figures.has_begun()
    assert week().visits.now == 0


def test_a_shop_of_this_week_has_nothing_to_compare_with(shop, card, counter, ingrid):
    come(shop, counter, clock.now())

    page = ingrid.get(reverse("owner:week", args=[shop.slug])).content.decode()

    assert "your first week" in page
    assert "A week before: –" in page


# --- Points ---


@pytest.fixture
def page(ingrid, shop):
    """The text of the week page, on that Wednesday."""

    def read():
        with clock.at(WEDNESDAY):
            return words_of(ingrid.get(reverse("owner:week", args=[shop.slug])))

    return read


@pytest.fixture
def stars(shop):
    shop.live_since = WEDNESDAY - timedelta(days=60)
    shop.save(update_fields=["live_since"])
    with clock.at(shop.live_since):
        return PointsFactory(shop=shop, rules__unit=Unit.STARS)


def pay(shop, counter, moment, amount_minor):
    with clock.at(moment):
        member = MembershipFactory(shop=shop)
        earn(member, amount_minor, counter=counter)
    return member


def test_a_shop_with_points_alone_never_speaks_of_stamps(page, stars, shop, counter):
    pay(shop, counter, WEDNESDAY, 12_500_00)
    pay(shop, counter, WEDNESDAY - timedelta(days=8), 70_00)
    told = page()

    assert "Points given 1,250 +1,243 A week before: 7 What is this?" in told
    assert "Counted 1,250 stars" in told
    assert "Times somebody collected something." in told
    assert "tamp" not in told


def test_points_beside_stamps_have_a_tile_of_their_own(page, stars, shop, card, counter):
    member = pay(shop, counter, WEDNESDAY, 70_00)
    with clock.at(WEDNESDAY):
        stamp(member, 2, counter=counter)
    told = page()

    assert "Stamps given 2 " in told
    assert "Points given 7 " in told


def test_a_shop_with_stamp_cards_alone_has_no_tile_for_points(page, shop_of_summer, counter):
    come(shop_of_summer, counter, WEDNESDAY)
    told = page()

    assert "Points" not in told.partition("Visits")[2]
    assert "Times a card was stamped." in told


def test_points_that_were_taken_back_count_nowhere(week, stars, shop_of_summer, counter):
    with clock.at(WEDNESDAY), scope(shop=shop_of_summer):
        member = pay(shop_of_summer, counter, WEDNESDAY, 70_00)
        assert week().points.now == 7

        earned = Operation.objects.get(kind="earn_points")
        undo(membership=member, undone=earned, key=keys.new(), actor=Actor.of_counter(counter))

    assert week().points.now == 0


def test_points_from_the_shop_were_not_given_at_the_counter(week, stars, shop_of_summer, counter):
    pay(shop_of_summer, counter, WEDNESDAY - timedelta(days=1), 70_00)
    with clock.at(WEDNESDAY), scope(shop=shop_of_summer):
        Membership.objects.update(birth_day=WEDNESDAY.day, birth_month=WEDNESDAY.month)
        keep_treat(
            BirthdayTreat(shop=shop_of_summer, title="50 points", bonus=50),
            actor=as_owner(shop_of_summer),
        )
        give_treats(WEDNESDAY)
        assert Membership.objects.get().accounts.get(programme=stars).balance == 57

    assert week().points.now == 7


def test_the_points_of_another_shop_are_not_counted(week, shop_of_summer, next_door_counter):
    with clock.at(WEDNESDAY):
        PointsFactory(shop=next_door_counter.shop)
    pay(next_door_counter.shop, next_door_counter, WEDNESDAY, 70_00)

    assert week().points is None


def test_before_the_first_visit_the_launch_list_speaks_of_no_stamp(page, stars):
    told = page()

    assert "Your first visit is the hard one" in told
    assert "tamp" not in told


# --- Before the first visit ---


def test_until_the_first_stamp_there_is_a_launch_list(ingrid, shop, card):
    page = ingrid.get(reverse("owner:week", args=[shop.slug])).content.decode()

    assert "Your first stamp is the hard one" in page
    assert "Get your own card and stamp it. It takes a minute." in page
    assert reverse("owner:poster_pdf", args=[shop.slug, "a4"]) in page
    assert reverse("join:join", args=[shop.slug]) in page


def test_what_is_done_on_the_launch_list_is_ticked(ingrid, shop, counter, member):
    page = ingrid.get(reverse("owner:week", args=[shop.slug])).content.decode()

    assert page.count("ready-tile done") == 2


def test_staff_see_the_visits_only(staff_client, shop, card, counter):
    address = reverse("owner:week", args=[shop.slug])
    assert "No visits yet this week" in staff_client.get(address).content.decode()

    come(shop, counter, clock.now())
    page = staff_client.get(address).content.decode()

    assert "Visits" in page
    assert "Stamps given" not in page


def test_fifty_visits_cost_what_five_cost(ingrid, shop, card, counter):
    address = reverse("owner:week", args=[shop.slug])

    def cost():
        with CaptureQueriesContext(connection) as queries:
            ingrid.get(address)
        return len(queries)

    for _ in range(5):
        come(shop, counter, clock.now(), stamps=1)
    ingrid.get(address)
    five = cost()
    for _ in range(45):
        come(shop, counter, clock.now(), stamps=1)

    assert five <= 36  # six of them are the sign-in's, eight look for what is unusual
    assert cost() <= five + 1  # fifty in a row are worth a look, so it asks what is usual


# --- Other weeks, and places ---


def test_an_earlier_week_is_a_page_of_its_own(ingrid, shop_of_summer, counter, at):
    come(shop_of_summer, counter, WEDNESDAY - timedelta(days=7))
    come(shop_of_summer, counter, WEDNESDAY - timedelta(days=7), stamps=1)

    with clock.at(WEDNESDAY):
        now = ingrid.get(at("week")).content.decode()
        then = ingrid.get(at("week") + "?week=2026-W37").content.decode()

    assert 'href="?week=2026-W37"' in now
    assert "The week after" not in now
    assert "A good week: 2 new members" in then
    assert "compared with the week before" in then
    assert 'href="?week=2026-W38"' in then
    assert "See who" in now  # what is to be done is to be done now
    assert "See who" not in then


def test_before_the_first_week_there_is_none(ingrid, shop_of_summer, counter, at):
    """It opened on 18 July, a Saturday of week 29."""
    come(shop_of_summer, counter, WEDNESDAY)

    with clock.at(WEDNESDAY):
        first = ingrid.get(at("week") + "?week=2026-W29").content.decode()
        assert "your first week" in first
        assert "The week before" not in first
        for key in ("2026-W28", "2026-W39", "yesterday"):
            assert ingrid.get(at("week") + f"?week={key}").status_code == 404
            assert ingrid.get(at("week_csv") + f"?week={key}").status_code == 404


@pytest.fixture
def two_places(shop_of_summer, counter):
    """Two visits by the door, one across the river."""
    across = CounterFactory(
        shop=shop_of_summer, location=LocationFactory(shop=shop_of_summer, name="Vulkan")
    )
    come(shop_of_summer, counter, WEDNESDAY)
    come(shop_of_summer, counter, WEDNESDAY)
    come(shop_of_summer, across, WEDNESDAY)
    return counter.location, across.location


def test_one_of_several_places_can_be_looked_at(ingrid, two_places, at):
    _here, across = two_places
    with clock.at(WEDNESDAY):
        everywhere = ingrid.get(at("week")).content.decode()
        there = ingrid.get(at("week") + f"?place={across.pk}&week=2026-W38").content.decode()

    assert "All places" in everywhere
    assert f'href="?place={across.pk}"' in everywhere
    assert "A good week: 1 visit so far" in there
    assert f'href="?place={across.pk}&amp;week=2026-W37"' in there  # the place stays
    assert "Sign-ups" not in there  # who is a member is one of the shop
    assert "Set a goal" not in there


def test_a_manager_of_one_place_sees_what_happened_there(manager, manager_person, two_places, at):
    here, across = two_places
    with scope(shop=here.shop):
        manager_person.roles.get().locations.set([across])
    with clock.at(WEDNESDAY):
        told = manager.get(at("week")).content.decode()

        assert "A good week: 1 visit so far" in told
        assert "All places" not in told
        assert manager.get(at("week") + f"?place={here.pk}").status_code == 404


def test_the_file_of_a_manager_names_their_places(manager, manager_person, two_places, at):
    here, across = two_places
    with scope(shop=here.shop):
        LocationFactory(shop=here.shop, name="Closed to them")
        manager_person.roles.get().locations.set([here, across])
    with clock.at(WEDNESDAY):
        rows = csv_rows(manager.get(at("week_csv")))

    assert {row["Place"] for row in rows} == {f"{here.name}, Vulkan"}


def test_staff_of_one_place_see_its_visits(staff_client, staff_person, two_places, at):
    here, across = two_places
    with scope(shop=here.shop):
        staff_person.roles.get().locations.set([across])
    with clock.at(WEDNESDAY):
        told = staff_client.get(at("week")).content.decode()
        rows = csv_rows(staff_client.get(at("week_csv")))

    assert "A good week: 1 visit so far" in told
    assert "Stamps given" not in told
    assert {row["Figure"].partition(":")[0] for row in rows} == {"Visits"}


def test_a_shop_with_one_place_has_no_switch(ingrid, shop_of_summer, counter, at):
    come(shop_of_summer, counter, WEDNESDAY)

    with clock.at(WEDNESDAY):
        assert "All places" not in ingrid.get(at("week")).content.decode()


# --- The file ---


def csv_rows(answer):
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))


def test_the_file_says_what_the_page_says(ingrid, shop_of_summer, counter, at, page):
    come(shop_of_summer, counter, WEDNESDAY - timedelta(days=1))
    come(shop_of_summer, counter, WEDNESDAY - timedelta(days=8), stamps=2)
    with clock.at(WEDNESDAY):
        answer = ingrid.get(at("week_csv"))
    rows = {row["Figure"]: row for row in csv_rows(answer)}
    told = page()

    assert answer["Content-Disposition"] == 'attachment; filename="kaffe-kardemomme-2026-W38.csv"'
    for name in ("Visits", "Sign-ups", "Members", "Stamps given"):
        row = rows[name]
        assert re.search(
            rf"{name} {row['Counted']} .*?before: {row['Counted a week before']}", told
        )
        assert row["Definition"] in told
    assert (rows["Stamps given"]["Counted"], rows["Stamps given"]["Counted a week before"]) == (
        "3",
        "2",
    )
    assert (rows["Visits"]["From"], rows["Visits"]["To"]) == ("2026-09-14", "2026-09-16")
    assert rows["Came back"]["Value"] == "–"
    assert rows["Sign-ups: Poster"]["Counted"] == "1"
    assert rows["Visits: Tuesday 15 September"]["Counted"] == "1"
    assert "Visits: Thursday 17 September" not in rows  # still to come


def test_a_day_that_is_still_to_come_has_no_bar(shop_of_summer, counter, page):
    come(shop_of_summer, counter, WEDNESDAY)

    assert "Wednesday 16 September 1 0 Thursday 17 September – 0" in page()
