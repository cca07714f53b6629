"""What a member may be worth, and what is reckoned with numbers only the owner knows."""

import pytest

from tests.dashboard.insights.conftest import words_of

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("lived")
def test_lifetime_value_is_a_range_and_takes_a_margin(read):
    """1 of 10, 2 of 10 and 1 of 9 lost: 10, 5 and 9 months of 100 kr."""
    assert "Lifetime value 500–1,000 kr In revenue, no margin entered." in words_of(read())
    with_margin = words_of(read(margin="40"))
    assert "Lifetime value 200–400 kr At a margin of 40.0 %." in with_margin
    assert "100 kr a purchase × 1.00 purchases a month" in with_margin
    assert "Monthly loss: 10.0 %; 20.0 %; 11.1 %" in with_margin


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize("margin", ["0", "101", "much"])
def test_a_margin_that_is_none_is_said_beside_it(read, margin):
    answer = read(margin=margin)

    assert answer.context["form"].errors["margin"] == ["Type a number from 1 to 100."]
    assert "In revenue, no margin entered." in words_of(answer)


@pytest.mark.usefixtures("lived")
def test_lifetime_value_so_far(read):
    """3,800 kr of 13 who ever bought by the end of October"""
    assert "Lifetime value so far 292.31 kr In revenue, no margin entered." in words_of(read())
    with_margin = words_of(read(margin="40"))
    assert "Lifetime value so far 116.92 kr At a margin of 40.0 %." in with_margin


@pytest.mark.usefixtures("two_years")
def test_discounted_lifetime_value_takes_a_discount_rate(read):
    """1,000 kr a year, 75 % stay: 750 ÷ (1.05 − 0.75) = 2,500; with the first year 1,050 ÷ 0.30."""
    year = words_of(read(period="12-months", discount="5"))

    assert (
        "Lifetime value, discounted 2,500 kr With the first year: 3,500 kr."
        " In revenue, no margin entered."
    ) in year
    assert "Counted What a member brings in a year: 1,000 kr" in year
    assert "Out of Share that comes back the year after: 75.0 %" in year
    half = words_of(read(period="12-months", discount="5", margin="50"))
    assert "discounted 1,250 kr With the first year: 1,750 kr. At a margin of 50.0 %." in half


@pytest.mark.usefixtures("two_years")
@pytest.mark.parametrize(
    ("period", "says"),
    [
        ("12-months", "discounted – Type it under “Numbers only you know”."),
        ("2026", "discounted – The period is not over yet."),
        ("2025", "discounted – Nobody bought in the period before."),
    ],
)
def test_discounted_lifetime_value_says_what_it_lacks(read, period, says):
    assert says in words_of(read(period=period))


@pytest.mark.usefixtures("two_years")
def test_a_month_has_no_discounted_lifetime_value(read):
    answer = read(discount="5")

    assert "discounted" not in words_of(answer)
    assert "discount" not in answer.context["form"].fields


# --- Numbers only the owner knows ---------------------------------------------------------


def test_what_only_the_owner_knows_is_a_dash_until_it_is_told(read, join, come):
    come(join(8)[:5], 10)

    page = words_of(read())

    for title in ("Customers who are members", "Purchases by members", "Expected to stay unused"):
        assert f"{title} – Type it under “Numbers only you know”. What is this?" in page
    assert "Out of All your customers: –" in page


def test_an_owner_who_wants_to_tell_is_asked(read, join, come):
    come(join(1), 10)

    closed, asked = read(), read(know="1")

    assert 'href="?know=1#know">Numbers only you know' in closed.content.decode()
    assert closed.context["form"].only_you_know == []
    assert [field.name for field in asked.context["form"].only_you_know] == [
        "customers",
        "orders",
        "redeemed",
    ]


def test_what_the_owner_tells_is_reckoned_with(read, join, come):
    come(join(9)[:5], 10)

    page = words_of(read(customers="25", orders="21", redeemed="85"))

    assert "Customers who are members 36.0 % 9 of 25 What" in page
    assert "Purchases by members 23.8 % 5 of 21 What" in page
    assert "Expected to stay unused 15.0 % 15 of 100 What" in page


def test_a_till_that_counts_less_than_its_members_alone_is_refused(read, join, come):
    come(join(5), 10)

    answer = read(orders="4")

    assert answer.context["form"].errors["orders"] == [
        "Your members alone bought 5 times. Type a larger number."
    ]
    assert "Purchases by members – " in words_of(answer)
    assert "Purchases by members 100.0 % 5 of 5" in words_of(read(orders="5"))
