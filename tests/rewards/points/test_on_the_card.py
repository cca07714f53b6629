"""W2 in points mode: one number, a bar to the next reward, and the two nearest by name."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members.ledger.models import Account, Operation
from members.ledger.operations import expire_lapsed
from members.operations import void
from rewards.catalogue.operations import cancel
from rewards.points import kind
from rewards.points.rules import Expiry
from rewards.points.units import Unit
from tests.books import latest
from tests.factories import MembershipFactory, PointsFactory, RewardFactory, choose, earn
from tests.support.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def maja(points, counter):
    """Maja, with 64 points."""
    return MembershipFactory(shop=points.shop, name="Maja", points=64, points__counter=counter)


@pytest.fixture
def read(visitor):
    """The card page as its owner reads it, a while after joining, in one line."""

    def look(member, name="card"):
        with clock.at(clock.now() + timedelta(minutes=5)):
            return text(visitor.get(reverse(f"card:{name}", args=[member.private])))

    return look


@pytest.fixture
def news(in_shop):
    """What the card's page says since the last look."""

    def since(member, seen):
        entries = member.accounts.get().entries.filter(operation__gt=seen).order_by("seq")
        account = Account.objects.select_related("programme", "rule_version").get(membership=member)
        with translation.override("en-gb"):
            return kind.news(account, list(entries)).words

    return since


def so_far():
    return Operation.objects.latest("pk").pk


def test_it_works(read, maja, lunch):
    html = read(maja)

    assert "<b>64</b> points" in html
    assert "36 to go: Free lunch." in html
    assert '<progress class="bar" value="64" max="100"' in html
    assert "100 points" in html


def test_without_points_it_says_how_to_earn(read, points, lunch):
    html = read(MembershipFactory(shop=points.shop))

    assert "<b>0</b> points" in html
    assert "Show your code when you pay." in html
    assert "You get 1 point for every 10" in html
    assert "A purchase of 79.50" in html


def test_without_a_catalogue_there_is_only_the_number(read, maja):
    html = read(maja)

    assert "<b>64</b> points" in html
    assert "<progress" not in html
    assert 'id="rewards"' not in html


def test_what_there_is_enough_for_is_said(read, maja, points):
    RewardFactory(programme=points, name="Coffee", cost=20)

    assert "Enough for: Coffee." in read(maja)


def test_points_given_since_the_last_look_land_once(read, maja, lunch, counter):
    read(maja)
    earn(maja, 7_000, counter=counter)

    assert "+7" in read(maja)
    assert "+7" not in read(maja)


def test_two_programmes_stand_on_one_card_and_one_code_page(read, visitor, in_shop, card, counter):
    points = PointsFactory(shop=in_shop)
    maja = MembershipFactory(shop=in_shop, name="Maja")
    earn(maja, 64_000, counter=counter, programme=points)

    html = read(maja)
    assert html.index("Coffee card") < html.index("<b>64</b> points")
    assert "Maja · 1 of 9 · 64 points" in read(maja, "code")


def test_the_join_page_shows_what_points_are_for(visitor, points, lunch):
    html = visitor.get(reverse("join:join", args=[points.shop.slug])).content.decode()

    assert "<b>0</b> points" in html
    assert "Free lunch" in html


def test_what_is_owed_after_a_correction_is_shown(read, maja, lunch, points, counter):
    choose(maja, RewardFactory(programme=points, cost=60))
    refund(maja)

    owed = "Owed after a correction: 60 points. It is taken from what you earn next."
    assert owed in read(maja)


def refund(member):
    actor = Actor(member.shop, Channel.OWNER)
    bought = latest("earn_points")
    void(membership=member, undone=bought, reason="refund", key=keys.new(), actor=actor)


# --- Words ---


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en-gb", ["1 point", "2 points", "12,345 points"]),
        ("nb", ["1 kopp", "2 kopper", "12\N{NO-BREAK SPACE}345 kopper"]),
        ("da", ["1 kopp", "2 kopper", "12.345 kopper"]),
    ],
)
def test_numbers_are_said_as_the_reader_says_them(in_shop, language, words):
    own = {"rules__unit": Unit.OWN, "rules__unit_one": "kopp", "rules__unit_many": "kopper"}
    version = PointsFactory(shop=in_shop, **({} if language == "en-gb" else own)).versions.get()

    with translation.override(language):
        assert [kind.amount_words(version, n) for n in (1, 2, 12_345)] == words


def test_points_that_landed_are_news(news, maja, counter):
    seen = so_far()
    earn(maja, 7_000, counter=counter)

    assert news(maja, seen) == f"7 points from {counter.location.name}. Now 71 points."


def test_a_reward_chosen_is_news(news, maja, points):
    seen = so_far()
    choose(maja, RewardFactory(programme=points, cost=60))

    assert news(maja, seen) == "Chosen: Free lunch. Now 4 points."


def test_points_that_came_back_are_news(news, maja, points, own):
    claim = choose(maja, RewardFactory(programme=points, cost=60))
    seen = so_far()
    cancel(membership=maja, claim=claim, key=keys.new(), actor=own)

    assert news(maja, seen) == "Back on your card: 60 points. Now 64 points."


def test_a_correction_is_news(news, maja):
    seen = so_far()
    refund(maja)

    assert news(maja, seen) == "Corrected by the shop: 0 points."


def test_what_a_correction_took_is_news(news, maja, points, counter):
    choose(maja, RewardFactory(programme=points, cost=60))
    refund(maja)
    seen = so_far()
    earn(maja, 100_000, counter=counter)

    place = counter.location.name
    told = f"100 points from {place}. Taken for a correction: 60 points. Now 40 points."
    assert news(maja, seen) == told


def test_what_ran_out_is_news(news, in_shop):
    PointsFactory(shop=in_shop, rules__expiry=Expiry.EARNED, rules__expires_months=1)
    maja = MembershipFactory(shop=in_shop, points=64)
    seen = so_far()
    later = clock.now() + timedelta(days=40)
    with clock.at(later):
        expire_lapsed(later)

    assert news(maja, seen) == "Ran out: 64 points. Now 0 points."


# --- Costs ---


@pytest.mark.parametrize("limit", [None, 1])
def test_the_catalogue_costs_the_page_two_queries_at_most(visitor, points, maja, limit):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            visitor.get(reverse("card:card", args=[maja.private]))
        return len(queries)

    cost()
    RewardFactory(programme=points, per_member=limit)
    one = cost()
    for place in range(3):
        RewardFactory(programme=points, cost=50 + place, per_member=limit)

    assert cost() == one <= (7 if limit is None else 8)
