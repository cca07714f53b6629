"""The page about money: what is owed, what it cost, what it will. All worked out by hand."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from django.urls import reverse
from django_scopes import scope

from loyalty import clock, keys
from loyalty.actors import Actor
from loyalty.dashboard.money import givings, owed, spent, statement, words
from loyalty.dashboard.money.forecast import Month
from loyalty.dashboard.money.unit_costs import unit_costs
from rewards.models import Claim
from rewards.operations import hand_over
from tests.factories import (
    MembershipFactory,
    PointsFactory,
    ProgrammeFactory,
    RewardFactory,
    ShopFactory,
    StaffMemberFactory,
    earn,
    stamp,
)
from tests.ladder_factories import LadderFactory
from tests.members.ledger.purse import Purse
from tests.support.pages import plain_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_shop")]

NOW = datetime(2027, 5, 12, 10, tzinfo=UTC)  # noon in Oslo
MONTH = Month(members=100, visits=Fraction(2), basket_minor=5_000, joining=18, margin_percent=60)


@pytest.fixture(autouse=True)
def today():
    with clock.at(NOW):
        yield


@pytest.fixture
def card(shop):
    """Nine stamps, one from us, for a coffee that costs 45 kr: 5 kr a stamp."""
    return ProgrammeFactory(
        shop=shop, name="Coffee card", rules__need=9, rules__reward_value_minor=4_500
    )


@pytest.fixture
def points(shop):
    """A point for every 10 kr, and a lunch that costs 45 kr for 100: 0.45 kr a point."""
    return RewardFactory(programme=PointsFactory(shop=shop)).programme


def cost_of(forecast, name):
    """In whole minor units, of one of the things that are given."""
    return sum(giving.minor for giving in forecast.givings if giving.name == name)


# --- A month to come ---


def test_it_works(shop, card):
    """200 purchases give 200 stamps at 5 kr, and 18 new members begin with one each."""
    forecast = givings.forecast(shop, MONTH, NOW)

    assert cost_of(forecast, "Coffee card") == 100_000
    assert cost_of(forecast, "Welcome stamps") == 9_000
    assert forecast.share == Fraction(1_090, 10_000)  # of 200 x 50 kr
    assert forecast.left_minor == 600_000 - 109_000
    assert forecast.more_visits == Fraction(109, 491)
    assert words.forecast_sentence(forecast, shop) == (
        "About 1,090\N{NO-BREAK SPACE}kr in such a month: 10.9 % of what members pay."
    )
    assert "when members come 22.2 % more often" in words.margin_sentence(forecast, shop)


def test_with_so_many_more_visits_it_pays_for_itself(shop, card):
    more = givings.forecast(shop, MONTH, NOW).more_visits
    # No new members: what grows with visits is all there is.
    month = Month(members=100, visits=Fraction(2), basket_minor=5_000, margin_percent=60)
    plain = givings.forecast(shop, month, NOW)
    busier = Month(
        members=100, visits=2 * (1 + plain.more_visits), basket_minor=5_000, margin_percent=60
    )

    assert givings.forecast(shop, busier, NOW).left_minor == 600_000  # the margin without any of it
    assert more > plain.more_visits


def test_points_stand_on_top_of_stamps(shop, card, points):
    forecast = givings.forecast(shop, MONTH, NOW)

    assert cost_of(forecast, points.name) == 200 * 5 * 45
    assert forecast.cost_minor == 109_000 + 45_000


def test_a_purchase_below_the_least_one_costs_no_stamp(shop):
    ProgrammeFactory(shop=shop, name="Big card", rules__minimum_minor=5_001, rules__welcome=0)

    assert givings.forecast(shop, MONTH, NOW).cost_minor == 0


def test_what_is_on_pause_or_off_costs_nothing(shop, card):
    card.paused_since = NOW
    card.save()

    assert givings.forecast(shop, MONTH, NOW).givings == []


def test_what_collects_no_more_costs_nothing(shop, card, points):
    """Its end was announced: the last day to collect was yesterday."""
    for programme in (card, points):
        programme.collects_until, programme.honoured_until = date(2027, 5, 11), date(2027, 8, 31)
        programme.save()

    assert givings.forecast(shop, MONTH, NOW).givings == []
    assert unit_costs(shop) == {"stamps": 0, "bonus": 0}


def test_a_higher_level_gets_more_of_it(shop, card, counter):
    """One of two members stands on a level with twice as many points, and twice is one more."""
    points = RewardFactory(programme=PointsFactory(shop=shop)).programme
    LadderFactory(
        shop=shop, takes={"Bronze": 0, "Silver": 1}, gives={"Silver": {"multiplier_percent": 200}}
    )
    climbed, _other = MembershipFactory.create_batch(2, shop=shop)
    earn(climbed, 10_000, counter=counter, programme=points)
    forecast = givings.forecast(shop, MONTH, NOW)

    rising = cost_of(forecast, "Coffee card") + cost_of(forecast, points.name)
    assert cost_of(forecast, "Levels") == rising / 2


def test_without_sales_there_is_no_share(shop, card):
    forecast = givings.forecast(shop, Month(0, Fraction(0), 5_000, joining=1), NOW)

    assert (forecast.share, forecast.more_visits) == (None, None)
    assert "About 5" in words.forecast_sentence(forecast, shop)


def test_where_it_eats_the_margin_it_says_so(shop, card):
    poor = Month(members=100, visits=Fraction(2), basket_minor=5_000, margin_percent=10)
    forecast = givings.forecast(shop, poor, NOW)

    assert forecast.left_minor == 0
    assert "never pays for itself" in words.margin_sentence(forecast, shop)


# --- Owed ---


def test_what_is_owed_stands_by_the_month_it_runs_out(shop, card):
    maja = MembershipFactory(shop=shop)
    purse = Purse(maja, card)
    purse.earn(2, until=date(2027, 6, 30))
    purse.earn(3, until=date(2027, 7, 1))
    found = {ends.month: ends.minor for ends in owed.by_month(shop, NOW)}

    assert found[date(2027, 6, 1)] == 1_000
    assert found[date(2027, 7, 1)] == 1_500
    total = sum(each.minor for each in statement.outstanding(shop, NOW))
    assert sum(found.values()) == total  # the welcome stamp too, in a month of its own


def test_the_months_add_up_to_what_is_owed(shop):
    """Three stamps at a third of 10 kr: 3.33 kr in each of three months, and 10 kr together."""
    card = ProgrammeFactory(
        shop=shop, rules__need=3, rules__reward_value_minor=1_000, rules__welcome=0
    )
    for month in (6, 7, 8):
        Purse(MembershipFactory(shop=shop), card).earn(1, until=date(2027, month, 20))

    months = [ends.minor for ends in owed.by_month(shop, NOW)]
    assert months == [334, 333, 333]
    assert sum(months) == sum(each.minor for each in statement.outstanding(shop, NOW))


def test_nothing_is_owed_after_the_end_of_its_programme(shop, card, counter):
    """A card that would last for ever, and the reward of a full one."""
    maja = MembershipFactory(shop=shop)
    stamp(maja, 9, counter=counter, programme=card)
    Purse(maja, card).earn(2, until=date(2027, 6, 30))
    card.collects_until, card.honoured_until = date(2027, 6, 15), date(2027, 8, 31)
    card.save()

    found = {ends.month: ends.minor for ends in owed.by_month(shop, NOW)}
    assert found == {date(2027, 6, 1): 1_000, date(2027, 8, 1): 500 + 4_500}


# --- What it cost ---


def fill_and_use(card, counter):
    """Nine stamps, and the coffee."""
    maja = MembershipFactory(shop=card.shop)
    for _ in range(8):
        stamp(maja, counter=counter, programme=card)
    actor = Actor.of_counter(counter)
    claim = Claim.objects.get(membership=maja)
    hand_over(membership=maja, claim=claim, key=keys.new(), actor=actor)
    return maja


def test_rewards_cost_what_was_handed_out_in_whole_months(shop, card, counter):
    for month in (3, 4, 5):  # this month is not over
        with clock.at(datetime(2027, month, 3, 10, tzinfo=UTC)):
            fill_and_use(card, counter)
    months = spent.months_of(shop, NOW)

    assert [(m.first, m.rewards, m.cost_minor, m.purchases) for m in months] == [
        (date(2027, 4, 1), 1, 4_500, 8),
        (date(2027, 3, 1), 1, 4_500, 8),
    ]
    so_far = spent.together(months)
    usual = spent.usual_basket(shop, NOW)  # nobody typed an amount
    assert (so_far.cost_minor, so_far.sales_minor) == (9_000, 16 * usual)
    assert words.cost_sentence(so_far, Fraction(9, 100), shop) == (
        "Too early to say: 2 rewards were handed out. It takes 30."
    )


def test_the_last_second_of_a_month_is_the_shops(shop, card, counter):
    with clock.at(datetime(2027, 3, 31, 22, 30, tzinfo=UTC)):  # half past midnight in Oslo
        stamp(MembershipFactory(shop=shop), counter=counter, programme=card)

    assert [m.first for m in spent.months_of(shop, NOW)] == [date(2027, 4, 1)]


def test_you_planned_and_it_is(shop):
    year = spent.Spent(date(2026, 6, 1), rewards=50, cost_minor=11_000, paid_minor=100_000)

    assert words.cost_sentence(year, Fraction(9, 100), shop) == "You planned 9.0 %, it is 11.0 %."


def test_where_members_come_by_and_buy_nothing_there_is_no_share(shop):
    gym = spent.Spent(date(2026, 6, 1), rewards=40, cost_minor=11_000)

    assert words.cost_sentence(gym, Fraction(9, 100), shop) == (
        "40 rewards handed out cost you 110\N{NO-BREAK SPACE}kr; "
        "members paid 0\N{NO-BREAK SPACE}kr."
    )


@pytest.mark.parametrize(
    ("days", "visits"), [(10, 6), (45, 4), (200, 2)], ids=["a month", "so far", "a quarter"]
)
def test_a_usual_month_of_a_young_shop_is_of_the_time_it_was_open(
    shop, card, counter, days, visits
):
    """One member came six times in the last days."""
    shop.live_since = NOW - timedelta(days=days)
    shop.save()
    maja = MembershipFactory(shop=shop)
    for ago in range(6):
        with clock.at(NOW - timedelta(days=ago)):
            stamp(maja, counter=counter, programme=card)

    assert spent.typical_month(shop, NOW).visits == visits


def test_a_purchase_without_an_amount_counts_as_the_usual_one(shop):
    year = spent.Spent(date(2026, 6, 1), purchases=10, priced=4, paid_minor=40_000, usual_minor=500)

    assert year.sales_minor == 43_000
    assert "6 purchases had no amount and count as" in " ".join(words.cost_facts(year, shop))


# --- The page ---


def page(shop, **asked):
    return reverse("owner:money", args=[shop.slug]) + (
        "?" + "&".join(f"{name}={value}" for name, value in asked.items()) if asked else ""
    )


ASKED = {"members": 100, "visits": 2, "basket": 50, "joining": 18, "friends": 0, "margin": 60}


def test_the_page_says_all_three(shop, card, ingrid):
    answer = ingrid.get(page(shop, **ASKED))

    assert answer.status_code == 200
    text = plain_text(answer)
    for heading in ("Owed today", "What it cost", "A month to come"):
        assert heading in text
    assert "10.9 % of what members pay" in text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"members": -1}, "Type 0 or more."),
        ({"visits": "often"}, "Type a number, like 2 or 2.5."),
        ({"basket": "1,234"}, "Type an amount with two decimals at most."),
        ({"margin": 101}, "Type 100 or less."),
        ({"members": ""}, "Type a number."),
    ],
)
def test_what_can_not_be_is_said_beside_its_field(shop, card, ingrid, wrong, words):
    answer = ingrid.get(page(shop, **{**ASKED, **wrong}))

    assert answer.status_code == 422
    assert words in plain_text(answer)
    assert 'value="18"' in answer.content.decode()  # the rest stays as typed


def test_a_new_shop_reads_what_is_usual(shop, card, ingrid):
    text = plain_text(ingrid.get(page(shop)))

    assert "The first whole month is not over yet." in text
    assert 'value="100"' in ingrid.get(page(shop)).content.decode()


def test_staff_and_strangers_see_none_of_it(shop, card, ingrid, staff_client, stranger):
    assert staff_client.get(page(shop)).status_code == 403
    assert stranger.get(page(shop)).status_code == 404
    with scope(shop=(other := ShopFactory())):
        StaffMemberFactory(shop=other)
    assert ingrid.get(page(other)).status_code == 404
