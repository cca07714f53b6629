"""What a purchase earns, until when, and what it is called: golden examples and laws.

Rounded down once, per purchase, after everything (PTS-01, PTS-02, PTS-06; EXP-01).
"""

from datetime import date
from fractions import Fraction

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from members.visits import Purchase
from rewards.points.rules import Action, Expiry, PointRules
from rewards.points.units import Unit

pytestmark = pytest.mark.once

PER_KRONE = {"rate": "1", "every_minor": 100}


def points(amount_minor=None, *, multiplier=Fraction(1), buys=None, **rules):
    purchase = Purchase(amount_minor=amount_minor, **(buys or {}))
    return PointRules(**rules).points_for(purchase, multiplier=multiplier)


# --- Rounding -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minor", "rules", "earned"),
    [
        (7_400, {}, 7),  # 74 kr, 1 for every 10 kr
        (999, {}, 0),
        (1_000, {}, 1),
        (1_999, {}, 1),
        (3_995, PER_KRONE, 39),
        (100, {"rate": "0.5", "every_minor": 100}, 0),
        (200, {"rate": "0.5", "every_minor": 100}, 1),
        (10, {"rate": "10", "every_minor": 100}, 1),  # a tenth of a krone, in binary never exact
        (30, {"rate": "0.1", "every_minor": 1}, 3),
        (29, {"rate": "0.1", "every_minor": 1}, 2),
        (100_000, {"rate": "0.29"}, 29),  # in binary a hair less than 29
        (10_000_000, PER_KRONE, 100_000),  # 100 000 kr
        (10_000_000, {"rate": "0.3333", "every_minor": 100}, 33_330),
        (100, {"rate": "0.3333", "every_minor": 100}, 0),
        (300, {"rate": "0.3333", "every_minor": 100}, 0),  # 0.9999
        (400, {"rate": "0.3333", "every_minor": 100}, 1),
        (5_000, {"rate": "0"}, 0),
        (0, {}, 0),
        (None, {}, 0),
    ],
)
def test_an_amount_earns_whole_points(minor, rules, earned):
    assert points(minor, **rules) == earned


def test_twice_39_95_is_78_and_not_79():
    assert points(3_995, **PER_KRONE) * 2 == 78
    assert points(2 * 3_995, **PER_KRONE) == 79


def test_all_ways_to_earn_are_added_before_anything_is_rounded():
    rules = {"rate": "0.5", "per_visit": 2, "per_item": 3}

    assert points(3_000, buys={"items": 4}, **rules) == 15  # 1.5 + 2 + 12


def test_the_multiplier_comes_before_the_rounding():
    """1.5 for each: 0.9 + 0 rounded first would be nothing, and 1.5 of it still."""
    once = {"rate": "0.1", "every_minor": 100}

    assert points(900, **once) == 0
    assert points(900, multiplier=Fraction(3, 2), **once) == 1  # 1.35
    assert points(1_000, per_visit=1, multiplier=Fraction(3, 2), **once) == 3  # (1 + 1) x 1.5


def test_a_tenth_of_a_point_multiplied():
    assert points(100, rate="0.1", every_minor=100, multiplier=Fraction(3, 2)) == 0
    assert points(100, rate="0.1", every_minor=10, multiplier=Fraction(3, 2)) == 1  # 1 x 1.5


@pytest.mark.parametrize(("minor", "earned"), [(4_999, 0), (5_000, 7), (5_001, 7), (None, 0)])
def test_exactly_the_minimum_qualifies_and_one_less_does_not(minor, earned):
    assert points(minor, minimum_minor=5_000, per_visit=2) == earned


def test_below_the_minimum_not_even_the_visit_and_the_items_count():
    assert points(4_999, minimum_minor=5_000, per_visit=2, per_item=3, buys={"items": 5}) == 0


def test_what_is_done_besides_is_paid_whatever_was_bought():
    rules = {"minimum_minor": 5_000, "actions": (Action("Own cup", 2), Action("Review", 10))}

    assert points(100, buys={"actions": ("Own cup",)}, **rules) == 2
    assert points(5_000, buys={"actions": ("Own cup", "Review")}, **rules) == 17


def test_an_action_the_rules_do_not_name_earns_nothing():
    assert points(buys={"bought": False, "actions": ("Own cup",)}) == 0


def test_coming_by_earns_without_a_purchase():
    came = {"bought": False, "attended": True}

    assert points(buys=came, per_attendance=5, per_visit=2) == 5


def test_a_multiplier_is_of_purchases_only():
    """What the shop likes has its own price; a tier makes purchases worth more (PTS-06)."""
    rules = {"actions": (Action("Own cup", 3),)}

    assert points(1_000, multiplier=Fraction(3, 2), buys={"actions": ("Own cup",)}, **rules) == 4


