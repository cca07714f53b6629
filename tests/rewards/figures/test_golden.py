"""Every figure by the tiny example of requirements, section 7.2, as the page writes it."""

from datetime import date

import pytest

from loyalty.numbers import percent, ratio
from rewards.figures import reading
from rewards.figures.cohorts import cohorts_of
from rewards.figures.customers import customers_of
from rewards.figures.models import MemberMonth, MembersDay, ProgrammeDay, ShopCohort
from rewards.figures.periods import Period, Span
from rewards.figures.words import Name
from tests.rewards.figures.conftest import JULY, JUNE, MAY

pytestmark = [pytest.mark.django_db, pytest.mark.once]

THROUGH = date(2026, 8, 20)
IN_JULY = Period(Span.MONTH, JULY)


@pytest.fixture
def figures(in_shop):
    """All of July, by name."""

    def figures(*, over=True):
        customers = customers_of(in_shop, [IN_JULY], None)[IN_JULY]
        done = reading.months_of(in_shop, None).of(IN_JULY)
        members = reading.joined_in(in_shop, IN_JULY).members
        every = [
            *reading.customer_figures(customers, over=over),
            *reading.purchase_figures(customers, done),
            *reading.reward_figures(in_shop, IN_JULY, in_shop.programmes.all(), customers, done),
            reading.visits_of(done),
            reading.active_of(customers, members),
        ]
        return {figure.name: figure for figure in every}

    return figures


def in_percent(figure):
    return percent(figure.part, figure.whole)


# --- Who came back ------------------------------------------------------------------------


def test_retention_by_identity(figures, people, bought):
    """8 before, 5 of them again → 62.5 %"""
    before = people(8)
    bought(before, JUNE)
    bought(before[:5], JULY)

    assert in_percent(figures()[Name.RETENTION]) == "62.5 %"


def test_churn(figures, people, bought):
    """8 before, 3 gone → 37.5 %; with those who came back it makes 100."""
    before = people(8)
    bought(before, JUNE)
    bought(before[:5], JULY)

    found = figures()

    assert in_percent(found[Name.CHURN]) == "37.5 %"
    assert found[Name.CHURN].value + found[Name.RETENTION].value == 1


def test_retention_by_formula(figures, people, bought):
    """S 120, E 130, N 40 → 75.0 %: 85 of June's again, 5 from May, and 40 for the first time."""
    everybody = people(165)
    bought(everybody[:120], JUNE)
    bought(everybody[120:125], MAY)
    bought([*everybody[:85], *everybody[120:165]], JULY)

    found = figures()[Name.RETENTION_FORMULA]

    assert (found.part, found.whole) == (130 - 40, 120)
    assert in_percent(found) == "75.0 %"


def test_retention_by_formula_can_pass_100_percent(figures, people, bought):
    """One bought in June, and two from May are back."""
    three = people(3)
    bought(three[1:], MAY)
    bought(three[:1], JUNE)
    bought(three, JULY)

    assert in_percent(figures()[Name.RETENTION_FORMULA]) == "300.0 %"


def test_reactivated(figures, people, bought):
    """Bought in May and July, not in June → reactivated in July, and not retained."""
    one = people(1)
    bought(one, MAY)
    bought(one, JULY)

    found = figures()

    assert found[Name.REACTIVATED].value == 1
    assert found[Name.RETENTION].part == 0


def test_a_first_period_has_none_before(figures, people, bought):
    bought(people(8), JULY)

    found = figures()

    assert in_percent(found[Name.RETENTION]) == in_percent(found[Name.CHURN]) == "–"
    assert found[Name.RETENTION].value is None


def test_part_of_a_period_is_not_compared_with_a_whole_one(figures, people, bought):
    members = people(8)
    bought(members, JUNE)
    bought(members[:2], JULY)

    so_far = figures(over=False)

    for name in (Name.RETENTION, Name.CHURN, Name.RETENTION_FORMULA):
        assert so_far[name].value is None
    assert so_far[Name.BUYERS].value == 2


