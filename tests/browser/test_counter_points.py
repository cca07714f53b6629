"""The keypad in a browser: what will be given is said before the tap, and it is what is given."""

from itertools import product
from random import Random

import pytest
from django_scopes import scope
from playwright.sync_api import expect

from members.ledger.models import Account, Visit
from members.visits import Purchase
from rewards.points.amounts import Figure
from rewards.points.rules import Action, PointRules
from rewards.points.units import Unit
from rewards.tiers import standing
from tests.factories import MembershipFactory, PointsFactory
from tests.support import network as networks
from tests.support.tills import Till

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SMALL = {"width": 320, "height": 568}


@pytest.fixture
def start(new_context, network, counter, no_outside_requests):
    """start(): the counter's page, on a small phone if nothing else is wished for."""
    no_outside_requests.expect("console:|answer 50")  # of every answer that is none

    def opened(**wishes):
        return Till(new_context(**{"viewport": SMALL, **wishes}), network.url, counter.device)

    return opened


@pytest.fixture
def maja(shop):
    PointsFactory(shop=shop)
    return MembershipFactory(shop=shop, name="Maja")


@pytest.fixture
def kim(card):
    """With a coffee card and points."""
    PointsFactory(shop=card.shop)
    return MembershipFactory(shop=card.shop, name="Kim")


def balances(member):
    with scope(shop=member.shop):
        accounts = Account.objects.filter(membership=member).select_related("programme")
        return {account.programme.kind: account.balance for account in accounts}


def press(till, *keys):
    for key in keys:
        till.page.locator("[data-pad]").get_by_text(key, exact=True).click()


def button(till, name):
    return till.page.get_by_role("button", name=name, exact=True)


def test_it_works(start, maja):
    till = start()
    till.find(maja)
    expect(button(till, "Type the amount")).to_be_disabled()

    press(till, "7", "4", ",", "5", "0")
    expect(till.page.get_by_text("gives 7 points")).to_be_visible()
    button(till, "Give 7 points").click()

    expect(till.line).to_contain_text("Maja: 7 points. Now 7 points.")
    button(till, "Undo").click()
    expect(till.line).to_contain_text("Undone. Maja has 0 points.")
    assert balances(maja) == {"points": 0}


def test_the_keys_are_large_and_the_main_button_is_in_sight(start, maja):
    till = start()
    till.find(maja)
    press(till, "7")
    till.page.evaluate("scrollTo(0, 0)")

    keys = [key.bounding_box() for key in till.page.locator("[data-pad] button").all()]
    main = button(till, "Type the amount").or_(till.page.locator(".btn-xl")).bounding_box()
    assert len(keys) == 12
    assert all(key["height"] >= 56 for key in keys)
    assert main["height"] >= 72
    assert main["y"] + main["height"] <= SMALL["height"]
    assert max(key["y"] + key["height"] for key in keys) <= main["y"]
    assert till.page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]


def test_what_makes_no_amount_can_not_be_typed(start, maja):
    till = start()
    till.find(maja)
    field = till.page.get_by_label("Amount")

    press(till, ",", ",", "5", "0", "9")
    expect(field).to_have_value("0,50")
    press(till, "\u232b", "\u232b", "\u232b", "\u232b", "\u232b", "0", "7")
    expect(field).to_have_value("7")


def test_too_little_is_said_before_the_tap(start, maja):
    till = start()
    till.find(maja)
    press(till, "9")

    expect(till.page.get_by_text("That is too little for a point.")).to_be_visible()
    expect(button(till, "Give 0 points")).to_be_disabled()


def test_a_lot_asks_and_can_be_changed(start, maja):
    till = start()
    till.find(maja)
    press(till, "5", "2", "0", "0")
    button(till, "Give 520 points").click()
    expect(till.page.get_by_text("That is a lot. 5,200")).to_be_visible()

    till.page.get_by_text("Change", exact=True).click()
    press(till, "\u232b")
    button(till, "Give 52 points").click()
    expect(till.line).to_contain_text("Maja: 52 points.")