# --- Laws ---------------------------------------------------------------------------------------

PATIENT = settings(deadline=None)  # the machine may be busy
AMOUNTS = st.integers(0, 10_000_000)
RATES = st.decimals("0.0001", "100", places=4).map(str)
EVERY = st.sampled_from([1, 10, 100, 1_000, 10_000])
TIMES = st.fractions(1, 3, max_denominator=10)


@PATIENT
@given(AMOUNTS, RATES, EVERY, TIMES)
def test_never_more_than_exact_and_less_than_one_below(minor, rate, every, times):
    exact = Fraction(rate) * minor / every * times
    earned = points(minor, rate=rate, every_minor=every, multiplier=times)

    assert earned <= exact < earned + 1


@PATIENT
@given(AMOUNTS, AMOUNTS, RATES, EVERY, st.integers(0, 5_000))
def test_who_pays_more_never_earns_less(one, other, rate, every, minimum):
    rules = {"rate": rate, "every_minor": every, "minimum_minor": minimum}

    assert points(min(one, other), **rules) <= points(max(one, other), **rules)


@PATIENT
@given(st.lists(AMOUNTS, min_size=1, max_size=5), RATES)
def test_one_bill_never_earns_less_than_its_parts_and_hardly_more(parts, rate):
    apart = sum(points(part, rate=rate) for part in parts)

    assert apart <= points(sum(parts), rate=rate) < apart + len(parts)


@PATIENT
@given(AMOUNTS, RATES, st.sampled_from(Expiry), st.integers(1, 60))
def test_rules_are_the_same_when_they_are_read_again(minor, rate, expiry, months):
    rules = PointRules(
        rate=rate, expiry=expiry, expires_months=months, actions=(Action("Own cup", 2),)
    )
    again = PointRules.read(rules.stored())

    assert again == rules
    assert again.points_for(Purchase(minor)) == rules.points_for(Purchase(minor))


# --- The last good day --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2027, 3, 31), 1, date(2027, 4, 30)),
        (date(2027, 1, 30), 1, date(2027, 2, 28)),
        (date(2027, 12, 31), 12, date(2028, 12, 31)),
        (date(2027, 3, 15), 36, date(2030, 3, 15)),
    ],
)
@pytest.mark.parametrize("expiry", [Expiry.EARNED, Expiry.IDLE])
def test_points_last_to_the_same_day_or_the_end_of_that_month(expiry, day, months, last):
    assert PointRules(expiry=expiry, expires_months=months).until(day) == last


def test_by_default_they_never_run_out():
    assert PointRules().until(date(2027, 3, 1)) is None


# --- Words --------------------------------------------------------------------------------------

OWN = {"unit": Unit.OWN, "unit_one": "bønne", "unit_many": "bønner"}
NUMBERS = [0, 1, 2, 21, -1, 1250]


def words(language, **rules):
    with translation.override(language):
        shown = [PointRules(**rules).words(n) for n in NUMBERS]
    return [
        said.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-") for said in shown
    ]


@pytest.mark.parametrize(
    ("unit", "language", "said"),
    [
        (
            Unit.POINTS,
            "en-gb",
            ["0 points", "1 point", "2 points", "21 points", "-1 point", "1,250 points"],
        ),
        (
            Unit.STARS,
            "en-gb",
            ["0 stars", "1 star", "2 stars", "21 stars", "-1 star", "1,250 stars"],
        ),
        (
            Unit.CLIPS,
            "en-gb",
            ["0 clips", "1 clip", "2 clips", "21 clips", "-1 clip", "1,250 clips"],
        ),
        (
            Unit.POINTS,
            "nb",
            ["0 poeng", "1 poeng", "2 poeng", "21 poeng", "-1 poeng", "1 250 poeng"],
        ),
        (
            Unit.STARS,
            "nb",
            [
                "0 stjerner",
                "1 stjerne",
                "2 stjerner",
                "21 stjerner",
                "-1 stjerne",
                "1 250 stjerner",
            ],
        ),
        (
            Unit.POINTS,
            "da",
            ["0 point", "1 point", "2 point", "21 point", "-1 point", "1.250 point"],
        ),
        (
            Unit.CLIPS,
            "da",
            ["0 klip", "1 klip", "2 klip", "21 klip", "-1 klip", "1.250 klip"],
        ),
    ],
)
def test_the_usual_units_have_their_plurals(unit, language, said):
    assert words(language, unit=unit) == said


@pytest.mark.parametrize(
    ("language", "many"), [("en-gb", "1,250"), ("nb", "1 250"), ("da", "1.250")]
)
def test_a_shops_own_unit_is_said_as_the_shop_says_it(language, many):
    said = ["0 bønner", "1 bønne", "2 bønner", "21 bønner", "-1 bønne", f"{many} bønner"]

    assert words(language, **OWN) == said
