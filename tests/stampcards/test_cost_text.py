"""The true cost, in words."""

from dataclasses import replace

import pytest

from loyalty.models import Shop, Trade
from stampcards import cost_text, trades

NOK = Shop(currency="NOK")


@pytest.fixture
def rules():
    """The café's nine stamps: 40 kr for eight purchases of 50 kr."""
    return trades.proposal(Trade.CAFE, currency="NOK", language="en-gb")[1]


def test_it_works(rules):
    [line] = cost_text.lines(NOK, rules)

    assert line == (
        "Costs you about 10\xa0% of what members pay: one reward worth 40\xa0kr for 400\xa0kr."
    )


def test_two_welcome_stamps_say_what_they_give_away(rules):
    lines = cost_text.lines(NOK, replace(rules, welcome=2))

    assert lines[-1] == "That is 7 purchases for: Any hot drink."


def test_one_purchase_is_one_purchase(rules):
    lines = cost_text.lines(NOK, replace(rules, need=4, welcome=3))

    assert lines[-1] == "That is 1 purchase for: Any hot drink."


def test_a_tiny_share_is_not_nothing(rules):
    [line] = cost_text.lines(NOK, replace(rules, reward_value_minor=1))

    assert line.startswith("Costs you about 1\xa0%")


def test_a_reward_that_costs_nothing_says_so(rules):
    [line] = cost_text.lines(NOK, replace(rules, reward_value_minor=0))

    assert line.startswith("Costs you about 0\xa0%")


def test_visits_that_bring_no_money_have_no_share(rules):
    assert cost_text.lines(NOK, replace(rules, average_purchase_minor=0)) == []
