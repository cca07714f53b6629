"""The page of figures: which period, which place, what each says, and the same as a file."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from loyalty import clock
from loyalty.models import Role
from members.ledger.models import Visit
from rewards.figures.models import ShopDay, Watermark
from rewards.figures.rollup import bring_up_to_date
from tests.dashboard.insights.conftest import NOW, file_of, words_of
from tests.factories import CounterFactory, LocationFactory

pytestmark = pytest.mark.django_db


def test_it_works(read, join, come):
    everybody = join(8)
    come(everybody, 9)
    come(everybody[:5], 10)

    page = words_of(read())

    assert "Figures through 20 Nov 2026. Today is under This week ." in page
    assert "Came back 62.5 % 5 of 8 What is this?" in page
    assert "Counted Members who bought in both: 5" in page
    assert "Out of Members who bought in the period before: 8" in page
    assert "Stayed away 37.5 % 3 of 8" in page
    assert "Active members 62.5 % 5 of 8" in page


def test_before_the_first_night_it_says_when(ingrid, shop, card):
    answer = ingrid.get(reverse("owner:insights", args=[shop.slug]))

    assert "Figures from tomorrow on" in words_of(answer)


def test_empty_denominators_are_dashes(read, join):
    join(1, month=9)

    page = words_of(read())

    assert "Came back – Nobody bought in the period before. What is this?" in page
    assert "Bought more than once – What is this?" in page
    assert "Redeemed: Coffee card – What is this?" in page


def test_with_few_buyers_it_says_so(read, join, come):
    come(join(2), 10)

    assert "Only 2 members bought in this period." in words_of(read())


def test_a_quarter_a_year_and_a_month_so_far(read, join, come):
    come(join(3), 7, 9, 10, 11)

    assert "Visits 6 What" in words_of(read(period="2026-q3"))
    assert "Visits 12 What" in words_of(read(period="2026"))
    so_far = words_of(read(period="2026-11"))
    assert "November 2026 so far" in so_far
    assert "Came back – The period is not over yet." in so_far
    assert "October 2026 Only" in words_of(read(period="1066"))  # what there is not


def test_money_is_shown_where_there_is_some(read, join, come):
    members = join(4)
    come(members[:3], 10, amount_minor=8700)
    come(members[3:], 10)

    page = words_of(read())

    assert "Spend per purchase 87 kr What" in page
    assert "Revenue per member 65.25 kr What" in page
    assert "1 purchase has no amount and is left out of the spend per purchase." in page
    assert "Lifetime value – It takes 90 days of purchases with amounts." in page


def test_without_amounts_there_is_no_money(read, join, come):
    come(join(2), 10)

    page = words_of(read())

    assert "Spend per purchase" not in page
    assert "Lifetime value" not in page
    assert "Your margin" not in page


def test_visits_per_member_where_some_buy_nothing(read, join, come, shop):
    members = join(4)
    come(members, 10)
    with scope(shop=shop):
        Visit.objects.filter(membership=members[0]).update(kind=Visit.Kind.ATTENDANCE)
    come(members[:2], 10)

    page = words_of(read())

    assert "Visits per member 1.50 What" in page
    assert "Purchases per member 1.25 What" in page


def test_what_never_runs_out_says_so(read, join, come):
    come(join(1), 10)

    assert "Ran out unused: Coffee card 0.0 % 0 of 1 Nothing here ever runs out." in words_of(
        read()
    )


def test_cohorts_blank_what_is_not_over(read, join, come):
    come(join(4, month=9)[:2], 9, 10, 11)

    answer = read()

    [september] = answer.context["cohorts"]
    assert (september.month, september.size) == ("Sept 2026", "4")
    assert september.shares == ["50.0 %", "50.0 %"]


def test_the_file_has_the_same_numbers(read, join, come):
    everybody = join(8)
    come(everybody, 9, amount_minor=8700)
    come(everybody[:5], 10, amount_minor=8700)

    rows = file_of(read(name="insights_csv"))

    assert rows[0] == ["Figure", "Of", "Value", "Counted", "Out of"]
    assert ["Came back", "", "62.5 %", "5", "8"] in rows
    assert ["Redeemed", "Coffee card", "300.0 %", "15", "5"] in rows
    assert ["Spend per purchase", "", "87\N{NO-BREAK SPACE}kr", "435.00", "5"] in rows
    assert ["Visits by month", "2026-10-01", "5", "5", ""] in rows
    assert ["Month 1 after joining", "2026-05-01", "0.0 %", "0", "8"] in rows


@pytest.mark.usefixtures("two_years")
@pytest.mark.parametrize(
    "asked",
    [{}, {"period": "2026-q3"}, {"period": "2025"}, {"period": "12-months", "discount": "5"}],
)
def test_every_figure_of_the_page_stands_in_the_file(read, asked):
    told = {"margin": "40", "customers": "90", "orders": "70", "redeemed": "85", **asked}
    lines = file_of(read(name="insights_csv", **told))

    in_file = {(f"{title}: {of}" if of else title, value) for title, of, value, *_counted in lines}
    shown = [each for group in read(**told).context["groups"] for each in group.figures]
    assert len(shown) > 15
    assert {(each.title, each.value) for each in shown} <= in_file


# --- Places and people --------------------------------------------------------------------


@pytest.fixture
def two_places(shop, counter, join, come):
    """Three were at the first place in September and October, two of them at the other too."""
    other = CounterFactory(shop=shop, location=LocationFactory(shop=shop, name="Torshov"))
    members = join(3)
    come(members, 9, 10)
    come(members[:2], 10, at=other)
    return counter.location, other.location


def test_a_place_has_its_own_visits_and_customers(read, two_places):
    _here, there = two_places

    page = words_of(read(place=there.pk))

    assert "Visits 2 What" in page
    assert "Members who bought 2 What" in page
    assert "Came back – Nobody bought in the period before." in page
    assert "belong to the whole shop" in page
    assert "Redeemed" not in page


def test_all_places_count_a_member_once(read, two_places):
    page = words_of(read())

    assert "Visits 5 What" in page
    assert "Came back 100.0 % 3 of 3 What" in page


def test_another_shops_place_is_not_found(ingrid, shop, two_places, next_door):
    place = LocationFactory(shop=next_door)
    bring_up_to_date(shop, NOW)

    answer = ingrid.get(reverse("owner:insights", args=[shop.slug]), {"place": place.pk})

    assert answer.status_code == 404


def test_a_manager_of_one_place_sees_that_place(read, manager, manager_person, two_places):
    _here, there = two_places
    Role.objects.get(person=manager_person).locations.add(there)

    page = words_of(read(manager))

    assert "Visits 2 What" in page
    assert "Sign-ups" not in page
    assert "Customers who are members" not in page
    assert "Purchases by members –" in page


def test_staff_see_visits_and_nothing_else(read, staff_client, two_places):
    page = words_of(read(staff_client))

    assert "Visits 5 What" in page
    assert "Came back" not in page
    assert "Numbers only you know" not in page
    rows = file_of(read(staff_client, name="insights_csv"))
    assert {row[0] for row in rows[1:]} == {"Visits", "Visits by month"}
    assert rows[-1] == ["Visits by month", "2026-10-01", "5", "5", ""]


# --- What it costs ------------------------------------------------------------------------


def statements(read, **asked):
    read(**asked)
    with CaptureQueriesContext(
        connection,
    ) as asked_for:
        read(**asked)
    return len([q for q in asked_for if "figures_" in q["sql"] and q["sql"].startswith("SELECT")])


def test_twice_the_members_cost_the_same_statements(read, join, come, lived):
    before = statements(read, period="12-months")
    come(join(13, month=6), 7, 8, 9, 10, amount_minor=9900)

    assert statements(read, period="12-months") == before


def test_everything_is_counted_again_by_command(shop, join, come, capsys):
    come(join(1), 10)
    bring_up_to_date(shop, NOW)
    with scope(shop=shop):
        ShopDay.objects.update(purchases=99)

    with clock.at(NOW):
        call_command("rebuild_figures")

    with scope(shop=shop):
        assert [row.purchases for row in ShopDay.objects.all()] == [1]
        assert Watermark.objects.get().day == date(2026, 11, 20)
    assert shop.name in capsys.readouterr().out
