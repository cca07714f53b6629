"""The owner's page of the levels."""

import pytest
from django.urls import reverse

from loyalty import clock
from loyalty.models import Trade
from rewards.tiers.models import Ladder, Standing, Tier, TierPerk
from rewards.tiers.owning import check
from rewards.tiers.plans import TRADES, proposal
from tests.dashboard.levels.conftest import TYPED, beside, field, kept, named, names
from tests.factories import PointsFactory, ShopFactory
from tests.support.pages import plain_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card")]


def test_it_works(ingrid, page, in_shop):
    assert ingrid.post(page, TYPED).status_code == 302

    ladder = Ladder.objects.get()
    assert (ladder.measure, ladder.window, ladder.off_since) == ("visits", "rolling", None)
    levels = Tier.objects.standing().values_list("name", "threshold", "head_start")
    assert list(levels) == [("Regular", 0, 0), ("Silver", 3, 0), ("Gold", 6, 1)]
    bag, water = TierPerk.objects.order_by("pk")
    assert (bag.title, bag.times, bag.per, bag.value_minor) == ("A bag of coffee", 2, "year", 6000)
    assert (water.kind, water.title, water.tier.name) == ("tag", "Offer water", "Gold")
    html = plain_text(ingrid.get(page))
    assert "Levels are on." in html
    assert "Silver. 3 visits to Gold." in html


def test_saved_again_it_is_the_same(post, ladder):
    tiers = list(Tier.objects.standing())
    bag, water = TierPerk.objects.order_by("pk")
    post(**kept(), perk_2_0=bag.pk, tag_2_0=water.pk, name_1="Bronze")

    assert list(Tier.objects.standing()) == tiers
    assert Tier.objects.get(name="Bronze") == tiers[1]
    assert list(TierPerk.objects.filter(retired_at=None).order_by("pk")) == [bag, water]


# --- What stands there first ---


def test_a_shop_that_never_had_levels_is_offered_what_its_trade_has(ingrid, page, in_shop):
    in_shop.language = "en-gb"
    in_shop.save()
    html = plain_text(ingrid.get(page))

    assert names(html) == ["Regular", "Silver", "Gold"]
    assert 'value="25"' in field(html, "begins_2")
    assert "Start levels" in html
    assert "Regular. 10 visits to Silver." in html
    assert not Ladder.objects.exists()


@pytest.mark.parametrize("trade", Trade)
def test_every_trade_has_levels_that_can_be_kept(trade):
    for currency in ("NOK", "DKK", "SEK", "EUR", "GBP"):
        shop = ShopFactory.build(trade=trade, currency=currency, language="en-gb")
        plan = proposal(shop, points=True, stamps=True)
        check(plan.levels)
        assert [level.multiplier_percent for level in plan.levels] == [100, 125, 150]
        assert plan.levels[2].perks[0].value_minor > 0
    assert len(TRADES) == len(Trade)


def test_what_the_shop_does_not_have_is_not_asked(ingrid, page, card, in_shop):
    html = plain_text(ingrid.get(page))
    assert 'name="multiplier_0"' not in html
    assert "Points they earn" not in html
    assert "Every 9th free, not every 10th" in html
    PointsFactory(shop=in_shop)
    card.off_since = clock.now()
    card.save()
    html = plain_text(ingrid.get(page))

    assert "1.25 times" in html
    assert "Points they earn" in html
    assert 'name="head_start_0"' not in html


def test_what_is_not_asked_stays_as_it_is(post, ladder, card):
    card.off_since = clock.now()
    card.save()
    post(**kept(), head_start_2="")

    assert Tier.objects.standing().last().head_start == 1


# --- Refused, beside its field ---


