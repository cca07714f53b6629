"""Levels as customers and staff meet them: the card page, the page of all levels, the till."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loyalty import keys
from members.merging import merge
from members.operations import undo
from rewards.models import Claim
from rewards.tiers.models import TierPerk
from rewards.tiers.owning import Perk, switch_off
from tests.factories import MembershipFactory, PersonFactory, PointsFactory, earn
from tests.ladder_factories import LadderFactory
from tests.people import browser_of
from tests.rewards.tiers.conftest import at, night
from tests.support.pages import plain_text

pytestmark = pytest.mark.django_db

CHECK = Perk(TierPerk.Kind.CLAIM, "Health check", value_minor=5000)
COFFEE = Perk(TierPerk.Kind.CLAIM, "A coffee", times=2, per=TierPerk.Per.MONTH)
WATER = Perk(TierPerk.Kind.TAG, "Offer water")


@pytest.fixture
def ladder(in_shop):
    """Bronze, Silver from 3 visits with two coffees a month, Gold from 5 with a health check."""
    gives = {"Silver": {"perks": (COFFEE, WATER)}, "Gold": {"perks": (CHECK,)}}
    return LadderFactory(shop=in_shop, gives=gives)


@pytest.fixture
def silver(maja, visit):
    visit(maja, 3)
    return maja


@pytest.fixture
def gold(maja, visit):
    visit(maja, 5)
    return maja


@pytest.fixture
def sheet(till):
    return lambda card: plain_text(till.get(reverse("counter:card", args=[card.counter_code])))


def card_page(client, card):
    return plain_text(client.get(reverse("card:card", args=[card.private])))


def levels_page(client, card):
    return plain_text(client.get(reverse("levels:all", args=[card.private])))


def post(client, card, title, **form):
    perk = TierPerk.objects.get(title=title)
    address = reverse("levels:ask", args=[card.private, perk.pk])
    return client.post(address, form or {"key": keys.new()})


def test_it_works(visitor, silver):
    html = card_page(visitor, silver)

    assert '<span class="level">Silver</span>' in html
    assert "Silver. 2 visits to Gold." in html
    assert 'value="3" max="5" aria-label="3 visits of the 5 visits that Gold takes"' in html
    assert "A coffee, 2 times a month" in html
    assert "Gold: Health check, once a year" in html


# --- The line ---


@pytest.mark.parametrize(
    ("n", "line"),
    [
        (0, "Bronze. 3 visits to Silver."),
        (2, "Bronze. 1 visit to Silver."),
        (3, "Silver. 2 visits to Gold."),
        (4, "Silver. 1 visit to Gold."),
        (5, "Gold. This is the highest level."),
    ],
)
def test_the_line_says_what_is_missing(visitor, maja, visit, n, line):
    visit(maja, n)

    assert line in card_page(visitor, maja)
    assert line in levels_page(visitor, maja)


@pytest.mark.usefixtures("card")
@pytest.mark.parametrize(
    ("measure", "line"),
    [
        ("spend", "Bronze. 120 kr to Silver."),
        ("points", "Bronze. 14,997 points to Silver."),
    ],
)
def test_it_counts_what_the_shop_counts(visitor, in_shop, counter, measure, line):
    PointsFactory(shop=in_shop)
    LadderFactory(shop=in_shop, measure=measure, takes={"Bronze": 0, "Silver": 15_000})
    nora = MembershipFactory(shop=in_shop)
    earn(nora, 3000, counter=counter)

    assert line in card_page(visitor, nora)


def test_the_highest_has_no_bar(visitor, gold):
    assert 'class="bar"' not in card_page(visitor, gold)


def test_a_level_that_may_be_lost_says_until_when_and_what_is_missing(visitor, silver):
    with at(2028, 5, 1, 10):
        html = card_page(visitor, silver)

    assert "Silver until 12 May. 3 visits to keep it." in html


def test_nothing_is_at_risk_long_before(visitor, silver):
    assert "to keep it" not in card_page(visitor, silver)


def test_after_going_down_it_says_so_everywhere(visitor, silver):
    night(2028, 5, 13, 10)
    with at(2028, 5, 13, 11):
        assert "Bronze. 3 visits to Silver." in card_page(visitor, silver)


# --- Where there is none ---


def test_a_shop_without_levels_shows_none(visitor, member, in_shop):
    assert 'class="level"' not in card_page(visitor, member)
    assert visitor.get(reverse("levels:all", args=[member.private])).status_code == 404


def test_nor_while_they_are_switched_off(visitor, silver, owner, sheet):
    switch_off(actor=owner)

    html = card_page(visitor, silver)
    assert 'class="level"' not in html
    assert "to Gold" not in html
    assert "Silver" not in sheet(silver)
    assert visitor.get(reverse("levels:all", args=[silver.private])).status_code == 404


# --- All levels ---


def test_all_levels_say_what_they_take_and_give(visitor, silver):
    html = levels_page(visitor, silver)

    assert "Everyone starts here." in html
    assert "From 3 visits in 12 months" in html
    assert "From 5 visits in 12 months" in html
    assert html.count("You are here") == 1
    assert "2 visits to go" in html
    assert "And what Silver can have." in html
    assert "Gold from 5 visits in 12 months." in html  # the rules, as everybody reads them
    assert "Using points or rewards never costs a level." in html


def test_words_for_staff_are_for_staff(visitor, silver, sheet):
    assert "Offer water" not in card_page(visitor, silver)
    assert "Offer water" not in levels_page(visitor, silver)
    assert "Offer water" in sheet(silver)


# --- Getting it ---


def test_what_is_asked_for_is_a_reward_that_is_ready(visitor, silver):
    answer = post(visitor, silver, "A coffee")

    claim = Claim.objects.get()
    assert answer.url == reverse("reward:show", args=[silver.private, claim.pk])
    assert "For your level" in plain_text(visitor.get(answer.url))
    assert "1 left" in card_page(visitor, silver)


def test_had_as_often_as_it_may_be_there_is_no_button(visitor, silver):
    for _time in range(2):
        post(visitor, silver, "A coffee")
    html = card_page(visitor, silver)

    assert "You have had it. Again from 1 June." in html
    assert "Get it" not in html


def test_a_double_tap_is_one(visitor, silver):
    key = keys.new()
    first, second = (post(visitor, silver, "A coffee", key=key) for _tap in range(2))

    assert first.url == second.url
    assert Claim.objects.count() == 1


def test_each_thing_has_a_key_of_its_own(visitor, gold):
    html = card_page(visitor, gold)
    named = [part.split('value="')[1].split('"')[0] for part in html.split('name="key"')[1:]]

    assert "Get it: A coffee" in html
    assert "Get it: Health check" in html
    assert len({*named}) == len(named)


def test_what_was_had_is_refused_in_words(visitor, silver):
    for _time in range(2):
        post(visitor, silver, "A coffee")
    answer = post(visitor, silver, "A coffee")

    assert answer.status_code == 422
    assert "You have had this. You can have it again from" in plain_text(answer)


def test_what_belongs_to_a_higher_level_is_refused_in_words(visitor, silver):
    answer = post(visitor, silver, "Health check")

    assert answer.status_code == 422
    assert "This is for members at Gold." in plain_text(answer)
    assert not Claim.objects.exists()


def test_without_a_key_nothing_is_asked_for(visitor, silver):
    assert post(visitor, silver, "A coffee", nothing="").status_code == 422
    assert not Claim.objects.exists()


def test_its_address_leads_to_all_levels(visitor, silver):
    perk = TierPerk.objects.get(title="A coffee")
    answer = visitor.get(reverse("levels:ask", args=[silver.private, perk.pk]))

    assert answer.url == reverse("levels:all", args=[silver.private])


def test_a_perk_of_another_shop_is_not_found(visitor, silver, next_door_member):
    perk = TierPerk.objects.get(title="A coffee")
    address = reverse("levels:ask", args=[next_door_member.private, perk.pk])

    assert visitor.post(address, {"key": keys.new()}).status_code == 404
    assert not Claim.objects.exists()


def test_a_guessed_link_opens_nothing(visitor, silver):
    assert visitor.get(reverse("levels:all", args=["guessed"])).status_code == 404
    assert visitor.post(reverse("levels:ask", args=["guessed", 1])).status_code == 404


# --- At the counter ---


def test_the_sheet_says_the_level(sheet, silver):
    assert '<span class="tag">Silver</span>' in sheet(silver)


def test_and_not_that_everybody_is_at_the_first(sheet, maja):
    assert "Bronze" not in sheet(maja)


def test_staff_hand_out_what_a_level_gives_in_one_tap(till, sheet, silver):
    assert "For Silver: 1 thing" in sheet(silver)
    perk = TierPerk.objects.get(title="A coffee")
    address = reverse("counter:perk", args=[silver.counter_code])
    answer = till.post(address, {"key": keys.new(), "perk": perk.pk}, follow=True)

    assert "Maja: A coffee handed out." in plain_text(answer)
    assert Claim.objects.get().state == Claim.State.HANDED_OVER


def test_it_is_told_again_to_whoever_got_no_answer_and_merged(till, silver, in_shop, till_actor):
    perk = TierPerk.objects.get(title="A coffee")
    address = reverse("counter:perk", args=[silver.counter_code])
    asked = {"key": keys.new(), "perk": perk.pk}
    first = till.post(address, asked)
    kept = MembershipFactory(shop=in_shop)
    merge(kept=kept, gone=silver, key=keys.new(), actor=till_actor)

    again, other = till.post(address, asked), till.post(address, {**asked, "key": keys.new()})

    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]
    assert "This card was moved" in plain_text(other)
    assert Claim.objects.count() == 1


def test_and_take_it_back(till, silver, till_actor):
    perk = TierPerk.objects.get(title="A coffee")
    address = reverse("counter:perk", args=[silver.counter_code])
    till.post(address, {"key": keys.new(), "perk": perk.pk})
    claim = Claim.objects.get()
    undo(membership=silver, undone=claim.operation, key=keys.new(), actor=till_actor)

    claim.refresh_from_db()
    assert claim.state == Claim.State.CANCELLED


def test_what_was_had_is_refused_at_the_counter_too(till, silver):
    perk = TierPerk.objects.get(title="A coffee")
    address = reverse("counter:perk", args=[silver.counter_code])
    for _time in range(2):
        till.post(address, {"key": keys.new(), "perk": perk.pk})
    answer = till.post(address, {"key": keys.new(), "perk": perk.pk})

    assert "You have had this." in plain_text(answer)
    assert Claim.objects.count() == 2


def test_a_shop_that_wants_saved_cards_hands_out_nothing_to_others(till, silver, in_shop):
    in_shop.saved_card_first = True
    in_shop.save()
    perk = TierPerk.objects.get(title="A coffee")
    address = reverse("counter:perk", args=[silver.counter_code])
    answer = till.post(address, {"key": keys.new(), "perk": perk.pk})

    assert "This card must be saved first" in plain_text(answer)
    assert not Claim.objects.exists()


def test_the_till_next_door_hands_out_nothing(next_door_till, silver):
    perk = TierPerk.objects.get(title="A coffee")
    address = reverse("counter:perk", args=[silver.counter_code])
    next_door_till.post(address, {"key": keys.new(), "perk": perk.pk})

    assert not Claim.objects.exists()


# --- Elsewhere ---


def test_the_history_tells_every_move(visitor, silver):
    html = plain_text(visitor.get(reverse("card:history", args=[silver.private])))

    assert "Moved up to Silver" in html
    assert "Gold" not in html


def test_a_move_that_was_taken_back_is_not_told(visitor, silver, till_actor):
    last = silver.operations.order_by("-pk")[0]
    undo(membership=silver, undone=last, key=keys.new(), actor=till_actor)
    html = plain_text(visitor.get(reverse("card:history", args=[silver.private])))

    assert "Moved" not in html
    assert "Bronze. 1 visit to Silver." in card_page(visitor, silver)


def test_my_clubs_show_who_has_climbed(silver, card):
    silver.person = PersonFactory(email="maja@example.no")
    silver.save()
    html = plain_text(browser_of(silver.person).get(reverse("clubs")))

    assert '<span class="tag">Silver</span>' in html


# --- Costs ---


def cost(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_levels_cost_the_card_page_four_queries_more(visitor, silver, owner, visit):
    address = reverse("card:card", args=[silver.private])
    with_levels = cost(visitor, address)
    visit(silver, 2)
    assert cost(visitor, address) == with_levels
    switch_off(actor=owner)

    assert with_levels - cost(visitor, address) == 4


def test_levels_cost_the_till_two_queries_more(till, silver, owner):
    address = reverse("counter:card", args=[silver.counter_code])
    with_levels = cost(till, address)
    switch_off(actor=owner)

    assert with_levels - cost(till, address) == 2  # two are asked in any case
