"""The eight trades fill in a whole card, so that an owner only has to say yes."""

import pytest
from django.utils import translation

from loyalty.models import Shop, Trade
from stampcards import trades
from stampcards.rules import FULL_GRIDS, Counts, StampRules
from stampcards.trades import headline, ordinal, proposal


@pytest.mark.parametrize("trade", Trade)
@pytest.mark.parametrize("currency", Shop.Currency)
def test_every_trade_in_every_currency_makes_a_card(trade, currency):
    name, rules = proposal(trade, currency=currency, language="en-gb")

    assert 0 < len(name) <= 40
    assert 0 < len(rules.reward) <= 50
    assert rules.welcome < rules.need
    assert rules.reward_value_minor > 0
    assert 0.01 < rules.cost_share < 0.5


def test_a_cafe():
    name, rules = proposal(Trade.CAFE, currency="NOK", language="en-gb")

    assert name == "Coffee card"
    assert rules == StampRules(
        need=9,
        reward="Any hot drink",
        reward_value_minor=40_00,
        average_purchase_minor=50_00,
        counts=Counts.PURCHASE,
        minimum_minor=25_00,
        wait_minutes=60,
        expires_months=12,
        extra_for="Own cup",
    )


def test_the_cost_line():
    """40 kr against eight coffees of 50 kr: ten per cent."""
    _name, rules = proposal(Trade.CAFE, currency="NOK", language="en-gb")

    assert rules.cost_share == pytest.approx(0.10)


def test_every_card_fills_its_grid():
    needs = {trade: card.need for trade, card in trades.CARDS.items()}

    assert set(needs) == set(Trade)
    assert {need for need in needs.values() if need not in FULL_GRIDS} == set()


@pytest.mark.parametrize("trade", Trade)
def test_rules_come_back_as_they_were_stored(trade):
    _name, rules = proposal(trade, currency="DKK", language="en-gb")

    assert StampRules.read(rules.stored()) == rules


@pytest.mark.parametrize(
    ("trade", "line"),
    [
        (Trade.CAFE, "Every 10th coffee is on us"),
        (Trade.SALON, "Every 6th visit brings a treat"),
        (Trade.BAKERY, "Every 8th loaf is on us"),
        (Trade.BARBER, "A beard trim after every 7 cuts"),
        (Trade.CAR_WASH, "Every 6th wash is on us"),
        (Trade.RESTAURANT, "A starter or dessert every 5th time"),
        (Trade.GYM, "Bring a guest every 12th time"),
        (Trade.FLORIST, "Every 6th bouquet at half price"),
    ],
)
def test_the_promise_in_one_line(trade, line):
    _name, rules = proposal(trade, currency="NOK", language="en-gb")

    assert headline(trade, rules) == line


@pytest.mark.parametrize("changes", [{"need": 6}, {"reward": "A bun"}])
def test_a_changed_card_gets_a_line_that_is_true_of_it(changes):
    _name, rules = proposal(Trade.CAFE, currency="NOK", language="en-gb")
    rules = StampRules.read({**rules.stored(), **changes})

    assert headline(Trade.CAFE, rules) == f"{rules.need} stamps, and you get: {rules.reward}"


@pytest.mark.parametrize(
    ("number", "english"),
    [
        *((1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th")),
        *((13, "13th"), (21, "21st"), (22, "22nd"), (30, "30th"), (31, "31st"), (111, "111th")),
    ],
)
def test_ordinals(number, english):
    assert ordinal(number) == english
    with translation.override("nb"):
        assert ordinal(number) == f"{number}."
