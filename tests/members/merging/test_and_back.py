"""Whatever two cards held, merged and undone they hold it again: each lot, each date, each reward.

Hypothesis lives their life until the merge; the ledger is proved after every step from then on.
"""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty import clock, keys
from loyalty.actors import Actor
from members.ledger import audit
from members.ledger.models import Operation
from members.ledger.operations import expire_lapsed
from members.merging import merge
from members.operations import rename, undo
from rewards.models import Claim
from rewards.operations import expire_claims, hand_over
from tests.books import MONDAY
from tests.factories import MembershipFactory, PersonFactory, ProgrammeFactory, stamp
from tests.members.merging.whole import everything
from tests.support.lives import many, undone

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
NEED = 5
STEPS = st.one_of(
    st.tuples(st.just("stamp"), st.integers(0, 1), st.integers(1, 5)),
    st.tuples(st.just("stamp"), st.integers(0, 1), st.integers(1, 5)),
    st.tuples(st.just("wait"), st.sampled_from([1, 29, 31])),
    st.tuples(st.just("hand_out"), st.integers(0, 1)),
    st.tuples(st.just("name"), st.integers(0, 1)),
    st.tuples(st.just("expire")),
)


class Life:
    """Two cards, one of them saved, and what happens to them."""

    def __init__(self, programme, counter):
        self.programme, self.counter, self.now = programme, counter, MONDAY
        self.actor = Actor.of_counter(counter)
        with clock.at(MONDAY):
            self.cards = [
                MembershipFactory(shop=programme.shop, person=PersonFactory()),
                MembershipFactory(shop=programme.shop),
            ]

    def take(self, step, *how):
        with clock.at(self.now):
            answer = getattr(self, step)(*how)
        assert list(audit.disagreements()) == []
        return answer

    def stamp(self, which, n):
        stamp(self.cards[which], n, counter=self.counter, programme=self.programme)

    def hand_out(self, which):
        card = self.cards[which]
        if claim := Claim.objects.ready(self.now.date()).filter(membership=card).first():
            hand_over(membership=card, claim=claim, key=keys.new(), actor=self.actor)

    def name(self, which):
        rename(self.cards[which], f"Maja {which}")

    def wait(self, days):
        self.now += days * DAY

    def expire(self):
        expire_lapsed(self.now)
        expire_claims(self.now)

    def merge(self):
        key = keys.new()
        gone, kept = self.cards
        merge(kept=kept, gone=gone, key=key, actor=self.actor)
        return Operation.objects.select_related("membership").get(key=key)

    def part(self, merged):
        undo(membership=merged.membership, undone=merged, key=keys.new(), actor=self.actor)

    @property
    def all(self):
        return everything(*self.cards)


@pytest.fixture
def lives(in_shop, counter):
    programme = ProgrammeFactory(
        shop=in_shop, rules__need=NEED, rules__expires_months=1, rules__reward_months=1
    )
    programme.versions.update(effective_from=MONDAY)

    def lives(steps):
        life = Life(programme, counter)
        for step, *how in steps:
            with clock.at(life.now):
                getattr(life, step)(*how)
        return life

    return lives


def lived(test):
    """Many lives, each in a database of its own."""

    def alone(lives, steps):
        with undone():
            test(lives, steps)

    alone.__name__ = test.__name__
    return many(20)(given(steps=st.lists(STEPS, max_size=10))(alone))


@lived
def test_everything_is_as_it_was(lives, steps):
    life = lives(steps)
    before = life.all
    life.take("part", life.take("merge"))

    assert life.all == before


@lived
def test_after_a_night_the_same_is_left_as_without_the_merge(lives, steps):
    life = lives(steps)
    before = life.all
    merged = life.take("merge")
    life.wait(1)
    life.take("expire")
    life.take("part", merged)
    life.take("expire")

    today = life.now.date()
    assert life.all["lots"] == [lot for lot in before["lots"] if today <= lot[3]]
    assert life.all["cards"] == before["cards"]


@lived
def test_a_stamp_since_is_all_that_differs(lives, steps):
    """Unless it filled a card: then what moved was used, and the merge stands."""
    life = lives(steps)
    before = life.all
    merged = life.take("merge")
    claims = Claim.objects.count()
    life.take("stamp", 1, 1)
    if Claim.objects.count() > claims:
        return
    life.take("part", merged)

    pairs = zip(before["accounts"], life.all["accounts"], strict=True)
    [(was, now)] = [(was, now) for was, now in pairs if was != now]
    assert now.membership == life.cards[1].pk
    assert (now.lifetime, stamps_on(now)) == (was.lifetime + 1, stamps_on(was) + 1)


def stamps_on(account):
    """Also those of full cards: the stamp may be the last of the card that came back."""
    return account.balance + NEED * account.cycle
