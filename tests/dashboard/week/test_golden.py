"""Each figure of a week, worked out by hand. It is Wednesday 16 September 2026, ten o'clock.

         Monday 7 – Wednesday 9, 10:00            Monday 14 – Wednesday 16, 10:00
Visits   Dan 7th                                  Anna 14th, Dan 15th, Eva 15th
Stamps   3                                        1 + 2 + 1
Joined   Dan, by a poster                         Eva, by a link (Fay left the same day)

"Came back": the last 30 days begin on 18 August, the 30 before on 19 July. A week ago they began
on 11 August and on 12 July.

         20 July   1 August   15 August   7 Sept   10 Sept   14–15 Sept
Anna     came                                                came
Bo                 came                            came
Cia                           came
Dan                                       came               came
Eva                                                          came

Now: Anna, Bo and Cia came in the 30 before; Anna and Bo lately, too. A week ago, at ten: Anna and
Bo came in the 30 before; lately came Cia and Dan, so none of the two.
"""

from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from django_scopes import scope

from loyalty import clock, keys
from loyalty.actors import Actor
from loyalty.dashboard.week.figures import Figure, week_of
from loyalty.dashboard.week.readings import readings
from members.ledger.models import Operation
from members.merging import merge
from members.models import Membership
from members.operations import undo
from rewards.models import Claim
from rewards.operations import hand_over
from tests.factories import (
    CounterFactory,
    LocationFactory,
    MembershipFactory,
    PointsFactory,
    ProgrammeFactory,
    earn,
    stamp,
)

pytestmark = pytest.mark.django_db

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 9, 16, 10, 0, tzinfo=OSLO)
Source = Membership.Source


def at(month, day, hour=9):
    return clock.at(datetime(2026, month, day, hour, 0, tzinfo=OSLO))


@pytest.fixture
def summer(shop):
    """The shop, with its card, since the first of June."""
    with at(6, 1):
        shop.live_since = clock.now()
        shop.save(update_fields=["live_since"])
        ProgrammeFactory(shop=shop)
    return shop


@pytest.fixture
def people(summer):
    def join(month, day, **more):
        with at(month, day):
            return MembershipFactory(shop=summer, **more)

    return {
        "Anna": join(7, 1),
        "Bo": join(7, 1),
        "Cia": join(7, 1),
        "Dan": join(9, 7, source=Source.POSTER),
        "Eva": join(9, 15, source=Source.LINK),
        "Fay": join(9, 15, source=Source.COUNTER),
    }


@pytest.fixture
def came(people, counter):
    """came("Anna", 7, 20): on 20 July, at nine; one stamp, if nothing else is said."""

    def came(name, month, day, stamps=1, *, counter=counter, hour=9):
        with at(month, day, hour):
            stamp(people[name], stamps, counter=counter)

    return came


@pytest.fixture
def autumn(people, came):
    came("Anna", 7, 20)
    came("Bo", 8, 1)
    came("Cia", 8, 15)
    came("Dan", 9, 7, stamps=3)
    came("Bo", 9, 10)
    came("Anna", 9, 14)
    came("Dan", 9, 15, stamps=2)
    came("Eva", 9, 15)
    with scope(shop=people["Fay"].shop):
        evening = datetime(2026, 9, 15, 22, 0, tzinfo=OSLO)
        Membership.objects.filter(pk=people["Fay"].pk).update(leaving_since=evening)


@pytest.fixture
def week(summer):
    def of(moment=NOW, **more):
        with scope(shop=summer):
            return week_of(summer, moment, **more)

    return of


@pytest.mark.usefixtures("autumn")
def test_it_works(week):
    found = week()

    assert found.visits == Figure(3, 1)
    assert found.stamps == Figure(4, 3)
    assert (found.joined.by_source, found.joined.by_source_before) == ({"link": 1}, {"poster": 1})
    assert (found.joined.members, found.joined.members_before) == (5, 4)
    assert (found.came_back.part, found.came_back.whole) == (Figure(2, 0), Figure(3, 2))
    assert (found.came_back.now, found.came_back.before) == (Fraction(2, 3), 0)
    assert (found.rewards.part, found.rewards.whole) == (Figure(0, 0), Figure(0, 0))
    assert found.points is None  # there are none
    assert found.spend is None  # nobody wrote an amount down


@pytest.mark.usefixtures("autumn")
def test_each_day_has_its_visits(week):
    found = week()

    by_day = [(found.of_day(day).now, found.of_day(day).before) for day in found.stretch.days]
    assert by_day == [(1, 1), (2, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0)]


@pytest.mark.usefixtures("autumn")
def test_the_week_before_is_counted_whole_once_it_is_looked_at(week):
    found = week(monday=date(2026, 9, 7))

    assert found.visits == Figure(2, 0)  # Bo on Thursday, too
    assert found.joined.members == 4
    # The last 30 days begin on 15 August: Cia, Dan and Bo came; in the 30 before, Anna and Bo.
    assert (found.came_back.part.now, found.came_back.whole.now) == (1, 2)


def test_nobody_before_is_a_dash_and_no_mistake(week, summer):
    shown = {each.shown.title: each for each in readings(week(), summer, only_stamps=True)}

    assert shown["Came back"].shown.beside == "–"
    assert shown["Came back"].value == ("–", "–")
    assert shown["Rewards handed out"].shown.beside == "none earned"
    assert shown["Rewards handed out"].value == ("–", "–")


