"""Moving up: at once, with exactly enough, by what was done and never what is left (B15, B16)."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loyalty import clock, keys
from loyalty.actors import Actor
from members.ledger.models import Account
from members.messages.models import Message
from rewards.catalogue.operations import redeem_now
from rewards.operations import hand_over
from rewards.points.rules import Action
from rewards.tiers.models import Ladder, Standing
from rewards.tiers.owning import switch_off
from rewards.tiers.standing import at_least, tier_of
from stampcards.counter import telling
from stampcards.operations import add_stamps
from tests.factories import MembershipFactory, PointsFactory, RewardFactory, earn
from tests.ladder_factories import LadderFactory
from tests.rewards.tiers.conftest import MAY, at, moves, name_of, where

pytestmark = pytest.mark.django_db

SPEND, POINTS, ATTENDANCE = Ladder.Measure.SPEND, Ladder.Measure.POINTS, Ladder.Measure.ATTENDANCE


def test_it_works(maja, visit):
    assert name_of(maja) == "Bronze"
    visit(maja, 2)
    assert name_of(maja) == "Bronze"

    visit(maja)

    assert name_of(maja) == "Silver"
    assert where(maja) == {
        "tier__name": "Silver",
        "since": MAY,
        "held_until": date(2028, 5, 12),
    }
    assert moves(maja) == [("Silver", "reached")]


def test_joining_writes_nothing(maja):
    assert not Standing.objects.exists()


def test_it_is_told_on_the_card_and_at_the_till(maja, visit):
    done = visit(maja, 3)

    assert done["also"] == [{"kind": "level", "level": "Silver"}]
    said = telling.given(maja, done, keys.new())
    assert said.text == "Maja: 1 stamp. Now 4 of 9. Maja is Silver now."
    assert list(Message.objects.values_list("template", "values")) == [
        ("rewards/tiers/mail/reached", {"level": "Silver"})
    ]


def test_what_was_done_and_not_bought_is_no_purchase(in_shop, maja, counter):
    """The level goes by how often they buy: four reviews are none (TIE-01)."""
    points = PointsFactory(shop=in_shop, rules__actions=(Action("Review", 2),))
    for _ in range(4):
        earn(maja, programme=points, counter=counter, bought=False, actions=("Review",))

    assert name_of(maja) == "Bronze"


def test_who_stays_is_not_told(maja, visit):
    assert visit(maja, 2)["also"] == []


@pytest.fixture
def points(in_shop):
    return PointsFactory(shop=in_shop, rules__per_attendance=5)


@pytest.mark.parametrize(
    ("paid", "level"),
    [(29_999, "Bronze"), (30_000, "Silver"), (49_999, "Silver"), (50_000, "Gold")],
)
def test_exactly_enough_is_enough(points, in_shop, counter, paid, level):
    LadderFactory(
        shop=in_shop, measure=SPEND, takes={"Bronze": 0, "Silver": 30_000, "Gold": 50_000}
    )
    card = MembershipFactory(shop=in_shop)

    earn(card, paid, counter=counter)

    assert name_of(card) == level


def test_one_purchase_passes_two_levels_in_one_move(points, in_shop, counter):
    LadderFactory(
        shop=in_shop, measure=SPEND, takes={"Bronze": 0, "Silver": 30_000, "Gold": 50_000}
    )
    card = MembershipFactory(shop=in_shop)

    earn(card, 80_000, counter=counter)

    assert moves(card) == [("Gold", "reached")]
    assert Message.objects.count() == 1


def test_points_count_as_they_are_earned(points, in_shop, counter):
    LadderFactory(shop=in_shop, measure=POINTS, takes={"Bronze": 0, "Silver": 100})
    card = MembershipFactory(shop=in_shop)

    earn(card, 99_000, counter=counter)
    assert name_of(card) == "Bronze"
    earn(card, 1_000, counter=counter)
    assert name_of(card) == "Silver"


def test_coming_by_counts_where_it_is_measured(points, in_shop, counter):
    LadderFactory(shop=in_shop, measure=ATTENDANCE, takes={"Bronze": 0, "Silver": 2})
    card = MembershipFactory(shop=in_shop)
    earn(card, 99_000, counter=counter)
    earn(card, counter=counter, bought=False, attended=True)
    assert name_of(card) == "Bronze"

    with at(2027, 5, 13, 10):
        earn(card, counter=counter, bought=False, attended=True)

    assert name_of(card) == "Silver"


def test_redeeming_everything_costs_no_level(points, in_shop, counter):
    LadderFactory(shop=in_shop, measure=POINTS, takes={"Bronze": 0, "Silver": 100})
    lunch = RewardFactory(programme=points, cost=100)
    card = MembershipFactory(shop=in_shop)
    earn(card, 100_000, counter=counter)

    redeem_now(membership=card, reward=lunch, key=keys.new(), actor=Actor.of_counter(counter))

    assert Account.objects.get(membership=card).balance == 0
    assert name_of(card) == "Silver"


def test_what_was_spent_counts_for_the_next_level(points, in_shop, counter):
    LadderFactory(shop=in_shop, measure=POINTS, takes={"Bronze": 0, "Silver": 150})
    lunch = RewardFactory(programme=points, cost=100)
    card = MembershipFactory(shop=in_shop)
    earn(card, 100_000, counter=counter)
    redeem_now(membership=card, reward=lunch, key=keys.new(), actor=Actor.of_counter(counter))

    earn(card, 50_000, counter=counter)

    assert Account.objects.get(membership=card).balance == 50
    assert name_of(card) == "Silver"


def test_using_a_reward_costs_no_level(maja, visit, counter):
    visit(maja, 8)
    claim = maja.claims.get()

    hand_over(membership=maja, claim=claim, key=keys.new(), actor=Actor.of_counter(counter))

    assert name_of(maja) == "Gold"


def test_nobody_moves_while_levels_are_off(maja, visit, in_shop, owner):
    visit(maja, 2)
    switch_off(actor=owner)
    visit(maja)

    assert tier_of(maja) is None
    assert not Standing.objects.exists()


def test_a_visit_that_arrives_late_counts_for_its_own_day(in_shop, card, counter, visit):
    LadderFactory(shop=in_shop, window=Ladder.Window.YEAR)
    with at(2027, 12, 31, 9):
        late = MembershipFactory(shop=in_shop)
        visit(late, 2)
    with at(2028, 1, 1, 9):
        actor = Actor.of_counter(counter, at=clock.now().replace(year=2027, month=12, day=31))
        add_stamps(
            membership=late, programme=card, count=1, again=True, key=keys.new(), actor=actor
        )

    assert name_of(late) == "Silver"
    assert where(late)["held_until"] == date(2028, 12, 31)


# --- Who is where -----------------------------------------------------------------------------


def test_at_least_names_those_at_a_level_and_above(maja, visit, ladder):
    silver, bronze = (MembershipFactory(shop=ladder.shop) for _card in range(2))
    visit(maja, 5)
    visit(silver, 3)

    assert set(at_least(ladder.named["Gold"])) == {maja}
    assert set(at_least(ladder.named["Silver"])) == {maja, silver}
    assert set(at_least(ladder.named["Bronze"])) == {maja, silver, bronze}


def test_while_levels_are_off_nobody_has_one(maja, visit, ladder, owner):
    visit(maja, 5)
    switch_off(actor=owner)

    assert tier_of(maja) is None
    assert not at_least(ladder.named["Gold"]).exists()
    assert not at_least(ladder.named["Bronze"]).exists()
    assert Standing.objects.count() == 1


def test_a_shop_without_levels_has_none(in_shop, member):
    assert tier_of(member) is None


def test_a_stranger_is_at_no_level_here(maja, visit, ladder, next_door_member):
    visit(maja, 5)

    assert tier_of(next_door_member) is None
    assert next_door_member not in at_least(ladder.named["Bronze"])


def test_a_visit_that_moves_nobody_costs_two_queries_more(maja, visit):
    Ladder.objects.update(measure=SPEND)
    visit(maja)
    with CaptureQueriesContext(connection) as queries:
        visit(maja)

    asked = [query["sql"] for query in queries]
    assert sum("tiers_" in sql for sql in asked) == 3  # two of them are asked anyway
    assert sum("amount_minor" in sql and "SUM(" in sql for sql in asked) == 1
