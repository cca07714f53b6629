"""Stamps and points from the same purchase: one tap, one operation, one undo."""

import pytest
from django.urls import reverse
from django_scopes import scope

from loyalty import keys
from members import programmes
from members.ledger.models import Account, Operation, Visit
from tests.factories import (
    MembershipFactory,
    PaperCardFactory,
    PointsFactory,
    ProgrammeFactory,
    as_owner,
)
from tests.support.pages import page_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def points(card, points):
    return points


@pytest.fixture
def maja(points):
    """With a coffee card and points."""
    return MembershipFactory(shop=points.shop, name="Maja")


@pytest.fixture
def buy(till, maja, card):
    """buy("74"): one stamp, with what was paid."""

    def post(amount="", *, client=till, member=maja, **more):
        asked = {"key": keys.new(), "programme": card.pk, "count": 1, "amount": amount, **more}
        return client.post(reverse("counter:stamp", args=[member.counter_code]), asked)

    return post


def balances(member):
    with scope(shop=member.shop):
        accounts = Account.objects.filter(membership=member).select_related("programme")
        return {account.programme.kind: account.balance for account in accounts}


def panels(response):
    return [panel.needs for panel in response.context["member"].panels]


def test_it_works(buy, till, maja):
    response = buy("74")

    told = "Maja: 1 stamp. Now 2 of 9. 7 points. Now 7 points."
    assert told in text_of(till.get(response.url))
    assert balances(maja) == {"stamps": 2, "points": 7}
    with scope(shop=maja.shop):
        assert Visit.objects.get().amount_minor == 7400


def test_both_are_taken_back_as_one(buy, till, maja, undo):
    key = keys.new()
    buy("74", key=key)
    last = text_of(till.get(reverse("counter:last")))
    response = undo(key)

    assert "Maja 1 stamp, 7 points" in last
    assert "Undone. Maja has 1 of 9, 0 points." in text_of(till.get(response.url))
    assert balances(maja) == {"stamps": 1, "points": 0}


def test_a_double_tap_gives_both_once(buy, maja):
    key = keys.new()
    buy("74", key=key)
    buy("74", key=key)

    assert balances(maja) == {"stamps": 2, "points": 7}


def test_without_an_amount_it_is_a_stamp(buy, till, maja):
    response = buy("")

    assert "Maja: 1 stamp. Now 2 of 9." in text_of(till.get(response.url))
    assert balances(maja) == {"stamps": 2, "points": 0}


def test_too_little_for_a_point_is_a_stamp_all_the_same(buy, maja):
    buy("5")

    assert balances(maja) == {"stamps": 2, "points": 0}


def test_points_for_any_visit_come_with_the_stamp(shop, card, till, sheet):
    PointsFactory(shop=shop, rules__rate="0", rules__per_visit=5)
    maja = MembershipFactory(shop=shop, name="Maja")
    page = page_of(sheet(maja))
    asked = {"key": keys.new(), "programme": card.pk, "count": 1}
    till.post(reverse("counter:stamp", args=[maja.counter_code]), asked)

    assert 'name="amount"' not in page
    assert balances(maja) == {"stamps": 2, "points": 5}


@pytest.mark.parametrize("typed", ["0", "much", "-3", "1,234"])
def test_what_is_no_amount_is_refused_beside_it(buy, maja, typed):
    response = buy(typed)

    assert response.status_code == 422
    assert panels(response)[0]["form"].errors["amount"]
    assert balances(maja) == {"stamps": 1, "points": 0}


def test_a_lot_asks_and_goes_through_when_it_is_meant(buy, maja):
    asked = buy("5200")
    form = panels(asked)[0]["form"]

    assert asked.status_code == 422
    assert "That is a lot. 5,200" in text_of(asked)
    assert balances(maja) == {"stamps": 1, "points": 0}

    buy("5200", key=form["key"].value(), sure=form["sure"].value())
    assert balances(maja) == {"stamps": 2, "points": 520}


def test_the_amount_stands_in_the_one_loud_form(sheet, maja):
    page = page_of(sheet(maja))
    stamps = page.partition('<form class="stamping"')[2].partition("</form>")[0]

    assert "Amount, for points" in stamps
    assert page.count("btn-xl") == 1
    assert page.index("Amount, for points") < page.index('class="stamping earning"')


def test_with_two_cards_it_is_asked_once(shop, maja, sheet):
    ProgrammeFactory(shop=shop, name="Lunch card")
    page = sheet(maja)

    assert page_of(page).count("Amount, for points") == 1
    assert [needs["facts"] for needs in panels(page)][-1] == "0 points"
    assert page_of(page).count("btn-xl") == 1


def test_points_alone_can_be_given_from_the_quiet_part(till, maja, points):
    asked = {"key": keys.new(), "programme": points.pk, "amount": "74"}
    till.post(reverse("counter:points", args=[maja.counter_code]), asked)

    assert balances(maja) == {"stamps": 1, "points": 7}


def test_what_was_just_refused_is_the_loud_one(till, maja, points):
    asked = {"key": keys.new(), "programme": points.pk, "amount": ""}
    page = till.post(reverse("counter:points", args=[maja.counter_code]), asked)

    assert [needs["facts"] for needs in panels(page)] == ["0 points", "Coffee card · 1 of 9"]
    assert page_of(page).count("btn-xl") == 1


def test_while_points_are_on_pause_nobody_asks_what_was_paid(sheet, buy, maja, points):
    with scope(shop=maja.shop):
        programmes.pause(points, actor=as_owner(points.shop))

    assert "Amount, for points" not in text_of(sheet(maja))
    assert buy("74").status_code == 302
    assert balances(maja) == {"stamps": 2, "points": 0}


def test_while_the_card_is_on_pause_points_are_the_loud_ones(sheet, maja, card):
    with scope(shop=maja.shop):
        programmes.pause(card, actor=as_owner(card.shop))
    page = sheet(maja)

    assert panels(page)[0]["facts"] == "0 points"
    assert page_of(page).count("btn-xl") == 1


def test_a_blank_card_gets_both_with_its_first_purchase(shop, points, buy):
    paper = PaperCardFactory(shop=shop)

    buy("74", member=paper)

    paper.refresh_from_db()
    assert balances(paper.membership) == {"stamps": 2, "points": 7}


def test_a_blank_card_with_a_slip_of_the_finger_stays_nobodys(shop, points, buy):
    paper = PaperCardFactory(shop=shop)

    assert buy("5200", member=paper).status_code == 422

    paper.refresh_from_db()
    assert paper.membership is None


def test_a_stranger_counter_gives_neither(buy, maja, next_door_till):
    buy("74", client=next_door_till)

    assert balances(maja) == {"stamps": 1, "points": 0}


def test_a_card_of_a_shop_without_points_asks_for_no_amount(sheet, member):
    assert "Amount, for points" not in text_of(sheet(member))


def test_it_is_one_operation_and_one_visit(buy, maja):
    buy("74")

    with scope(shop=maja.shop):
        done = Operation.objects.filter(membership=maja).exclude(kind="join")
        assert [operation.kind for operation in done] == ["add_stamps"]
        assert Visit.objects.count() == 1