def test_a_lot_that_is_meant_is_one_more_tap(start, maja):
    till = start()
    till.find(maja)
    press(till, "5", "2", "0", "0")
    button(till, "Give 520 points").click()
    button(till, "Yes").click()

    expect(till.line).to_contain_text("Maja: 520 points. Now 520 points.")


def test_a_keyboard_types_into_the_field_itself(start, maja):
    till = start(viewport={"width": 1280, "height": 800})
    till.find(maja)
    button(till, "Type the amount").wait_for()
    expect(till.page.get_by_label("Amount")).to_be_focused()
    till.page.keyboard.type("74,50", delay=120)
    till.page.keyboard.press("Enter")

    expect(till.line).to_contain_text("Maja: 7 points.")


def test_stamps_and_points_of_one_purchase_are_one_tap(start, kim):
    till = start()
    till.find(kim)
    button(till, "Give 1 stamp").wait_for()
    till.page.get_by_label("Amount, for points").fill("74")
    main = button(till, "Give 1 stamp and 7 points")
    box = main.bounding_box()
    assert box["y"] + box["height"] <= SMALL["height"]
    main.click()

    expect(till.line).to_contain_text("Kim: 1 stamp. Now 2 of 9. 7 points. Now 7 points.")
    button(till, "Undo").click()
    expect(till.line).to_contain_text("Undone. Kim has 1 of 9, 0 points.")
    assert balances(kim) == {"stamps": 1, "points": 0}


def test_the_button_follows_count_and_amount(start, kim):
    till = start()
    till.find(kim)
    till.page.get_by_role("radio", name="3", exact=True).check()
    expect(button(till, "Give 3 stamps")).to_be_visible()
    till.page.get_by_label("Amount, for points").fill("12000")
    expect(button(till, "Give 3 stamps and 1,200 points")).to_be_visible()
    till.page.get_by_label("Amount, for points").fill("5")
    expect(button(till, "Give 3 stamps")).to_be_visible()


def test_what_is_saved_without_a_connection_counts_once(start, maja, network):
    till = start()
    with network.behaving(networks.away):
        till.find(maja)
        press(till, "7", "4")
        button(till, "Save 7 points").click()
        expect(till.line).to_contain_text("1 saved here.")
        expect(till.tag).to_have_text("Offline, 1 waiting")
        till.tag.click()
        expect(till.page.locator("#sheet")).to_contain_text("74\u00a0kr")
    with network.behaving(networks.asks_twice):
        till.send()
        expect(till.tag).to_have_text("Online")

    assert balances(maja) == {"points": 7}


def test_a_purchase_whose_answer_was_lost_counts_once(start, kim, network):
    till = start()
    till.find(kim)
    button(till, "Give 1 stamp").wait_for()
    till.page.get_by_label("Amount, for points").fill("74")
    with network.behaving(networks.loses_the_answer):
        button(till, "Give 1 stamp and 7 points").click()
        expect(till.line).to_contain_text("1 stamp saved here.")
    till.send()
    expect(till.tag).to_have_text("Online")

    assert balances(kim) == {"stamps": 2, "points": 7}
    with scope(shop=kim.shop):
        assert Visit.objects.get().amount_minor == 7400


def test_stamps_and_points_are_saved_as_one(start, kim, network):
    till = start()
    with network.behaving(networks.away):
        till.find(kim)
        till.page.get_by_label("Amount, for points").fill("74")
        button(till, "Save 1 stamp and 7 points").click()
        expect(till.line).to_contain_text("1 stamp saved here.")
    till.send()
    expect(till.tag).to_have_text("Online")

    assert balances(kim) == {"stamps": 2, "points": 7}


# --- The same figure before the tap as after it --------------------------------------------------

SCHEMES = [
    PointRules(),
    PointRules(rate="0.5"),
    PointRules(rate="0.333333", every_minor=700),
    PointRules(rate="3", every_minor=2500, minimum_minor=10_000),
    PointRules(rate="1.1", per_visit=5, per_item=2, minimum_minor=3995),
    PointRules(rate="0", per_visit=5, minimum_minor=5000),
    PointRules(rate="99999.999999", every_minor=1),
]
ASK = """([rules, amounts]) => amounts.map(([amount, items, bought, done]) =>
  tillGiving.points(rules, { amount, items, bought, done }))"""