@pytest.mark.usefixtures("autumn")
def test_what_was_undone_counts_nowhere(week, people, counter):
    anna = people["Anna"]
    with scope(shop=anna.shop), at(9, 14, 11):
        stamped = Operation.objects.filter(kind="add_stamps", membership=anna).latest("pk")
        undo(membership=anna, undone=stamped, key=keys.new(), actor=Actor.of_counter(counter))

    found = week()
    assert (found.visits.now, found.stamps.now) == (2, 3)
    assert found.came_back.part.now == 1  # only Bo is left


@pytest.mark.usefixtures("autumn")
def test_two_cards_that_became_one_are_one_member(week, people, counter):
    """Dan's card becomes part of Anna's: he is Anna, and she joined in July."""
    with scope(shop=people["Anna"].shop), clock.at(NOW):
        actor = Actor.of_counter(counter)
        merge(kept=people["Anna"], gone=people["Dan"], key=keys.new(), actor=actor)

    found = week()
    assert found.visits == Figure(3, 1)  # they came as often as they came
    assert (found.joined.members, found.joined.members_before) == (4, 3)
    assert found.joined.by_source_before == {}
    assert found.came_back.part == Figure(2, 1)  # a week ago, Anna had come as Dan
    assert found.stamps == Figure(4, 3)


@pytest.mark.usefixtures("autumn")
def test_who_got_a_new_card_this_week_joined_with_the_first(week, people, counter):
    """Anna's card becomes part of Eva's: whoever is Eva now, joined in July."""
    with scope(shop=people["Anna"].shop), clock.at(NOW):
        actor = Actor.of_counter(counter)
        merge(kept=people["Eva"], gone=people["Anna"], key=keys.new(), actor=actor)

    found = week()
    assert found.joined.by_source == {}
    assert (found.joined.members, found.joined.members_before) == (4, 4)


@pytest.mark.usefixtures("autumn")
def test_who_left_later_did_join_and_is_no_member_any_more(week, people):
    with scope(shop=people["Dan"].shop):
        Membership.objects.filter(pk=people["Dan"].pk).update(leaving_since=NOW)

    assert week(NOW + timedelta(hours=1)).joined.by_source_before == {"poster": 1}
    assert week(NOW + timedelta(hours=1)).joined.members == 4
    assert week(NOW + timedelta(hours=1)).joined.members_before == 4


def test_rewards_handed_out_stand_beside_those_earned(week, people, counter):
    """Eight stamps more fill Bo's and Cia's cards; one of the two rewards is handed out."""
    actor = Actor.of_counter(counter)
    for name in ("Bo", "Cia"):
        with at(9, 15):
            stamp(people[name], 8, counter=counter)
    with at(9, 15, 12), scope(shop=people["Bo"].shop):
        bos = Claim.objects.get(membership=people["Bo"])
        hand_over(membership=people["Bo"], claim=bos, key=keys.new(), actor=actor)

    found = week()
    assert (found.rewards.part, found.rewards.whole) == (Figure(1, 0), Figure(2, 0))

    with at(9, 15, 13), scope(shop=people["Bo"].shop):
        handed = Operation.objects.get(kind="hand_over")
        undo(membership=people["Bo"], undone=handed, key=keys.new(), actor=actor)

    found = week()
    assert (found.rewards.part.now, found.rewards.whole.now) == (0, 2)
    assert found.never_any


def test_spend_per_visit_leaves_out_who_paid_nothing_known(week, people, counter, summer):
    """74,50 and 25 kr; a stamp has no amount. Together 99,50 by 2: 49,75 kr."""
    with at(6, 1):
        PointsFactory(shop=summer)
    with at(9, 15):
        earn(people["Anna"], 74_50, counter=counter)
        earn(people["Bo"], 25_00, counter=counter)
        stamp(people["Cia"], counter=counter)

    found = week()
    assert (found.spend.part.now, found.spend.whole.now) == (99_50, 2)
    assert found.points == Figure(9, 0)  # 7 and 2
    with scope(shop=summer):
        told = readings(found, summer, only_stamps=False)[-1]
    assert told.shown.value == "49.75\N{NO-BREAK SPACE}kr"
    assert told.value == ("49.75\N{NO-BREAK SPACE}kr", "–")


def test_a_place_counts_what_happened_there(week, people, came, summer):
    there = CounterFactory(shop=summer, location=LocationFactory(shop=summer))
    came("Anna", 8, 1)
    came("Anna", 9, 15)
    came("Bo", 8, 1, counter=there)
    came("Bo", 9, 15, stamps=2, counter=there)

    found = week(places=[there.location_id])
    assert (found.visits.now, found.stamps.now) == (1, 2)
    assert (found.came_back.part.now, found.came_back.whole.now) == (1, 1)
    assert found.joined is None  # members are the shop's


def test_a_shop_of_this_week_is_compared_with_nothing(week, came, summer):
    summer.live_since = datetime(2026, 9, 15, 8, 0, tzinfo=OSLO)
    came("Eva", 9, 15)

    found = week()
    assert found.visits == Figure(1, None)
    assert found.joined.members_before is None
    assert found.came_back.before is None
