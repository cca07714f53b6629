"""The ledger and a plain Python model do the same things for years, and never disagree (L9)."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from loyalty.refusals import Refused
from members.ledger import audit
from members.ledger.models import Account, Lot, Operation, local_day
from members.ledger.operations import expire_lapsed
from members.merging import merge
from members.operations import undo
from rewards.models import Claim
from rewards.operations import expire_claims, hand_over
from stampcards.operations import add_stamps
from tests.factories import CounterFactory, MembershipFactory, ProgrammeFactory
from tests.members.ledger import plain
from tests.support.lives import BEGINNINGS, WAITS, many, undone

pytestmark = pytest.mark.django_db

CARDS = 3

card = st.integers(0, CARDS - 1)
nth = st.integers(0, 5)
STEPS = st.one_of(
    st.tuples(st.just("stamp"), card, st.integers(1, 6), st.booleans()),
    st.tuples(st.just("stamp"), card, st.integers(1, 6), st.booleans()),
    st.tuples(st.just("hand_over"), card, nth),
    st.tuples(st.just("undo"), nth),
    st.tuples(st.just("wait"), st.sampled_from(WAITS)),
    st.tuples(st.just("expire")),
    st.tuples(st.just("merge"), card, card),
    st.tuples(st.just("repeat")),
)


class Twins:
    """The product and the model, side by side; every step is taken in both."""

    def __init__(self, programme, counter, beginning):
        self.programme, self.shop, self.now = programme, programme.shop, beginning
        self.actor = Actor.of_counter(counter)
        self.owner = Actor(self.shop, Channel.OWNER)
        numbers = count()
        with clock.at(self.now):
            self.members = [MembershipFactory(shop=self.shop) for _card in range(CARDS)]
        self.cards = [plain.Card(numbers) for _card in range(CARDS)]
        for twin in self.cards:
            twin.earn(1, plain.months_after(self.today, plain.MONTHS), welcome=True)
        self.claims: list[tuple[Claim, plain.Claim]] = []
        self.done: list[tuple[Operation, plain.Done | plain.Merge]] = []
        self.asked = None

    @property
    def today(self):
        return local_day(self.shop, self.now)

    def take(self, step, *how):
        with clock.at(self.now):
            getattr(self, step)(*how)
            self.agree()

    def both(self, ours, theirs):
        """Ask the product, with a key; and the model. Both do it, or both refuse."""
        self.asked = key, _ask = keys.new(), ours
        try:
            answer = ours(key)
        except Refused as refusal:
            answer = refusal
        try:
            done = theirs()
        except plain.No:
            assert isinstance(answer, Refused), f"the model refuses, the product says {answer}"
            return None
        assert not isinstance(answer, Refused), f"the product refuses: {answer}"
        self.pair_claims()
        return Operation.objects.get(key=key), done

    def stamp(self, n, amount, extra):
        wish = {"membership": self.members[n], "programme": self.programme, "count": amount}
        wish |= {"extra": extra, "again": True, "reason": "group", "actor": self.actor}
        pair = self.both(
            lambda key: add_stamps(**wish, key=key),
            lambda: self.cards[n].stamp(amount, extra, self.today),
        )
        self.done += [pair] if pair else []

    def hand_over(self, n, nth):
        of_card = [pair for pair in self.claims if pair[1] in self.cards[n].claims]
        if not of_card:
            return
        ours, theirs = of_card[nth % len(of_card)]
        wish = {"membership": self.members[n], "claim": ours, "actor": self.actor}
        pair = self.both(
            lambda key: hand_over(**wish, key=key),
            lambda: self.cards[n].hand_over(theirs, self.today),
        )
        self.done += [pair] if pair else []

    def undo(self, nth):
        if not self.done:
            return
        ours, theirs = self.done[-1 - nth % len(self.done)]
        ours = Operation.objects.select_related("membership").get(pk=ours.pk)
        wish = {"membership": ours.membership, "undone": ours, "actor": self.owner}
        self.both(lambda key: undo(**wish, key=key), lambda: self.undo_theirs(theirs))

    def undo_theirs(self, theirs):
        if isinstance(theirs, plain.Merge):
            plain.part(theirs, self.today, self.now)
        else:
            plain.undo(theirs, self.today)

    def merge(self, gone, kept):
        wish = {"kept": self.members[kept], "gone": self.members[gone], "actor": self.owner}
        pair = self.both(
            lambda key: merge(**wish, key=key),
            lambda: self.cards[gone].become(self.cards[kept], self.today, self.now),
        )
        self.done += [pair] if pair else []

    def expire(self):
        expire_lapsed(self.now)
        expire_claims(self.now)
        for twin in self.cards:
            twin.expire(self.today)

    def wait(self, time):
        self.now += time

    def repeat(self):
        """The same key once more: nothing moves, whatever has happened since."""
        if self.asked:
            key, ask = self.asked
            try:
                ask(key)
            except Refused as refusal:
                self.refused_again(key, refusal)

    def refused_again(self, key, refusal):
        assert Operation.objects.get(key=key).answer["refused"] == refusal.code

    def pair_claims(self):
        """Claims are made in the same order on both sides."""
        known = {theirs for _ours, theirs in self.claims}
        new = [c for twin in self.cards for c in twin.claims if c not in known]
        ours = Claim.objects.order_by("pk")[len(self.claims) :]
        self.claims += zip(ours, new, strict=True)

    def agree(self):
        left = defaultdict(list)
        for lot in Lot.objects.left().order_by("pk"):
            left[lot.account_id].append((lot.remaining, lot.expires_on))
        accounts = {account.membership_id: account for account in Account.objects.all()}
        for member, twin in zip(self.members, self.cards, strict=True):
            account = accounts.pop(member.pk)
            assert account.balance == twin.balance
            assert left[account.pk] == [(lot.left, lot.until) for lot in twin.lots if lot.left]
            assert account.cycle == twin.cycle
        assert not accounts
        self.agree_on_claims()

    def agree_on_claims(self):
        claims = Claim.objects.order_by("pk").values_list("pk", "membership", "state")
        assert list(claims) == [
            (ours.pk, self.members[self.card_of(theirs)].pk, theirs.state)
            for ours, theirs in self.claims
        ]

    def card_of(self, claim):
        [n] = [n for n, twin in enumerate(self.cards) if claim in twin.claims]
        return n


@pytest.fixture
def twins(in_shop):
    programme = ProgrammeFactory(
        shop=in_shop,
        rules__need=plain.NEED,
        rules__expires_months=plain.MONTHS,
        rules__reward_months=plain.REWARD_MONTHS,
        rules__most_per_purchase=6,
    )
    programme.versions.update(effective_from=datetime(2020, 1, 1, tzinfo=UTC))
    counter = CounterFactory(shop=in_shop)

    def twins(beginning, steps):
        with undone():
            both = Twins(programme, counter, beginning)
            for step in steps:
                both.take(*step)
            assert list(audit.disagreements()) == []

    return twins


DAYS = timedelta(days=1)
# Chance finds these seldom: what an undo gives back has lapsed meanwhile, and comes back with a
# date sooner than that of older stamps; which are eaten in the order of the dates.
GRACE = [
    ("stamp", 0, 3, False),
    ("wait", 28 * DAYS),
    ("stamp", 0, 2, False),
    ("wait", 4 * DAYS),
    ("undo", 0),
    ("stamp", 0, 2, True),
    ("wait", 15 * DAYS),
    ("expire",),
]
SOONER = [*GRACE[:3], ("wait", DAYS), ("stamp", 0, 2, False), ("wait", 3 * DAYS), ("undo", 1)]
MOVED = [
    ("stamp", 1, 1, False),
    ("wait", 15 * DAYS),
    ("stamp", 0, 2, False),
    ("merge", 1, 0),
    ("stamp", 0, 2, False),
    ("undo", 0),
]
# Two cards that fill one another become two again, after some of it has run out.
PARTED = [
    ("stamp", 1, 3, False),
    ("wait", 31 * DAYS),
    ("stamp", 0, 2, False),
    ("merge", 1, 0),
    ("wait", DAYS),
    ("expire",),
    ("undo", 0),
    ("expire",),
]
RAN_OUT = [("stamp", 1, 1, False), *PARTED[1:2], ("merge", 1, 0), *PARTED[4:]]


def as_long_as(examples, steps):
    """How many lives, and how long they are. A failing one is printed, small, to be repeated."""

    def decorate(test):
        for hard in (GRACE, SOONER, MOVED, PARTED, RAN_OUT):
            test = example(beginning=BEGINNINGS[2], steps=hard)(test)
        lives = given(beginning=st.sampled_from(BEGINNINGS), steps=st.lists(STEPS, max_size=steps))
        return many(examples)(lives(test))

    return decorate


@as_long_as(examples=100, steps=30)
def test_the_ledger_and_the_model_agree(twins, beginning, steps):
    twins(beginning, steps)


@pytest.mark.long
@as_long_as(examples=5000, steps=100)
def test_they_agree_for_very_long(twins, beginning, steps):
    twins(beginning, steps)


def test_a_model_that_is_wrong_is_noticed(twins, monkeypatch):
    """The control: the model eats the latest date first."""

    def wrong(card, amount, today):
        card.lots.reverse()
        eaten = []
        for lot in card.lots:
            bite = min(lot.left, amount)
            lot.left, amount = lot.left - bite, amount - bite
            eaten += [(lot, bite)] if bite else []
        card.lots.reverse()
        return eaten

    monkeypatch.setattr(plain.Card, "eat", wrong)
    steps = [("stamp", 0, 3, False), ("wait", timedelta(days=1)), ("stamp", 0, 3, False)]

    with pytest.raises(AssertionError):
        twins(BEGINNINGS[0], steps)