PERCENTS = [100, 133, 150, 1000]  # of levels
OWN_CUP = Action("Own cup", 5)


def amounts(rules):
    """Around every edge, and some of any size: amount, items, bought, and what else was done."""
    random = Random(9)
    step = rules.every_minor
    edges = [n * step + off for n in range(1, 13) for off in (-1, 0, 1)]
    edges += [rules.minimum_minor + off for off in (-1, 0, 1)]
    any_size = [random.randrange(10_000_001) for _ in range(60)]
    return [
        (max(amount, 0), random.randrange(4), random.random() < 0.9, random.choice((0, 5)))
        for amount in [0, 1, *edges, *any_size]
    ]


def test_the_figure_on_the_screen_is_what_is_booked(start, maja, shop):
    till = start()
    for rules, percent in product(SCHEMES, PERCENTS):
        wished = amounts(rules)
        figure = Figure.of(rules, shop, percent=percent)
        told = {
            "num": str(figure.per_minor.numerator),
            "den": str(figure.per_minor.denominator),
            "minimum": str(figure.minimum_minor),
            "visit": str(figure.per_visit),
            "item": str(figure.per_item),
            "percent": str(figure.percent),
        }
        with_actions = PointRules(**{**vars(rules), "actions": (OWN_CUP,)})
        booked = [
            with_actions.points_for(
                Purchase(
                    amount_minor=amount,
                    items=items,
                    bought=bought,
                    actions=(OWN_CUP.name,) if done else (),
                ),
                multiplier=standing.times(percent),
            )
            for amount, items, bought, done in wished
        ]
        assert till.page.evaluate(ASK, [told, wished]) == booked, (rules, percent)


def test_amounts_are_read_on_the_screen_as_they_are_booked(start, maja):
    till = start()
    typed = ["74", "74,5", "74.50", "0,05", ",5", "7,", "1 250", "1\u00a0250,25"]
    read = till.page.evaluate("(all) => all.map(tillGiving.minor)", typed)
    nothing = till.page.evaluate(
        "(all) => all.map(tillGiving.minor)", ["", ",", "-1", "1,234", "a"]
    )

    assert read == [7400, 7450, 7450, 5, 50, 700, 125_000, 125_025]
    assert nothing == [None] * 5


def test_items_actions_and_the_shops_own_unit(start, shop):
    PointsFactory(
        shop=shop,
        rules__rate="0",
        rules__per_item=2,
        rules__item="cups",
        rules__actions=(OWN_CUP,),
        rules__unit=Unit.OWN,
        rules__unit_one="bean",
        rules__unit_many="beans",
    )
    maja = MembershipFactory(shop=shop, name="Maja")
    till = start()
    till.find(maja)
    expect(button(till, "Give 2 beans")).to_be_enabled()
    till.page.get_by_role("radio", name="3", exact=True).check()
    expect(button(till, "Give 6 beans")).to_be_visible()
    till.page.get_by_role("checkbox", name="Own cup +5").check()
    button(till, "Give 11 beans").click()

    expect(till.line).to_contain_text("Maja: 11 beans. Now 11 beans.")


def test_coming_by_is_its_own_tap(start, shop):
    PointsFactory(shop=shop, rules__per_attendance=4)
    maja = MembershipFactory(shop=shop, name="Maja")
    till = start()
    till.find(maja)
    button(till, "Came by").click()

    expect(till.line).to_contain_text("Maja: 4 points. Now 4 points.")


def test_coming_by_is_saved_without_a_connection(start, shop, network):
    PointsFactory(shop=shop, rules__per_attendance=4)
    maja = MembershipFactory(shop=shop, name="Maja")
    till = start()
    with network.behaving(networks.away):
        till.find(maja)
        button(till, "Came by").click()
        expect(till.line).to_contain_text("1 saved here.")
    till.send()
    expect(till.tag).to_have_text("Online")

    assert balances(maja) == {"points": 4}
