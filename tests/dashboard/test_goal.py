"""The goal: set it, see how far it is, and whether that is far enough."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from loyalty import clock
from loyalty.dashboard.week.goals import standing_of
from loyalty.journal.models import Change
from members.models import Membership
from rewards.figures.goals import GoalIsPast, GoalIsReached, drop_goal, set_goal
from rewards.figures.models import Goal
from rewards.figures.rollup import bring_up_to_date
from tests.factories import LocationFactory, MembershipFactory, stamp

pytestmark = pytest.mark.django_db

OSLO = ZoneInfo("Europe/Oslo")
FIRST = datetime(2026, 9, 1, 9, 0, tzinfo=OSLO)
LAST = date(2026, 9, 10)
MEMBERS, VISITS = Goal.What.MEMBERS, Goal.What.VISITS


def day(n, hour=12):
    return datetime(2026, 9, n, hour, 0, tzinfo=OSLO)


@pytest.fixture
def aim(in_shop, owner):
    """Set on 1 September, until the 10th."""

    def aim(what=MEMBERS, target=12, until=LAST, at=FIRST):
        with clock.at(at):
            return set_goal(what=what, target=target, until=until, actor=owner)

    return aim


@pytest.fixture
def join(card):
    def join(n, at):
        with clock.at(at):
            return [MembershipFactory(shop=card.shop) for _each in range(n)]

    return join


def test_it_works(in_shop, aim, join):
    """Two members on the first; ten more in ten days is one a day."""
    join(2, day(1, 8) - timedelta(days=1))
    aim()
    join(3, day(3))

    on_the_fourth = standing_of(in_shop, day(4))
    assert (on_the_fourth.began, on_the_fourth.reached) == (2, 5)
    assert on_the_fourth.pace == 5  # three days are over
    assert on_the_fourth.on_track
    assert on_the_fourth.title == "Goal: 12 members by 10 September"
    assert (on_the_fourth.so_far, on_the_fourth.word) == ("5 of 12", "on track")
    assert "from 2 on 1 September" in on_the_fourth.rule
    assert "That is 5." in on_the_fourth.rule

    on_the_fifth = standing_of(in_shop, day(5))
    assert (on_the_fifth.pace, on_the_fifth.word) == (6, "behind")


def test_the_day_it_is_set_is_on_track(in_shop, aim):
    aim()

    assert standing_of(in_shop, FIRST).on_track


def test_a_pace_is_exact(in_shop, aim):
    aim(target=10, until=date(2026, 9, 3))

    assert standing_of(in_shop, day(2)).pace == Fraction(10, 3)
    assert "That is 4." in standing_of(in_shop, day(2)).rule


def test_a_goal_that_is_reached_says_so(in_shop, aim, join):
    aim(target=3)
    join(3, day(2))

    assert standing_of(in_shop, day(3)).word == "reached"


def test_a_goal_whose_day_is_over_counts_no_more(in_shop, aim, join):
    aim(target=3)
    join(2, day(10, 23))
    join(5, day(11, 1))

    after = standing_of(in_shop, day(20))
    assert (after.reached, after.word) == (2, "not reached")
    assert after.ended


def test_visits_count_from_the_day_it_is_set(in_shop, aim, join, counter):
    [member] = join(1, day(1, 6) - timedelta(days=5))
    for moment in (FIRST - timedelta(days=1), day(1, 8), day(2), day(4, 9), day(10, 23), day(11)):
        with clock.at(moment):
            stamp(member, counter=counter)
    aim(what=VISITS, target=20)

    reached = standing_of(in_shop, day(20))
    assert (reached.reached, reached.word) == (4, "not reached")
    assert reached.title == "Goal: 20 visits by 10 September"


def test_days_that_are_counted_are_not_counted_twice(in_shop, aim, join, counter):
    [member] = join(1, day(1, 6))
    aim(what=VISITS, target=20)
    for moment in (day(1, 8), day(2), day(4, 9)):
        with clock.at(moment):
            stamp(member, counter=counter)
    bring_up_to_date(in_shop, day(4))
    assert standing_of(in_shop, day(4)).reached == 3

    bring_up_to_date(in_shop, day(20))
    assert standing_of(in_shop, day(20)).reached == 3


def test_without_a_goal_there_is_no_standing(in_shop):
    assert standing_of(in_shop, FIRST) is None


# --- Setting it ---------------------------------------------------------------------------


def test_a_day_that_is_over_is_refused(aim):
    with pytest.raises(GoalIsPast):
        aim(until=date(2026, 8, 31))

    assert aim(until=FIRST.date()).until == FIRST.date()


def test_what_the_shop_has_already_is_no_goal(aim, join):
    join(3, FIRST)

    with pytest.raises(GoalIsReached, match="You have 3 members already"):
        aim(target=3)
    assert aim(target=4).target == 4


def test_a_goal_that_is_changed_counts_from_the_day_it_was_set(aim):
    aim(what=VISITS)
    changed = aim(what=VISITS, target=50, at=day(5))

    assert (changed.target, changed.set_at) == (50, FIRST)
    assert Goal.objects.count() == 1


@pytest.mark.parametrize(
    ("what", "moment"), [(MEMBERS, day(5)), (VISITS, day(11))], ids=["another kind", "it ended"]
)
def test_another_goal_begins_now(aim, what, moment):
    aim(what=VISITS)

    assert aim(what=what, until=date(2026, 12, 24), at=moment).set_at == moment


def test_the_log_tells_it(aim, owner):
    aim()
    drop_goal(owner)
    drop_goal(owner)

    written = list(Change.objects.order_by("pk").values_list("what", flat=True))
    assert written == ["goal", "goal_off"]


# --- The pages ----------------------------------------------------------------------------


@pytest.fixture
def at_first():
    with clock.at(FIRST):
        yield


def typed(**changes):
    return {"what": "members", "target": "100", "until": "2026-12-24", **changes}


@pytest.mark.usefixtures("at_first", "card", "counter")
def test_a_manager_sets_it_on_its_page(manager, shop, in_shop):
    address = reverse("owner:goal", args=[shop.slug])
    assert "Set the goal" in manager.get(address).content.decode()

    done = manager.post(address, typed())

    assert done.url == reverse("owner:week", args=[shop.slug])
    assert Goal.objects.get().until == date(2026, 12, 24)
    assert 'value="100"' in manager.get(address).content.decode()


@pytest.mark.usefixtures("at_first", "member")
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"target": "0"}, "Type 1 or more."),
        ({"target": ""}, "Type a number."),
        ({"target": "many"}, "Type a whole number."),
        ({"until": ""}, "Choose a day."),
        ({"until": "2026-08-31"}, "That day is over. Choose one that is still to come."),
        ({"until": "9999-12-31"}, "Check the year."),  # no day comes after it
        ({"until": "0026-12-24"}, "Check the year."),
        ({"target": "1"}, "You have 1 member already. Aim higher."),
        ({"what": "wonders"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(ingrid, in_shop, changes, said):
    answer = ingrid.post(reverse("owner:goal", args=[in_shop.slug]), typed(**changes))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Goal.objects.exists()


def test_it_can_be_removed(ingrid, shop, aim):
    aim()

    ingrid.post(reverse("owner:drop_goal", args=[shop.slug]))

    assert not Goal.objects.exists()


@pytest.mark.parametrize("name", ["goal", "drop_goal"])
def test_a_stranger_finds_nothing(stranger, shop, aim, name):
    aim()

    assert stranger.post(reverse(f"owner:{name}", args=[shop.slug]), typed()).status_code == 404
    assert Goal.objects.count() == 1
    assert not Membership.objects.exists()


@pytest.mark.parametrize("name", ["goal", "drop_goal"])
def test_who_runs_some_of_the_places_does_not_aim_for_all(
    manager, manager_person, in_shop, aim, name
):
    here, _across = LocationFactory.create_batch(2, shop=in_shop)
    aim()
    manager_person.roles.get().locations.set([here])

    answer = manager.post(reverse(f"owner:{name}", args=[in_shop.slug]), typed())

    assert answer.status_code == 403
    assert Goal.objects.get().target == 12


def test_staff_set_none(staff_client, in_shop):
    answer = staff_client.post(reverse("owner:goal", args=[in_shop.slug]), typed())

    assert answer.status_code == 403
    assert not Goal.objects.exists()


@pytest.mark.usefixtures("at_first")
def test_this_week_shows_how_far_it_is(ingrid, shop, in_shop, join, counter):
    [member] = join(1, FIRST)
    stamp(member, counter=counter)
    page = reverse("owner:week", args=[shop.slug])
    assert "Set a goal" in ingrid.get(page).content.decode()

    ingrid.post(reverse("owner:goal", args=[shop.slug]), typed())

    told = ingrid.get(page).content.decode()
    assert "Goal: 100 members by 24 December" in told
    assert "1 of 100" in told
    assert "on track" in told
