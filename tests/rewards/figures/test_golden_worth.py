"""What a member may be worth, by the tiny examples of requirements, section 7.2."""

from datetime import date
from fractions import Fraction

import pytest

from loyalty.numbers import ratio
from rewards.figures import reading
from rewards.figures.customers import customers_of
from rewards.figures.lifetimes import discounted, lifetime_of, months_for
from rewards.figures.periods import Period, Span
from tests.rewards.figures.conftest import JULY, JUNE, MAY

pytestmark = [pytest.mark.django_db, pytest.mark.once]

THROUGH = date(2026, 8, 20)
IN_JULY = Period(Span.MONTH, JULY)


@pytest.fixture
def lifetime(in_shop, people, bought, days):
    """72 buyers a month, each once for 70.00; of those `lost` stay away, and others come."""

    def lifetime(*lost, begun=date(2026, 3, 1), priced=1):
        bought(now := people(72), date(2026, 4, 1))
        days(begun, purchases=1)
        for gone, month in zip(lost, (MAY, JUNE, JULY), strict=True):
            bought(now := [*now[gone:], *people(gone)], month)
            days(
                month.replace(day=28),
                purchases=72,
                priced=72 * priced,
                revenue_minor=72 * 7000 * priced,
            )
        months = reading.months_of(in_shop, None)
        return lifetime_of(months, customers_of(in_shop, months_for(IN_JULY, THROUGH), None))

    return lifetime


def worth(ends):
    return [end and ratio(end / 100) for end in ends]


def test_lifetime_value(lifetime):
    """70 × 12 × 3 → 2,520.00; at 40 % → 1,008.00. Three years: 2 of 72 are lost a month."""
    found = lifetime(2, 2, 2)

    assert worth(found.ends()) == ["2,520.00", "2,520.00"]
    assert worth(found.ends(Fraction(40, 100))) == ["1,008.00", "1,008.00"]


def test_mean_lifetime(lifetime):
    """1 / churn: 25 % → 4 months"""
    assert [1 / Fraction(each.lost, each.before) for each in lifetime(18, 18, 18).months] == [
        4,
        4,
        4,
    ]


def test_lifetime_value_lies_between_the_worst_month_and_the_best(lifetime):
    """Lost 2, 4 and 6 of 72: 36, 18 and 12 months."""
    assert worth(lifetime(2, 4, 6).ends()) == ["840.00", "2,520.00"]


def test_a_month_that_lost_nobody_has_no_end(lifetime):
    assert worth(lifetime(2, 0, 4).ends()) == ["1,260.00", None]


def test_where_nobody_was_ever_lost_no_lifetime_is_known(lifetime):
    assert lifetime(0, 0, 0).ends() == (None, None)


@pytest.mark.parametrize(("begun", "known"), [(date(2026, 5, 3), True), (date(2026, 5, 4), False)])
def test_lifetime_value_needs_90_days(lifetime, begun, known):
    """31 July is the 90th day from 3 May on."""
    assert lifetime(2, 2, 2, begun=begun).enough is known


def test_lifetime_value_needs_amounts(lifetime):
    assert lifetime(2, 2, 2, priced=0).ends() == (None, None)


# --- What they paid so far ----------------------------------------------------------------


@pytest.fixture
def so_far(in_shop, people, bought, days):
    """25 bought, some of them in two months, for 5 481; August is not in it."""
    buyers = people(25)
    bought(buyers[:20], MAY)
    bought(buyers[10:], JULY)
    bought(people(3), date(2026, 8, 1))
    days(MAY, purchases=20, priced=20, revenue_minor=400_000)
    days(date(2026, 7, 31), purchases=15, priced=14, revenue_minor=148_100)
    days(date(2026, 8, 1), purchases=3, priced=3, revenue_minor=99_900)
    counted = customers_of(in_shop, [IN_JULY], None)[IN_JULY]
    months = reading.months_of(in_shop, None)
    return lambda **more: reading.paid_so_far(counted, months, IN_JULY, **more).value


def test_historic_lifetime_value(so_far):
    """Mean 219.24; at 40 % margin 87.70"""
    assert ratio(so_far() / 100) == "219.24"
    assert ratio(so_far(margin=Fraction(40, 100)) / 100) == "87.70"


def test_where_nobody_ever_bought_there_is_no_historic_value(in_shop):
    counted = customers_of(in_shop, [IN_JULY], None)[IN_JULY]

    assert reading.paid_so_far(counted, reading.months_of(in_shop, None), IN_JULY).value is None


# --- In money of today --------------------------------------------------------------------


def test_discounted_lifetime_value():
    """m 1 000, r 0.7, d 0.05 → 2 000.00; with first year 3 000.00"""
    found = discounted(Fraction(100_000), Fraction(7, 10), Fraction(5, 100))

    assert worth(found) == ["2,000.00", "3,000.00"]


def test_where_all_stay_and_nothing_is_discounted_there_is_no_end():
    assert discounted(Fraction(1000), Fraction(1), Fraction(0)) == (None, None)


def test_where_nobody_stays_only_the_first_year_is_left():
    assert discounted(Fraction(1000), Fraction(0), Fraction(5, 100)) == (0, 1000)
