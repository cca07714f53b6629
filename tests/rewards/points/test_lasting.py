"""Until when points last, whatever they came from and whatever becomes of the rules (A3, B13)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor
from members.adjusting import adjust_balance
from members.ledger import operations
from members.ledger.models import LedgerEntry, Operation
from members.ledger.operations import expire_lapsed
from members.merging import merge
from members.operations import undo, void
from members.visits import Purchase
from rewards.birthday.models import BirthdayTreat
from rewards.birthday.operations import give_treats
from rewards.birthday.owning import keep_treat
from rewards.catalogue.operations import redeem
from rewards.points.operations import earn_points
from rewards.points.rules import Action, Expiry, PointRules
from tests.books import MONDAY, account, balance, lots, purse
from tests.factories import (
    MembershipFactory,
    PointsFactory,
    ProgrammeFactory,
    RewardFactory,
    RuleVersionFactory,
    as_owner,
    earn,
    stamp,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

DAY = timedelta(days=1)
IDLE = PointRules(expiry=Expiry.IDLE, expires_months=1)
EARNED = PointRules(expiry=Expiry.EARNED, expires_months=1)


@pytest.fixture
def scheme(in_shop):
    """scheme(rules): a points scheme and a member of it."""

    def scheme(rules):
        points = PointsFactory(shop=in_shop, rules=rules)
        points.versions.update(effective_from=MONDAY - 30 * DAY)
        return points, MembershipFactory(shop=in_shop)

    return scheme


def night(days):
    return MONDAY + days * DAY


def expire_on(moment):
    with clock.at(moment):
        expire_lapsed(moment)


# --- Every kind of earning (B13) ----------------------------------------------------------------


def by_amount(card, points, counter, owner):
    earn(card, 50_000, counter=counter)


def with_a_stamp(card, points, counter, owner):
    programme = ProgrammeFactory(shop=card.shop, rules__welcome=0)
    stamp(card, counter=counter, programme=programme, purchase=Purchase(50_000))


def for_coming_by(card, points, counter, owner):
    earn(card, counter=counter, bought=False, attended=True)


def for_what_was_done(card, points, counter, owner):
    earn(card, counter=counter, bought=False, actions=("Own cup",))


def as_a_bonus(card, points, counter, owner):
    earn(card, 50_000, counter=counter)
    gamble = RewardFactory(programme=points, cost=50, behaviour="bonus", bonus=30)
    redeem(membership=card, reward=gamble, key=keys.new(), actor=owner)


def by_hand(card, points, counter, owner):
    wish = {"membership": card, "programme": points, "amount": 30, "reason": "forgotten"}
    adjust_balance(**wish, key=keys.new(), actor=owner)


def from_another_card(card, points, counter, owner):
    other = MembershipFactory(shop=card.shop)
    earn(other, 50_000, counter=counter)
    merge(kept=card, gone=other, key=keys.new(), actor=owner)


def for_a_birthday(card, points, counter, owner):
    keep_treat(
        BirthdayTreat(shop=card.shop, title="Thirty points", bonus=30), actor=as_owner(card.shop)
    )
    card.birthday = (1, 3)
    card.save()
    give_treats(MONDAY)


WAYS = [
    by_amount,
    with_a_stamp,
    for_coming_by,
    for_what_was_done,
    as_a_bonus,
    by_hand,
    for_a_birthday,
]


@pytest.mark.parametrize("way", [*WAYS, from_another_card])
def test_every_kind_of_earning_runs_out_when_its_rule_says_so(scheme, counter, owner, way):
    """A lot under another label that never expires was somebody's bug (B13)."""
    rules = replace(EARNED, per_attendance=5, actions=(Action("Own cup", 2),))
    points, card = scheme(rules)
    way(card, points, counter, owner)
    assert {until for _n, until in lots(card)} == {date(2027, 4, 1)}

    expire_on(night(31))
    assert balance(card) > 0
    expire_on(night(32))
    assert balance(card) == 0


def test_twice_or_late_the_job_takes_it_once(scheme, counter):
    _points, card = scheme(EARNED)
    earn(card, 50_000, counter=counter)
    for days in (32, 32, 40):
        expire_on(night(days))

    assert [e.amount for e in LedgerEntry.objects.filter(kind="expire")] == [-50]


# --- Idle ---------------------------------------------------------------------------------------


def test_a_visit_keeps_all_of_them_alive(scheme, counter):
    _points, card = scheme(IDLE)
    earn(card, 50_000, counter=counter)
    with clock.at(night(30)):
        earn(card, 10_000, counter=counter)

    assert lots(card) == [(50, date(2027, 4, 30)), (10, date(2027, 4, 30))]


def test_what_has_run_out_stays_out_also_before_the_job_has_run(scheme, counter):
    _points, card = scheme(IDLE)
    earn(card, 50_000, counter=counter)
    with clock.at(night(32)):
        earn(card, 10_000, counter=counter)

        assert lots(card) == [(50, date(2027, 4, 1)), (10, date(2027, 5, 2))]


def test_a_stamp_without_an_amount_is_a_visit_too(scheme, counter, in_shop):
    """It earns no point, so it kept none alive."""
    _points, card = scheme(IDLE)
    earn(card, 50_000, counter=counter)
    programme = ProgrammeFactory(shop=in_shop, rules__welcome=0)
    with clock.at(night(30)):
        stamp(card, counter=counter, programme=programme)

    assert lots(card) == [(50, date(2027, 4, 30))]


