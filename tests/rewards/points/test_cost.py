"""What a reward gives back: golden examples."""

from fractions import Fraction

import pytest
from django.utils import translation

from loyalty.models import Shop
from rewards.points import cost
from rewards.points.rules import PointRules

NBSP = "\N{NO-BREAK SPACE}"
A_POINT_PER_TEN = PointRules()
A_POINT_PER_KRONE = PointRules(every_minor=100)


@pytest.mark.parametrize(
    ("rules", "points", "worth", "share"),
    [
        (A_POINT_PER_KRONE, 80, 3600, Fraction(45, 100)),  # PTS-09
        (A_POINT_PER_TEN, 100, 4500, Fraction(45, 1000)),
        (PointRules(rate="0.5", every_minor=100), 50, 4500, Fraction(45, 100)),
        (PointRules(rate="3", every_minor=1000), 100, 1000, Fraction(3, 100)),
        (A_POINT_PER_TEN, 100, 0, Fraction(0)),
        (PointRules(rate="0", per_visit=5), 100, 4500, Fraction(0)),
    ],
)
def test_it_works(rules, points, worth, share):
    assert cost.give_back(rules, points, worth) == share


@pytest.mark.parametrize(("percent", "warned"), [(44, True), (45, False), (46, False)])
def test_exactly_as_much_as_the_owner_wants_is_no_warning(percent, warned):
    rules = PointRules(every_minor=100, warn_percent=percent)

    assert cost.gives_much(rules, cost.give_back(rules, 80, 3600)) is warned


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en-gb", f"100 points = 1,000{NBSP}kr of purchases; worth 45{NBSP}kr = 4.5{NBSP}% back"),
    ],
)
def test_the_owner_reads_it_in_one_line(language, told):
    with translation.override(language):
        assert cost.words(Shop(currency="NOK"), A_POINT_PER_TEN, 100, 4500) == told


def test_where_amounts_earn_nothing_there_is_nothing_to_say():
    assert cost.words(Shop(currency="NOK"), PointRules(rate="0", per_visit=1), 100, 4500) == ""


@pytest.mark.parametrize(
    ("share", "told"),
    [(Fraction(1, 3), "33,4"), (Fraction(1, 100_000), "0,1"), (Fraction(0), "0"), (2, "200")],
)
def test_a_share_is_never_told_smaller_than_it_is(share, told):
    with translation.override("nb"):
        assert cost.percent(Fraction(share)) == f"{told}{NBSP}%"