@pytest.mark.parametrize(
    ("typed", "name", "words"),
    [
        ({"begins_0": "1"}, "begins_0", "The first level begins at 0: everyone starts there."),
        ({"begins_2": "3"}, "begins_2", "Silver and Gold take the same. Let one take more."),
        ({"begins_2": "2"}, "begins_2", "Gold stands above Silver, so it must take more."),
        ({"begins_1": ""}, "begins_1", "Type from where it begins."),
        ({"begins_1": "ten"}, "begins_1", "Type a whole number."),
        ({"begins_1": "-1"}, "begins_1", "Type 0 or more."),
        ({"name_1": ""}, "name_1", "Type a name."),
        ({"title_2_0": ""}, "title_2_0", "Type what they can have."),
        ({"value_2_0": "much"}, "value_2_0", "Type an amount, like 25 or 39,50."),
        ({"times_2_0": "0"}, "times_2_0", "Type 1 or more."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(post, in_shop, typed, name, words):
    answer = post(**typed, word_1_0="Knows the staff")

    assert answer.status_code == 422
    assert words in beside(answer, name)
    assert 'value="Knows the staff"' in plain_text(answer)
    assert not Ladder.objects.exists()


def test_one_level_alone_is_refused_beside_the_one_that_is_empty(post, in_shop):
    answer = post(**dict.fromkeys(("name_1", "begins_1", "name_2", "begins_2"), ""))

    assert answer.status_code == 422
    assert "Add a second level: one alone is nothing to reach." in beside(answer, "name_1")


def test_a_level_left_empty_is_left_out(post, in_shop):
    post(name_1="", begins_1="")

    assert [tier.name for tier in Tier.objects.standing()] == ["Regular", "Gold"]


def test_money_is_read_as_money(post, in_shop, ingrid, page):
    post(measure="spend", begins_1="499,50", begins_2="1 000")

    assert [tier.threshold for tier in Tier.objects.standing()] == [0, 49950, 100_000]
    html = plain_text(ingrid.get(page))
    assert 'value="499.50"' in field(html, "begins_1")
    assert "Silver. 500.50 kr to Gold." in html


# --- One more, one less ---


def test_one_more_keeps_what_was_typed(ingrid, previewing, in_shop):
    answer = ingrid.post(previewing, {**TYPED, "name_1": "Bronze", "add": "1"})
    html = plain_text(answer)

    assert answer.status_code == 200
    assert 'value="Bronze"' in field(html, "name_1")
    assert 'value="Offer water"' in field(html, "word_2_0")
    assert len(named(html)) == 4
    assert "Add a level" not in html  # four are the most
    assert not Ladder.objects.exists()


def test_one_less_keeps_the_others_where_they_belong(ingrid, previewing, in_shop):
    html = plain_text(ingrid.post(previewing, {**TYPED, "remove": "1"}))

    assert names(html) == ["Regular", "Gold"]
    assert 'value="A bag of coffee"' in field(html, "title_1_0")
    assert 'name="remove"' not in html  # two are the fewest


@pytest.mark.parametrize("remove", ["9", "-1", "x", ""])
def test_a_level_that_is_not_there_takes_nothing_away(ingrid, previewing, in_shop, remove):
    assert len(named(plain_text(ingrid.post(previewing, {**TYPED, "remove": remove})))) == 3


# --- On and off ---


def test_off_and_on_again(ingrid, shop, page, regular, ladder):
    regular(3)
    ingrid.post(reverse("owner:levels_off", args=[shop.slug]))
    html = plain_text(ingrid.get(page))

    assert "Off since 1 March" in html
    assert "Levels are off. Everyone keeps their place" in html
    assert reverse("owner:levels_on", args=[shop.slug]) in html  # and its undo
    ingrid.post(reverse("owner:levels_on", args=[shop.slug]))
    assert "Levels are on." in plain_text(ingrid.get(page))
    assert Standing.objects.get().tier.name == "Silver"


# --- Who may ---


def test_a_manager_looks(manager, page, ladder):
    html = plain_text(manager.get(page))

    assert "Only the owner can change the levels. You see them as they are." in html
    assert "Silver. 3 visits to Gold." in html
    assert 'name="name_0"' not in html
    assert manager.post(page, TYPED).status_code == 403


def test_a_stranger_finds_nothing(stranger, page, ladder):
    assert stranger.get(page).status_code == 404
    assert stranger.post(page, {**TYPED, "name_1": "Theirs"}).status_code == 404
    assert not Tier.objects.filter(name="Theirs").exists()
