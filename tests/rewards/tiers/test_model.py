"""Whatever is bought, taken back and waited for: everybody stands where a plain model says."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from loyalty import clock, keys
from members.operations import void
from rewards.tiers.models import Ladder, Standing
from rewards.tiers.operations import pass_time
from rewards.tiers.proving import disagreements
from tests.factories import MembershipFactory, PointsFactory, earn
from tests.ladder_factories import LadderFactory
from tests.rewards.tiers.conftest import given_to
from tests.rewards.tiers.plain_ladder import TAKES, Plain

pytestmark = pytest.mark.django_db

BEGINNINGS = [
    datetime(2027, 3, 28, 10, tzinfo=UTC),  # Oslo, the day the clocks go forward
    datetime(2027, 12, 20, 10, tzinfo=UTC),
    datetime(2028, 2, 29, 10, tzinfo=UTC),
]
WAITS = [1, 9, 25, 100, 334, 366]
BUYS = st.tuples(st.just("buy"), st.sampled_from([10_000, 20_000, 35_000, 60_000]))
BACK = st.tuples(st.just("take_back"), st.integers(0, 3))
STEPS = st.lists(
    st.one_of(BUYS, BUYS, BACK, st.tuples(st.just("wait"), st.sampled_from(WAITS))), max_size=12
)
IN_JANUARY = [("buy", 35_000), ("buy", 20_000), ("wait", 366), ("wait", 9), ("buy", 60_000)]


class Both:
    def __init__(self, card, counter, owner, window, now):
        self.card, self.counter, self.owner, self.now = card, counter, owner, now
        self.plain = Plain(window)

    def take(self, what, n):
        with clock.at(self.now):
            getattr(self, what)(n)
            self.compare()

    def buy(self, amount):
        earn(self.card, amount, counter=self.counter)
        self.plain.buy(amount, self.now.date())

    def take_back(self, nth):
        """One of the latest, if it is not too long ago."""
        standing = [place for place, (_day, paid) in enumerate(self.plain.bought) if paid]
        lately = [each for each in given_to(self.card)[:4] if self.is_late(each)]
        if nth < len(lately):
            wish = {"membership": self.card, "undone": lately[nth], "reason": "refund"}
            void(**wish, key=keys.new(), actor=self.owner)
            self.plain.take_back(standing[-1 - nth], self.now.date())

    def is_late(self, operation):
        return operation.occurred_at + timedelta(days=30) >= self.now

    def wait(self, days):
        self.now += timedelta(days=days)
        with clock.at(self.now):
            pass_time(self.now)
        self.plain.pass_time(self.now.date())

    def compare(self):
        found = Standing.objects.filter(membership=self.card).select_related("tier").first()
        level = TAKES.index(found.tier.threshold) if found else 0
        assert (level, found and found.held_until) == (self.plain.level, self.plain.until)


@pytest.fixture
def both(in_shop, counter, owner):
    PointsFactory(shop=in_shop)
    takes = dict(zip(("Bronze", "Silver", "Gold"), TAKES, strict=True))
    LadderFactory(shop=in_shop, measure=Ladder.Measure.SPEND, takes=takes)

    def both(beginning, window, steps):
        savepoint = transaction.savepoint()
        Ladder.objects.update(window=window)
        try:
            with clock.at(beginning):
                card = MembershipFactory(shop=in_shop)
            pair = Both(card, counter, owner, window, beginning)
            for step in steps:
                pair.take(*step)
            assert list(disagreements()) == []
        finally:
            transaction.savepoint_rollback(savepoint)

    return both


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    beginning=st.sampled_from(BEGINNINGS), window=st.sampled_from(["rolling", "year"]), steps=STEPS
)
@example(BEGINNINGS[1], "year", [*IN_JANUARY, ("take_back", 0), ("take_back", 1)])
@example(
    BEGINNINGS[1], "rolling", [("buy", 35_000), ("wait", 25), ("buy", 20_000), ("take_back", 1)]
)
@example(BEGINNINGS[2], "rolling", [("buy", 60_000), ("wait", 366), ("wait", 366)])
def test_it_works(both, beginning, window, steps):
    both(beginning, window, steps)
