from datetime import timedelta

import pytest
from django.urls import reverse

from loyalty import clock
from rewards.points.rules import PointRules
from stampcards.trades import Trade, proposal
from tests.factories import PointsFactory, ProgrammeFactory, RuleVersionFactory, ShopFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rules_page(card):
    return reverse("join:rules", args=[card.shop.slug])


def test_it_works(rules_page, visitor):
    html = visitor.get(rules_page).content.decode()

    assert "You need 9 stamps. Then you get: Any hot drink." in html
    assert "Version 1" in html


def test_a_card_in_progress_reads_what_it_was_promised(rules_page, visitor, card):
    _, rules = proposal(Trade.BAKERY, currency="NOK", language="en-gb")
    RuleVersionFactory(programme=card, rules=rules)

    assert "You need 7 stamps." in visitor.get(rules_page).content.decode()
    older = visitor.get(rules_page + "?v=1").content.decode()
    assert "You need 9 stamps." in older
    assert "There are newer rules for new cards." in older


@pytest.mark.parametrize("number", ["99", "x", "-1", "²", "1" * 300, "🍰"])
def test_a_version_nobody_wrote_is_the_newest(rules_page, visitor, number):
    answer = visitor.get(rules_page, {"v": number})

    assert answer.status_code == 200
    assert b"Version 1" in answer.content


def test_a_shop_that_has_not_started_has_no_rules(visitor):
    card = ProgrammeFactory(shop=ShopFactory(live_since=None))

    assert visitor.get(reverse("join:rules", args=[card.shop.slug])).status_code == 404


def test_the_version_in_the_address_is_that_of_the_card(rules_page, visitor, card):
    points = PointsFactory(shop=card.shop)
    RuleVersionFactory(programme=points, rules=PointRules(rate="2"))

    html = visitor.get(rules_page + "?v=1").content.decode()

    assert "You get 2 points for every" in html
    assert "There are newer rules" not in html


def test_what_begins_later_is_told_before_it_holds(rules_page, visitor, card):
    points = PointsFactory(shop=card.shop)
    RuleVersionFactory(
        programme=points,
        rules=PointRules(rate="2"),
        effective_from=clock.now() + timedelta(days=9),
    )

    html = visitor.get(rules_page).content.decode().replace("\N{NO-BREAK SPACE}", " ")

    assert "You get 1 point for every 10 kr you pay." in html
    assert ": 2 points for every 10 kr.</p>" in html


def test_what_the_whole_club_shares_is_said_once(rules_page, visitor, card):
    ProgrammeFactory(shop=card.shop, name="Lunch card")
    PointsFactory(shop=card.shop)
    html = visitor.get(rules_page).content.decode()

    assert html.count("<section") == 3
    assert html.count("Anyone can join, free.") == 1
    assert html.count(f"You can leave at any time. Questions: {card.shop.contact_email}.") == 1
    before, *_programmes, after = html.split("section")
    assert "Anyone can join" in before
    assert "You can leave" in after


def test_one_card_alone_says_it_all(rules_page, visitor, card):
    html = visitor.get(rules_page).content.decode()

    assert html.count("Anyone can join, free.") == 1
    assert html.count("You can leave at any time.") == 1
