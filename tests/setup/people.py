"""An owner on the way, at any step."""

import re

import pytest

from loyalty.models import Shop, Trade
from loyalty.setup import operations
from tests.factories import PersonFactory
from tests.people import browser_of


def code_in(mailoutbox):
    return re.search(r"\b\d{6}\b", mailoutbox[-1].body)[0]


@pytest.fixture
def owner(db):
    return PersonFactory(email="hei@example.no", name="")


@pytest.fixture
def unfinished(owner):
    """A café that was opened, and nothing more."""
    return operations.open_with_card(
        person=owner,
        name="Ny Kaffe",
        country=Shop.Country.NORWAY,
        language="en-gb",
        trade=Trade.CAFE,
    )


@pytest.fixture
def browser(owner):
    return browser_of(owner)


@pytest.fixture
def at_work(browser, unfinished):
    """The owner's browser, with a shop to finish."""
    return browser


def typed(**changes):
    """A card as the form sends it: the café's, with changes."""
    return {
        "title": "Coffee card",
        "need": "9",
        "reward": "Any hot drink",
        "worth": "40",
        "average": "45",
        "welcome": "1",
        "colour": "#7b3f2a",
        "colour_other": "#7b3f2a",
        "counts": "purchase",
        "minimum": "25",
        "wait": "60",
        "expires": "12",
        "extra_for": "Own cup",
        "most": "5",
        "most_a_day": "10",
        "reward_lasts": "3",
        **changes,
    }
