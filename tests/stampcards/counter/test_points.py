"""W8: points at the till, as plain forms send them. What a form sends decides nothing by itself."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django_scopes import scope

from loyalty import clock, keys
from loyalty.operations import dismiss
from members import programmes
from members.ledger.models import Account, Operation, Visit
from rewards.points.rules import Action
from tests.books import balance
from tests.factories import (
    MembershipFactory,
    PaperCardFactory,
    PointsFactory,
    ProgrammeFactory,
    as_owner,
    earn,
)
from tests.support.pages import page_of, text_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def maja(points):
    return MembershipFactory(shop=points.shop, name="Maja")


@pytest.fixture
def pay(till, maja, points):
    """pay("74"): what the keypad sends for Maja."""

    def post(amount=None, *, client=till, card=maja, **more):
        paid = {} if amount is None else {"amount": amount}
        asked = {"key": keys.new(), "programme": points.pk, **paid, **more}
        return client.post(reverse("counter:points", args=[card.counter_code]), asked)

    return post


def scheme(shop, **rules):
    """A points scheme with these rules, a member in it, and where its form is sent to."""
    programme = PointsFactory(shop=shop, **{f"rules__{name}": rule for name, rule in rules.items()})
    return programme, MembershipFactory(shop=shop, name="Maja")


def form_of(response):
    return response.context["member"].panels[0].needs["form"]


def test_it_works(pay, till, maja, sheet):
    assert "64" not in text_of(sheet(maja))

    response = pay("74")

    assert response.status_code == 302
    assert "Maja: 7 points. Now 7 points." in text_of(till.get(response.url))
    assert balance(maja) == 7
    assert "7 points" in text_of(sheet(maja))
    with scope(shop=maja.shop):
        assert Visit.objects.get().amount_minor == 7400


def test_without_scripts_the_whole_flow_is_pages_and_forms(till, maja, points):
    sheet = till.post(reverse("counter:home"), {"code": maja.short_code}, follow=True)
    form = form_of(sheet)
    asked = {"key": form["key"].value(), "programme": points.pk, "amount": "74,50"}
    result = till.post(reverse("counter:points", args=[maja.counter_code]), asked, follow=True)
    said = result.context["said"]
    undone = till.post(
        reverse("counter:undo", args=[said.undo]), {"key": said.form["key"].value()}, follow=True
    )

    assert 'inputmode="decimal"' in page_of(sheet)
    assert "Give points" in text_of(sheet)
    assert "Maja: 7 points. Now 7 points." in text_of(result)
    assert "Undone. Maja has 0 points." in text_of(undone)
    assert balance(maja) == 0


def test_htmx_gets_the_line_at_once(till, maja, points):
    asked = {"key": keys.new(), "programme": points.pk, "amount": "74"}
    response = till.post(reverse("counter:points", args=[maja.counter_code]), asked, headers=HTMX)

    assert "<html" not in response.content.decode()
    assert "Maja: 7 points. Now 7 points." in text_of(response)


def test_a_double_tap_earns_once_and_says_the_same(pay, till, maja):
    key = keys.new()
    first, second = pay("74", key=key), pay("74", key=key)

    assert first.url == second.url
    assert "Maja: 7 points. Now 7 points." in text_of(till.get(second.url))
    assert balance(maja) == 7


def test_a_key_that_asked_for_another_amount_is_refused(pay, maja):
    key = keys.new()
    pay("74", key=key)

    assert pay("740", key=key).status_code == 422
    assert balance(maja) == 7


@pytest.mark.parametrize("typed", ["74,50", "74.50", " 74,5 ", "74.5"])
def test_comma_and_point_are_both_accepted(pay, maja, typed):
    pay(typed)

    assert balance(maja) == 7


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Type the amount."),
        ("0", "Type the amount."),
        ("0,00", "Type the amount."),
        ("many", "Type an amount, like 25 or 39,50."),
        ("-5", "Type an amount of zero or more."),
        ("1,999", "Type an amount with two decimals at most."),
        ("100000,01", "That is a lot. Type a smaller amount."),
        ("1e99", "Type an amount"),
    ],
)
def test_what_is_no_amount_is_refused_beside_the_field(pay, maja, typed, told):
    response = pay(typed)

    assert response.status_code == 422
    assert told in " ".join(form_of(response).errors["amount"])
    assert told in text_of(response)
    assert form_of(response)["amount"].value() == typed
    assert balance(maja) == 0


def test_too_little_for_a_point_is_said_beside_the_amount(pay, maja):
    response = pay("9,99")

    assert response.status_code == 422
    assert form_of(response).errors == {"amount": ["That is too little for a point."]}
    assert text_of(response).count("That is too little for a point.") == 1
    with scope(shop=maja.shop):
        assert not Visit.objects.exists()


def test_a_lot_asks_and_goes_through_when_it_is_meant(pay, maja):
    asked = pay("5200")
    form = form_of(asked)

    assert asked.status_code == 422
    assert "That is a lot. 5,200" in text_of(asked)
    assert "Change" in text_of(asked)
    assert balance(maja) == 0

    sure = {"key": form["key"].value(), "sure": form["sure"].value()}
    assert pay("5200", **sure).status_code == 302
    assert balance(maja) == 520


def test_being_sure_of_one_amount_is_not_being_sure_of_another(pay, maja):
    form = form_of(pay("5200"))

    assert pay("52000", sure=form["sure"].value()).status_code == 422
    assert balance(maja) == 0


def test_exactly_as_much_as_is_usual_asks_nothing(pay):
    assert pay("5000").status_code == 302


def test_soon_after_it_asks_once_more(pay, maja, sheet):
    now = clock.now()
    with clock.at(now - timedelta(minutes=4)):
        pay("74")
    before_the_tap = sheet(maja)
    refused = pay("74")
    form = form_of(refused)
    agreed = pay("74", key=form["key"].value(), again=form["again"].value())

    assert "Earned 4 minutes ago. Once more?" in text_of(before_the_tap)
    assert refused.status_code == 422
    assert "Earned 4 minutes ago. Once more?" in text_of(refused)
    assert "Not now" in text_of(refused)
    assert agreed.status_code == 302
    assert balance(maja) == 14


def test_a_pause_says_since_when(pay, maja, points, sheet):
    with scope(shop=maja.shop):
        programmes.pause(points, actor=as_owner(points.shop))

    assert "The programme is on pause since" in text_of(sheet(maja))
    assert "Give" not in text_of(sheet(maja))
    assert pay("74").status_code == 422
    assert balance(maja) == 0


def test_a_shop_that_has_not_started_says_so(pay, maja, sheet, shop):
    shop.live_since = None
    shop.save(update_fields=["live_since"])

    assert "This is a preview. Start the programme first." in text_of(sheet(maja))
    assert pay("74").status_code == 422


def test_a_stranger_counter_gives_nothing_and_learns_nothing(pay, maja, next_door_till):
    response = pay("74", client=next_door_till)

    assert "Maja" not in page_of(response)
    assert balance(maja) == 0


def test_a_stranger_without_a_counter_gives_nothing(pay, maja, visitor, stranger):
    assert {pay("74", client=client).status_code for client in (visitor, stranger)} == {401}
    assert balance(maja) == 0


def test_nobody_on_the_till_gives_nothing(pay, maja, counter):
    dismiss(counter.staff, actor=as_owner(counter.staff.shop))

    assert pay("74").status_code == 422
    assert balance(maja) == 0


# --- What is offered follows the rules -----------------------------------------------------------


def test_only_what_earns_something_is_offered(sheet, maja):
    page = page_of(sheet(maja))

    assert 'name="amount"' in page
    for absent in ('name="items"', 'name="action_a"', "Came by"):
        assert absent not in page


def test_items_are_counted_in_pills(shop, till, sheet):
    programme, maja = scheme(shop, rate="0", per_item=2, item="cups")
    page = sheet(maja)
    asked = {"key": keys.new(), "programme": programme.pk, "items": 3}
    response = till.post(reverse("counter:points", args=[maja.counter_code]), asked)

    assert "cups" in text_of(page)
    assert 'name="amount"' not in page_of(page)
    assert "Maja: 6 points. Now 6 points." in text_of(till.get(response.url))


def test_named_actions_are_boxes_with_what_they_bring(shop, till, sheet):
    programme, maja = scheme(shop, actions=(Action("Own cup", 5), Action("Ate in", 3)))
    page = sheet(maja)
    asked = {"key": keys.new(), "programme": programme.pk, "amount": "", "action_b": "Ate in"}
    till.post(reverse("counter:points", args=[maja.counter_code]), asked)

    assert "Own cup +5" in text_of(page)
    assert 'value="Ate in"' in page_of(page)
    assert balance(maja) == 3


def test_an_action_that_the_rules_do_not_know_earns_nothing(pay, maja):
    assert pay("", action_a="Tidied up").status_code == 422
    assert balance(maja) == 0


def test_coming_by_is_a_button_of_its_own_and_counts_once_a_day(shop, till, sheet):
    programme, maja = scheme(shop, per_attendance=4)

    def come():
        asked = {"key": keys.new(), "programme": programme.pk, "attended": "True"}
        return till.post(reverse("counter:points", args=[maja.counter_code]), asked)

    assert "Came by" in text_of(sheet(maja))
    assert "Maja: 4 points. Now 4 points." in text_of(till.get(come().url))
    with clock.at(clock.now() + timedelta(minutes=6)):
        again = come()
    assert again.status_code == 422
    assert "Coming by was counted today already." in text_of(again)
    with scope(shop=shop):
        assert Visit.objects.get().kind == Visit.Kind.ATTENDANCE


def test_where_only_coming_by_earns_it_is_the_main_button(shop, sheet):
    _programme, maja = scheme(shop, rate="0", per_attendance=4)
    page = page_of(sheet(maja))

    assert page.count("btn-xl") == 1
    assert "Give" not in text_of(sheet(maja))


def test_points_for_any_visit_need_one_tap(shop, till, sheet):
    programme, maja = scheme(shop, rate="0", per_visit=5)
    asked = {"key": keys.new(), "programme": programme.pk}

    assert "Give 5 points" in text_of(sheet(maja))
    till.post(reverse("counter:points", args=[maja.counter_code]), asked)
    assert balance(maja) == 5


# --- Around it -----------------------------------------------------------------------------------


def test_a_blank_paper_card_becomes_a_members_with_its_first_points(shop, points, pay, till):
    paper = PaperCardFactory(shop=shop)

    response = pay("74", card=paper)

    assert "7 points. Now 7 points." in text_of(till.get(response.url))
    paper.refresh_from_db()
    assert paper.membership is not None


@pytest.mark.parametrize("typed", ["5", "5200", ""])
def test_a_blank_paper_card_that_earns_nothing_stays_nobodys(shop, pay, typed):
    paper = PaperCardFactory(shop=shop)

    assert pay(typed, card=paper).status_code == 422

    paper.refresh_from_db()
    assert paper.membership is None


def test_a_scheme_younger_than_the_card(shop, till):
    ProgrammeFactory(shop=shop)
    maja = MembershipFactory(shop=shop, name="Maja")
    young = PointsFactory(shop=shop)
    asked = {"key": keys.new(), "programme": young.pk, "amount": "74"}

    till.post(reverse("counter:points", args=[maja.counter_code]), asked)

    assert balance(maja) == 7


def test_it_stands_in_the_last_ten_and_can_be_undone_there(pay, till, maja, undo):
    key = keys.new()
    pay("74", key=key)

    assert "Maja 7 points" in text_of(till.get(reverse("counter:last")))
    undo(key)
    assert balance(maja) == 0
    assert "Undone" in text_of(till.get(reverse("counter:last")))


def test_points_that_were_spent_since_can_not_be_undone(pay, maja, undo, counter):
    key = keys.new()
    pay("74", key=key)
    with scope(shop=maja.shop):
        Account.objects.get(membership=maja).lots.update(remaining=3)  # four were spent

    assert undo(key).status_code == 422


def test_the_line_is_the_same_after_a_reload(pay, till):
    url = pay("74").url

    assert text_of(till.get(url)) == text_of(till.get(url))
    with scope(shop=till.get(url).context["counter"].shop):
        assert Operation.objects.filter(kind="earn_points").count() == 1


def test_a_unit_of_the_shops_own_is_called_so(shop, till, sheet):
    programme, maja = scheme(shop, unit="own", unit_one="bean", unit_many="beans")
    asked = {"key": keys.new(), "programme": programme.pk, "amount": "15"}
    response = till.post(reverse("counter:points", args=[maja.counter_code]), asked)

    assert "Give beans" in text_of(sheet(maja))
    assert "Maja: 1 bean. Now 1 bean." in text_of(till.get(response.url))


def test_opening_the_sheet_changes_nothing(maja, counter, sheet):
    earn(maja, 7400, counter=counter)
    sheet(maja)

    assert balance(maja) == 7