def test_cohort_retention(in_shop):
    """16 joined in May, 7 bought in July → M2 43.8 %; August is not over, and blank."""
    cohort = {"shop": in_shop, "joined": MAY, "size": 16}
    for month, came in ((MAY, 9), (JULY, 7), (date(2026, 8, 1), 3)):
        ShopCohort.objects.create(**cohort, month=month, came=came)

    [may] = cohorts_of(in_shop, Period(Span.YEAR, date(2026, 1, 1)), None, THROUGH)

    assert may.came == [9, 0, 7]
    assert percent(may.came[2], may.size) == "43.8 %"


# --- How often, and for how much ----------------------------------------------------------


def test_repeat_purchase_rate(figures, people, bought):
    """14 of 25 → 56.0 %"""
    buyers = people(25)
    bought(buyers[:14], JULY, times=2)
    bought(buyers[14:], JULY)

    assert in_percent(figures()[Name.REPEAT]) == "56.0 %"


def test_frequency_basket_and_revenue(figures, people, bought, days):
    """63 / 25 → 2.52; 5 481 / 63 → 87.00; 5 481 / 25 → 219.24 = basket × frequency"""
    bought(people(25), JULY)
    days(JULY, purchases=60, priced=60, revenue_minor=500_000)
    days(date(2026, 7, 31), purchases=3, priced=3, revenue_minor=48_100)
    days(date(2026, 8, 1), purchases=9, priced=9, revenue_minor=999_900)

    found = figures()
    basket, frequency = found[Name.AOV].value, found[Name.FREQUENCY].value

    assert ratio(frequency) == "2.52"
    assert ratio(basket / 100) == "87.00"
    assert ratio(found[Name.PER_BUYER].value / 100) == "219.24"
    assert basket * frequency == found[Name.PER_BUYER].value


def test_purchases_without_an_amount_are_left_out_of_the_basket(figures, people, bought, days):
    bought(people(2), JULY)
    days(JULY, purchases=5, priced=2, revenue_minor=10_000)

    assert ratio(figures()[Name.AOV].value / 100) == "50.00"


def test_without_amounts_there_is_no_basket(figures, people, bought, days):
    bought(people(2), JULY)
    days(JULY, purchases=5)

    assert Name.AOV not in figures()


def test_attendance_is_a_visit_and_no_purchase(figures, people, bought, days):
    bought(people(1), JULY)
    days(JULY, purchases=2, attendances=3)

    found = figures()

    assert found[Name.VISITS].value == 5
    assert found[Name.FREQUENCY].value == 2


def test_visit_frequency(figures, people, bought, days):
    """12 visits of 5 members, one of whom bought nothing → 2.40; of purchases 9 / 4 → 2.25"""
    five = people(5)
    bought(five[:4], JULY)
    MemberMonth.objects.create(shop=five[0].shop, membership=five[4], month=JULY, visits=3)
    MemberMonth.objects.create(shop=five[0].shop, membership=five[4], month=JUNE, visits=3)
    days(JULY, purchases=9, attendances=3)

    found = figures()

    assert ratio(found[Name.VISIT_FREQUENCY].value) == "2.40"
    assert ratio(found[Name.FREQUENCY].value) == "2.25"


def test_where_everybody_buys_visits_are_not_told_apart(figures, people, bought, days):
    bought(people(1), JULY)
    days(JULY, purchases=2)

    assert Name.VISIT_FREQUENCY not in figures()


# --- Stamps, points and rewards -----------------------------------------------------------


@pytest.fixture
def collected(points):
    """2 500 issued and 100 of them reversed; 1 320 redeemed; 180 ran out."""
    first = {"shop": points.shop, "programme": points}
    ProgrammeDay.objects.create(**first, day=JULY, issued=2500, redeemed=1400)
    ProgrammeDay.objects.create(**first, day=date(2026, 7, 2), issued=-100, redeemed=-80)
    ProgrammeDay.objects.create(**first, day=date(2026, 7, 31), expired=180)
    ProgrammeDay.objects.create(**first, day=date(2026, 8, 1), issued=999)