def test_a_reward_keeps_what_is_left_alive(scheme, counter, owner):
    points, card = scheme(IDLE)
    earn(card, 50_000, counter=counter)
    with clock.at(night(30)):
        reward = RewardFactory(programme=points, cost=20)
        redeem(membership=card, reward=reward, key=keys.new(), actor=owner)

    assert lots(card) == [(30, date(2027, 4, 30))]


def test_an_undone_visit_shortens_nothing(scheme, counter, owner):
    """It has been told that the points last longer, and what is promised holds (A3)."""
    _points, card = scheme(IDLE)
    earn(card, 50_000, counter=counter)
    with clock.at(night(30)):
        earn(card, 10_000, counter=counter)
        mistake = Operation.objects.latest("pk")
        undo(membership=card, undone=mistake, key=keys.new(), actor=owner)

    assert lots(card) == [(50, date(2027, 4, 30))]


def test_kept_alive_while_the_job_was_on_its_way_they_are_not_taken(scheme, counter, monkeypatch):
    """A visit that came late: the job had found them run out, and waited for the lock."""
    points, card = scheme(IDLE)
    earn(card, 50_000, counter=counter)
    expire = operations.expire

    def after_a_visit(**wish):
        visit = {"membership": card, "programme": points, "purchase": Purchase(10_000)}
        late = Actor.of_counter(counter, at=night(30))
        earn_points(**visit, again=True, key=keys.new(), actor=late)
        return expire(**wish)

    with monkeypatch.context() as held:
        held.setattr(operations, "expire", after_a_visit)
        expire_on(night(32))
    assert lots(card) == [(50, date(2027, 4, 30)), (10, date(2027, 4, 30))]

    expire_on(night(61))
    assert balance(card) == 0


# --- Rules that change (A3) ---------------------------------------------------------------------


def test_idle_points_stay_idle_points_when_the_rules_become_another(scheme, counter):
    """They were earned for "as long as you come": a visit goes on keeping them."""
    points, card = scheme(IDLE)
    earn(card, 50_000, counter=counter)
    RuleVersionFactory(programme=points, rules=EARNED)
    with clock.at(night(30)):
        earn(card, 10_000, counter=counter)
    with clock.at(night(59)):
        earn(card, 20_000, counter=counter)

    assert lots(card) == [
        (50, date(2027, 5, 29)),
        (10, date(2027, 4, 30)),
        (20, date(2027, 5, 29)),
    ]


def test_of_two_idle_rules_the_longer_counts(scheme, counter):
    points, card = scheme(replace(IDLE, expires_months=6))
    earn(card, 50_000, counter=counter)
    RuleVersionFactory(programme=points, rules=IDLE)
    with clock.at(night(30)):
        earn(card, 10_000, counter=counter)

    assert lots(card) == [(50, date(2027, 9, 30)), (10, date(2027, 4, 30))]


def test_what_never_ran_out_never_does(scheme, counter):
    points, card = scheme(PointRules())
    earn(card, 50_000, counter=counter)
    RuleVersionFactory(programme=points, rules=IDLE)
    earn(card, 10_000, counter=counter)
    expire_on(night(400))

    assert lots(card) == [(50, None)]


# --- Late ---------------------------------------------------------------------------------------


def test_what_comes_late_is_earned_by_the_rules_of_its_day_and_later_ones_stay(
    scheme, counter, owner
):
    points, card = scheme(EARNED)
    RuleVersionFactory(programme=points, rules=PointRules(rate="2"))
    with clock.at(night(1)):
        earn(card, 10_000, counter=counter)
        late = Actor.of_counter(counter, at=MONDAY - DAY)
        wish = {"membership": card, "programme": points, "purchase": Purchase(10_000)}
        earn_points(**wish, again=True, key=keys.new(), actor=late)

    assert lots(card) == [(20, None), (10, date(2027, 3, 28))]
    assert account(card).rule_version.number == 2
    numbers = LedgerEntry.objects.order_by("seq").values_list("rule_version__number", flat=True)
    assert list(numbers) == [2, 1]


# --- Voided -------------------------------------------------------------------------------------


def test_what_ran_out_unused_is_not_owed(scheme, counter, owner):
    """Earned on 28 February 2027 for a month, voided on 30 March: nobody had anything of it."""
    _points, card = scheme(EARNED)
    with clock.at(MONDAY - DAY):
        earn(card, 50_000, counter=counter)
        bought = Operation.objects.latest("pk")
    with clock.at(night(28)):
        earn(card, 10_000, counter=counter)
    expire_on(night(29))
    with clock.at(night(29)):
        void(membership=card, undone=bought, reason="refund", key=keys.new(), actor=owner)

    assert purse(card) == (10, 0)


def test_nor_before_the_job_has_run(scheme, counter, owner):
    _points, card = scheme(EARNED)
    with clock.at(MONDAY - DAY):
        earn(card, 50_000, counter=counter)
        bought = Operation.objects.latest("pk")
    with clock.at(night(28)):
        earn(card, 10_000, counter=counter)
    with clock.at(night(29)):
        void(membership=card, undone=bought, reason="refund", key=keys.new(), actor=owner)

    assert lots(card) == [(10, date(2027, 4, 29))]
    assert account(card).shortfall == 0
