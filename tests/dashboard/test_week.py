from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from loyalty import clock, keys
from loyalty.actors import Actor
from loyalty.dashboard import figures
from members.ledger.models import Operation
from members.models import Membership
from members.operations import undo
from rewards.birthday.models import BirthdayTreat
from rewards.birthday.operations import give_treats
from rewards.birthday.owning import keep_treat
from rewards.models import Claim
from rewards.operations import hand_over
from rewards.points.units import Unit
from tests.factories import MembershipFactory, PointsFactory, ProgrammeFactory, earn, stamp
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

    assert "1 visit so far this week" in page
    for word in ("Visits", "Members", "Sign-ups", "Stamps given", "Rewards handed out"):
        assert word in page


def test_each_figure_counts_its_own_facts(shop_of_summer, counter, week):
    come(shop_of_summer, counter, WEDNESDAY - timedelta(days=1))
    come(shop_of_summer, counter, WEDNESDAY - timedelta(days=8), stamps=2)

    now = week()

    assert (now.visits.now, now.visits.before) == (1, 1)
    assert (now.stamps.now, now.stamps.before) == (3, 2)  # without the welcome stamps
    assert (now.sign_ups.now, now.sign_ups.before) == (1, 1)
    assert now.members == 2
    assert (now.rewards.now, now.rewards.before) == (0, 0)


def test_a_week_begins_on_monday_in_shop_time(shop_of_summer, counter, week):
    monday = datetime(2026, 9, 14, 0, 0, tzinfo=OSLO)
    come(shop_of_summer, counter, monday - timedelta(minutes=1))
    come(shop_of_summer, counter, monday)

    assert week().visits.now == 1


def test_the_week_before_is_counted_to_the_same_moment(shop_of_summer, counter, week):
    come(shop_of_summer, counter, WEDNESDAY - timedelta(days=7))
    come(shop_of_summer, counter, WEDNESDAY - timedelta(days=6))  # Thursday is still to come

    assert week().visits.before == 1


def test_what_was_undone_counts_nowhere(shop_of_summer, counter, week):
    member = come(shop_of_summer, counter, WEDNESDAY)
    with scope(shop=shop_of_summer), clock.at(WEDNESDAY):
        stamped = Operation.objects.get(kind="add_stamps")
        undo(membership=member, undone=stamped, key=keys.new(), actor=Actor.of_counter(counter))

        assert not figures.has_begun()
    assert week().visits.now == week().stamps.now == 0


def test_a_reward_taken_back_was_not_handed_out(shop_of_summer, counter, week):
    actor = Actor.of_counter(counter)
    with clock.at(WEDNESDAY), scope(shop=shop_of_summer):
        member = MembershipFactory(shop=shop_of_summer, stamps=9, stamps__counter=counter)
        hand_over(membership=member, claim=Claim.objects.get(), key=keys.new(), actor=actor)
        assert week().rewards.now == 1

        handed = Operation.objects.get(kind="hand_over")
        undo(membership=member, undone=handed, key=keys.new(), actor=actor)

    assert week().rewards.now == 0


def test_a_shop_of_this_week_has_nothing_to_compare_with(shop, card, counter, ingrid):
    come(shop, counter, clock.now())

    page = ingrid.get(reverse("owner:week", args=[shop.slug])).content.decode()

    assert "your first week" in page
    assert "A week before: –" in page


@pytest.mark.parametrize(
    ("this_week", "before", "sentence"),
    [
        (0, 2, "No visits yet this week"),
        (1, 2, "Quieter than last week: 1 visit so far"),
        (2, 1, "A good week: 2 visits so far"),
        (2, 2, "2 visits so far this week"),
        (2, None, "2 visits so far this week"),
    ],
)
def test_the_week_is_told_in_a_sentence(this_week, before, sentence):
    count = figures.Figure(this_week, before)
    told = figures.Week(
        WEDNESDAY, count, members=0, sign_ups=count, stamps=count, points=None, rewards=count
    )

    assert told.sentence == sentence


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

    assert "Points given 1,250 A week before: 7 At the counter: 1,250 stars." in told
    assert "Times somebody collected something." in told
    assert "Handed over at the counter." in told
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
    assert "What full cards were exchanged for." in told


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
        keep_treat(BirthdayTreat(shop=shop_of_summer, title="50 points", bonus=50))
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

    assert five <= 23  # six of them are the sign-in's, eight look for what is unusual
    assert cost() <= five + 1  # fifty in a row are worth a look, so it asks what is usual