@pytest.mark.usefixtures("collected")
def test_redemption_by_points(figures):
    """1 320 of 2 400 → 55.0 %"""
    assert in_percent(figures()[Name.REDEMPTION]) == "55.0 %"


@pytest.mark.usefixtures("collected")
def test_breakage_realised(figures):
    """180 of 2 400 → 7.5 %"""
    assert in_percent(figures()[Name.BREAKAGE]) == "7.5 %"


@pytest.mark.usefixtures("collected")
def test_the_points_identity(figures):
    """2 500 − 100 − 1 320 − 180 = 900 outstanding"""
    found = figures()
    issued, redeemed = found[Name.REDEMPTION].whole, found[Name.REDEMPTION].part

    assert issued - redeemed - found[Name.BREAKAGE].part == 900


@pytest.mark.parametrize(("redeemed", "shown"), [(85, "15.0 %"), (100, "0.0 %")])
def test_breakage_expected(redeemed, shown):
    """URR 85 → 15.0 %"""
    assert in_percent(reading.expected_breakage(redeemed)) == shown


def test_breakage_is_not_expected_of_an_owner_who_told_nothing():
    assert reading.expected_breakage(None).value is None


def test_redemption_by_member(figures, people, bought):
    """11 of 32 → 34.4 %"""
    members = people(32)
    bought(members[:11], JULY, earned=2, redeemed=1)
    bought(members[11:], JULY, earned=1)

    assert in_percent(figures()[Name.REDEEMERS]) == "34.4 %"


def test_reward_use(figures, days):
    """9 of 16 → 56.3 %"""
    days(JULY, rewards_issued=16, rewards_used=4)
    days(date(2026, 7, 30), rewards_used=5)

    assert in_percent(figures()[Name.REWARD_USE]) == "56.3 %"


def test_what_never_was_collected_shows_a_dash(figures, points):
    found = figures()

    for name in (Name.REDEMPTION, Name.BREAKAGE, Name.REDEEMERS, Name.REWARD_USE, Name.ACTIVE):
        assert in_percent(found[name]) == "–"


# --- Members ------------------------------------------------------------------------------


@pytest.fixture
def joined(in_shop):
    def joined(day, source, n, **more):
        MembersDay.objects.create(shop=in_shop, day=day, source=source, joined=n, **more)

    return joined


def test_participation_active(figures, joined, people, bought):
    """33 of 90 → 36.7 %. Of 100 who joined, ten left by the end of July, and one after it."""
    joined(date(2025, 1, 1), "poster", 100)
    joined(date(2026, 7, 31), "poster", 0, left=10)
    joined(date(2026, 8, 1), "poster", 5, left=1)
    active = people(33)
    bought(active[:30], JULY)
    MemberMonth.objects.create(shop=active[0].shop, membership=active[30], month=JULY, visits=1)
    MemberMonth.objects.create(shop=active[0].shop, membership=active[31], month=JULY, redeemed=1)
    MemberMonth.objects.create(shop=active[0].shop, membership=active[32], month=JULY, used=1)

    assert in_percent(figures()[Name.ACTIVE]) == "36.7 %"


def test_sign_ups_by_source(in_shop, joined):
    """6, 5, 9"""
    joined(JULY, "poster", 2)
    joined(date(2026, 7, 9), "poster", 4)
    joined(JULY, "counter", 5)
    joined(date(2026, 7, 31), "friend", 9)
    joined(date(2026, 8, 1), "friend", 1)

    found = reading.joined_in(in_shop, IN_JULY).by_source

    assert found == {"poster": 6, "counter": 5, "friend": 9}


@pytest.mark.parametrize(
    ("name", "part", "whole", "shown"),
    [(Name.ENROLMENT, 90, 250, "36.0 %"), (Name.ORDERS, 45, 210, "21.4 %")],
)
def test_participation_of_customers_and_of_orders(name, part, whole, shown):
    """90 of 250 → 36.0 %; 45 of 210 → 21.4 %; "–" where the number was not entered"""
    assert in_percent(reading.of_those_told(name, part, whole)) == shown
    assert reading.of_those_told(name, part, None).value is None
