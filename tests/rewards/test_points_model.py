"""Points, rewards and a stamp card do the same as a plain Python model of them, for years (L9, A3).

Every kind of operation of one small shop: what is earned, also late and together with stamps;
what is chosen, used, cancelled and left to run out; what is undone and voided; two cards that
become one, and two again; and rules that change meanwhile.
"""

from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from members.ledger import audit
from tests.rewards.plain_purse import Purse, Rules
from tests.rewards.points_twins import (
    CARDS,
    FOR_A_CARD,
    LONG_AGO,
    OFFERS,
    Twins,
    open_shop,
    rules_of,
)
from tests.support.lives import BEGINNINGS, WAITS, many, undone

pytestmark = pytest.mark.django_db

DAY, AT_ONCE = timedelta(days=1), timedelta(0)
LATE = [timedelta(0)] * 4 + [timedelta(hours=2), timedelta(days=1), timedelta(days=3)]
AMOUNTS = [60_000, 150_000, 25_000, 9_990, 500]
RULES = [
    Rules(),
    Rules(expiry="earned"),
    Rules(expiry="idle"),
    Rules(expiry="idle", months=2, returns=False),
    Rules(rate="0.3333", expiry="earned", months=2),
]

card = st.integers(0, CARDS - 1)
nth = st.integers(0, 5)
amount = st.sampled_from(AMOUNTS)
EARNS = st.tuples(st.just("earn"), card, amount, st.sampled_from(LATE))
REDEEMS = st.tuples(st.just("redeem"), card, st.sampled_from([*OFFERS]), st.booleans())
STEPS = st.one_of(
    EARNS,
    EARNS,
    st.tuples(st.just("stamp"), card, st.integers(1, 4), st.sampled_from([0, *AMOUNTS])),
    REDEEMS,
    REDEEMS,
    REDEEMS,
    st.tuples(st.just("choose"), card, nth, st.sampled_from([*FOR_A_CARD])),
    st.tuples(st.just("cancel"), card, nth),
    st.tuples(st.just("cancel"), card, nth),
    st.tuples(st.just("hand_over"), card, nth),
    st.tuples(st.just("undo"), nth),
    st.tuples(st.just("void"), nth),
    st.tuples(st.just("wait"), st.sampled_from([*WAITS, 3 * DAY, 6 * DAY])),
    st.tuples(st.just("expire")),
    st.tuples(st.just("lapse")),
    st.tuples(st.just("change"), st.sampled_from(RULES)),
    st.tuples(st.just("merge"), card, card),
    st.tuples(st.just("repeat")),
)


@pytest.fixture
def twins(in_shop):
    open_shop(in_shop)

    def twins(beginning, rules, steps):
        first = in_shop.points.versions
        with undone():
            first.update(effective_from=LONG_AGO, rules=rules_of(rules).stored())
            both = Twins(in_shop, beginning, rules)
            for step in steps:
                both.take(*step)
            assert list(audit.disagreements()) == []

    return twins


