"""Points earned and taken back at the same moment, and the scheme itself started twice (L8, B6).

Each race has a control: without the lock, the danger is real.
"""

from collections import Counter

import pytest
from django.db.models import QuerySet
from django_scopes import scope

from loyalty import keys
from members import programmes
from members.models import Programme
from rewards.points.owning import start_points
from rewards.points.rules import PointRules
from tests.books import purse
from tests.factories import CounterFactory, MembershipFactory, earn
from tests.races.outcomes import outcome
from tests.races.spending import choosing, taking_back
from tests.support.together import together

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 4


# --- Against what is taken back -----------------------------------------------------------------


def test_what_is_undone_is_not_spent(rich, lunch, own, owner):
    for _round in range(ROUNDS):
        card = rich()
        outcomes = together([choosing(card, lunch, own), taking_back(card, owner)])

        assert (outcomes, purse(card)) in [
            (["chosen", "AlreadySpent"], (50, 0)),
            (["PointsMissing", "back"], (0, 0)),
        ]


def test_what_is_voided_is_owed_if_it_was_spent(rich, lunch, own, owner):
    for _round in range(ROUNDS):
        card = rich()
        outcomes = together([choosing(card, lunch, own), taking_back(card, owner, reason="refund")])

        assert (outcomes, purse(card)) in [
            (["chosen", "back"], (0, 100)),
            (["PointsMissing", "back"], (0, 0)),
        ]


@pytest.mark.postgres_only
@pytest.mark.parametrize("more", [{}, {"reason": "refund"}])
def test_without_the_lock_only_the_database_stops_one(*, rich, lunch, own, owner, gap, more):
    card = rich()
    outcomes = together([choosing(card, lunch, own), taking_back(card, owner, **more)])

    assert "stopped" in outcomes


def test_a_purchase_is_undone_or_voided_but_once(rich, till_actor, owner):
    for _round in range(ROUNDS):
        card = rich()
        acts = [taking_back(card, till_actor) for _tap in range(3)]
        acts += [taking_back(card, owner, reason="refund") for _tap in range(3)]
        outcomes = together(acts)

        assert sorted(outcomes) == ["NothingToUndo"] * 5 + ["back"]
        assert purse(card) == (0, 0)


@pytest.mark.postgres_only
def test_without_the_lock_only_the_database_undoes_it_once(rich, till_actor, owner, gap):
    card = rich()
    acts = [taking_back(card, till_actor), taking_back(card, owner, reason="refund")]

    assert sorted(together(acts)) == ["back", "stopped"]


# --- Earning ------------------------------------------------------------------------------------


@pytest.fixture
def coming_by(in_shop, points, ola):
    tills = [CounterFactory(shop=in_shop, staff=ola) for _till in "ab"] * 8

    def race():
        card = MembershipFactory(shop=in_shop)
        came = {"membership": card, "bought": False, "attended": True}
        acts = [outcome(earn, **came, counter=each, key=keys.new()) for each in tills]
        return Counter(together(acts)), card

    return race


def test_coming_by_counts_once_a_day(coming_by):
    outcomes, card = coming_by()

    assert outcomes == {"done": 1, "AttendedToday": 15}
    assert purse(card)[0] == 5


@pytest.mark.postgres_only
def test_without_the_lock_only_the_database_counts_it_once(coming_by, gap):
    outcomes, _card = coming_by()

    assert outcomes["stopped"]


# --- The scheme itself --------------------------------------------------------------------------


def double_tap(owner):
    def tap():
        with scope(shop=owner.shop):
            return start_points(name="Points", rules=PointRules(), actor=owner)

    return sorted(together([outcome(tap, says="started") for _tap in range(6)]))


def test_a_double_tap_starts_one_scheme(in_shop, owner):
    assert double_tap(owner) == ["HasPoints"] * 5 + ["started"]
    assert Programme.objects.filter(kind="points").count() == 1


@pytest.mark.postgres_only
def test_without_the_lock_it_starts_several(in_shop, owner, monkeypatch, slow):
    slow(programmes, "start")
    monkeypatch.setattr(QuerySet, "select_for_update", lambda found, **_how: found)

    assert double_tap(owner).count("started") > 1
