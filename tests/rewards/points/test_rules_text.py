"""The rules of points in plain words, made from the live settings."""

from dataclasses import replace

import pytest
from django.utils import translation

from loyalty.models import Shop, Trade
from rewards.points import rules_text
from rewards.points.rules import Action, Expiry, PointRules
from rewards.points.units import Unit
from tests.factories import ShopFactory

PLAIN = PointRules()
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def cafe():
    return ShopFactory.build(contact_email="hei@example.no")


def said(shop, **changes):
    return "\n".join(rules_text.lines(shop, replace(PLAIN, **changes))).replace(NBSP, " ")


def test_it_works(cafe):
    assert said(cafe).splitlines() == [
        "You get 1 point for every 10 kr you pay.",
        "A purchase of 79.50 kr gives 7 points. Parts of a point are not kept.",
        "You choose a reward yourself. It is for you and has no cash value. "
        "If it runs out before you use it, you get back what you paid for it.",
        "What you earn does not run out.",
        "We may change these rules from a day on. What you have earned stays as it was earned.",
    ]


def test_six_lines_at_most(cafe):
    everything = {
        "minimum_minor": 2500,
        "per_visit": 5,
        "per_item": 2,
        "item": "cups",
        "per_attendance": 1,
        "actions": (Action("Own cup", 3), Action("Returned bottle", 1)),
    }

    lines = said(cafe, **everything)

    assert len(lines.splitlines()) == 6
    assert "A purchase counts from 25 kr." in lines
    assert "You get 5 points for each purchase." in lines
    assert "You get 2 points for each of these: cups." in lines
    assert "You get 1 point for coming by, once a day. No purchase needed." in lines
    assert "You get 3 points for: Own cup. You get 1 point for: Returned bottle." in lines


@pytest.mark.parametrize(
    ("changes", "example"),
    [
        ({"rate": "1", "every_minor": 100}, "A purchase of 79.50 kr gives 79 points."),
        ({"rate": "0.5"}, "A purchase of 79.50 kr gives 3 points."),
        ({"rate": "1", "every_minor": 10_000}, "A purchase of 795 kr gives 7 points."),
        ({"minimum_minor": 10_000}, "A purchase of 795 kr gives 79 points."),
        ({"minimum_minor": 7950}, "A purchase of 79.50 kr gives 7 points."),
        ({"per_visit": 2}, "A purchase of 79.50 kr gives 9 points."),
        ({"rate": "0", "per_visit": 2}, ""),
    ],
)
def test_the_example_is_one_that_earns(cafe, changes, example):
    told = rules_text.example(cafe, replace(PLAIN, **changes)).replace(NBSP, " ")

    assert told.startswith(example)
    assert bool(told) == bool(example)


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        ("1", "1 point for every 10 kr"),
        ("0.5", "1 point for every 20 kr"),
        ("1.5", "3 points for every 20 kr"),
        ("10", "10 points for every 10 kr"),
        ("0.01", "1 point for every 1,000 kr"),
    ],
)
def test_the_promise_is_made_in_whole_points(cafe, rate, words):
    assert rules_text.headline(cafe, replace(PLAIN, rate=rate)).replace(NBSP, " ") == words


def test_the_promise_without_amounts(cafe):
    assert rules_text.headline(cafe, replace(PLAIN, rate="0", per_visit=5)) == (
        "5 points for each purchase"
    )


@pytest.mark.parametrize(
    ("expiry", "months", "words"),
    [
        (Expiry.NEVER, 12, "What you earn does not run out."),
        (Expiry.EARNED, 1, "What you earn lasts 1 month from the day you get it."),
        (Expiry.EARNED, 12, "What you earn lasts 12 months from the day you get it."),
        (Expiry.IDLE, 1, "What you have runs out 1 month after your last visit or reward."),
        (Expiry.IDLE, 6, "What you have runs out 6 months after your last visit or reward."),
    ],
)
def test_when_they_run_out(cafe, expiry, months, words):
    assert words in said(cafe, expiry=expiry, expires_months=months)


def test_what_is_not_given_back_is_said(cafe):
    assert "what you paid for it is gone." in said(cafe, returns=False)


def test_alcohol_is_left_out_where_the_law_says_so(cafe):
    cafe.trade = Trade.RESTAURANT
    assert "Does not apply to alcohol." in said(cafe)

    cafe.country = Shop.Country.DENMARK
    assert "alcohol" not in said(cafe)


@pytest.mark.parametrize(
    ("unit", "language", "one", "many"),
    [
        (Unit.POINTS, "en-gb", "1 point", "7 points"),
        (Unit.STARS, "en-gb", "1 star", "7 stars"),
        (Unit.CLIPS, "en-gb", "1 clip", "7 clips"),
        (Unit.POINTS, "nb", "1 poeng", "7 poeng"),
        (Unit.STARS, "nb", "1 stjerne", "7 stjerner"),
        (Unit.CLIPS, "nb", "1 klipp", "7 klipp"),
        (Unit.POINTS, "da", "1 point", "7 point"),
        (Unit.STARS, "da", "1 stjerne", "7 stjerner"),
        (Unit.CLIPS, "da", "1 klip", "7 klip"),
    ],
)
def test_units_have_the_plurals_of_their_language(unit, language, one, many):
    rules = replace(PLAIN, unit=unit)
    with translation.override(language):
        assert (rules.words(1), rules.words(7)) == (one, many)


def test_an_owners_own_words_stand_as_they_are_typed(cafe):
    own = {"unit": Unit.OWN, "unit_one": "bønne", "unit_many": "bønner"}

    told = said(cafe, **own)

    assert "You get 1 bønne for every 10 kr you pay." in told
    assert "gives 7 bønner. It is rounded down, and the rest is not kept." in told