# Chance finds these seldom.
HARD = {
    "a refund after a reward, and the reward given back: it pays what is owed": (
        RULES[0],
        [
            ("earn", 0, 60_000, AT_ONCE),
            ("redeem", 0, "lunch", False),
            ("void", 1),
            ("cancel", 0, 0),
            ("earn", 0, 60_000, AT_ONCE),
        ],
    ),
    "points of a claim come back when they have run out themselves": (
        RULES[1],
        [
            ("earn", 0, 60_000, AT_ONCE),
            ("wait", 28 * DAY),
            ("redeem", 0, "lunch", False),
            ("wait", 14 * DAY),
            ("expire",),
            ("lapse",),
            ("wait", 15 * DAY),
            ("expire",),
        ],
    ),
    "the card of a claim became part of another, and the claim runs out": (
        RULES[1],
        [
            ("earn", 0, 60_000, AT_ONCE),
            ("redeem", 0, "lunch", False),
            ("merge", 0, 1),
            ("wait", 13 * DAY),
            ("lapse",),
            ("redeem", 1, "lunch", True),
        ],
    ),
    "cancelled on the other card, it is no more parted": (
        RULES[1],
        [
            ("earn", 0, 60_000, AT_ONCE),
            ("redeem", 0, "lunch", False),
            ("merge", 0, 1),
            ("cancel", 1, 0),
            ("undo", 0),
        ],
    ),
    "a late visit follows the rules of its day": (
        RULES[1],
        [
            ("wait", 3 * DAY),
            ("change", RULES[0]),
            ("earn", 0, 60_000, timedelta(days=1)),
            ("earn", 0, 25_000, AT_ONCE),
        ],
    ),
    "what was earned while idle counts still is kept awake": (
        RULES[3],
        [
            ("earn", 0, 60_000, AT_ONCE),
            ("change", RULES[1]),
            ("wait", 28 * DAY),
            ("earn", 0, 25_000, AT_ONCE),
            ("wait", 32 * DAY),
            ("expire",),
            ("redeem", 0, "lunch", True),
        ],
    ),
    "a bonus is refunded after it was spent": (
        RULES[0],
        [
            ("earn", 0, 60_000, AT_ONCE),
            ("redeem", 0, "gamble", False),
            ("redeem", 0, "cake", True),
            ("void", 1),
        ],
    ),
    "a bonus for a full card is taken back: it stands for its own reward": (
        RULES[0],
        [
            ("stamp", 0, 3, 25_000),
            ("choose", 0, 0, "treat"),
            ("undo", 0),
            ("choose", 0, 0, "gift"),
            ("wait", 6 * DAY),
            ("lapse",),
            ("void", 0),
            ("void", 2),
        ],
    ),
    "paid for another card's debt, and parted": (
        RULES[0],
        [
            ("earn", 0, 60_000, AT_ONCE),
            ("redeem", 0, "lunch", True),
            ("void", 1),
            ("earn", 1, 25_000, AT_ONCE),
            ("merge", 1, 0),
            ("earn", 0, 60_000, AT_ONCE),
            ("undo", 1),
        ],
    ),
}

# From 28 February a month lasts 29 days, and what was earned then can be voided for 30.
RAN_OUT = [
    ("earn", 0, 60_000, AT_ONCE),
    ("wait", 30 * DAY),
    ("earn", 0, 25_000, AT_ONCE),
    ("void", 1),
]
RAN_OUT_AND_GONE = [*RAN_OUT[:2], ("expire",), *RAN_OUT[2:]]

# What every life begins with, so that there is something to spend.
RICH = [("earn", 0, 150_000, AT_ONCE), ("earn", 1, 60_000, AT_ONCE)]


def as_long_as(examples, steps):
    """How many lives, and how long they are. A failing one is printed, small, to be repeated."""

    def decorate(test):
        for rules, hard in HARD.values():
            test = example(beginning=BEGINNINGS[2], rules=rules, steps=hard)(test)
        for hard in (RAN_OUT, RAN_OUT_AND_GONE):
            test = example(beginning=BEGINNINGS[3], rules=RULES[1], steps=hard)(test)
        lives = given(
            beginning=st.sampled_from(BEGINNINGS),
            rules=st.sampled_from(RULES),
            steps=st.lists(STEPS, max_size=steps).map(lambda steps: [*RICH, *steps]),
        )
        return many(examples)(lives(test))

    return decorate


@as_long_as(examples=100, steps=30)
def test_the_product_and_the_model_agree(twins, beginning, rules, steps):
    twins(beginning, rules, steps)


@pytest.mark.long
@as_long_as(examples=5000, steps=100)
def test_they_agree_for_very_long(twins, beginning, rules, steps):
    twins(beginning, rules, steps)


def test_a_model_that_is_wrong_is_noticed(twins, monkeypatch):
    """The control: the model spends what lasts longest first."""
    good = Purse.good
    monkeypatch.setattr(Purse, "good", lambda purse, day: good(purse, day)[::-1])
    steps = [
        ("earn", 0, 60_000, AT_ONCE),
        ("wait", DAY),
        ("earn", 0, 60_000, AT_ONCE),
        ("redeem", 0, "lunch", True),
    ]

    with pytest.raises(AssertionError):
        twins(BEGINNINGS[0], RULES[1], steps)
