"""The catalogue as a member sees it: what it costs, what is missing, and one tap to have it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from loyalty import clock, keys
from loyalty.actors import Actor
from members.ledger.models import Operation
from rewards.catalogue.models import Reward
from rewards.models import Claim
from rewards.operations import hand_over
from tests.books import balance
from tests.factories import (
    MembershipFactory,
    PictureFactory,
    PointsFactory,
    RewardFactory,
)
from tests.support.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def maja(points, counter):
    """Maja, with 114 points."""
    return MembershipFactory(shop=points.shop, name="Maja", points=114, points__counter=counter)


@pytest.fixture
def read(visitor):
    def page(member, reward=None):
        name, thing = ("reward", [reward.pk]) if reward else ("all", [])
        answer = visitor.get(reverse(f"catalogue:{name}", args=[member.private, *thing]))
        return text(answer)

    return page


@pytest.fixture
def choose(visitor):
    def post(member, reward, key=None):
        at = reverse("catalogue:reward", args=[member.private, reward.pk])
        return visitor.post(at, {"key": key or keys.new()})

    return post


def sentences(answer):
    return re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())


def test_it_works(read, choose, visitor, maja, lunch):
    assert "Use 100 points" in read(maja, lunch)

    answer = choose(maja, lunch)

    claim = Claim.objects.get()
    assert answer.url == reverse("reward:show", args=[maja.private, claim.pk])
    assert balance(maja) == 14
    html = visitor.get(answer.url).content.decode()
    assert "You have earned: Free lunch" in html
    assert "For 100 points" in html
    assert "Use my reward" in html


def test_from_the_card_to_the_voucher_it_takes_three_taps(visitor, maja, lunch):
    def tap(html, words):
        """Where the link or the form around these words leads."""
        before = html[: html.index(words)]
        return re.findall(r'(?:href|action)="([^"]+)"', before)[-1]

    card = visitor.get(reverse("card:card", args=[maja.private])).content.decode()
    offer = tap(card, "See it")
    taken = visitor.post(tap(visitor.get(offer).content.decode(), "Use 100"), {"key": keys.new()})
    voucher = tap(visitor.get(taken.url).content.decode(), "Use my reward")

    assert "Show this to staff" in visitor.get(voucher).content.decode()


def test_a_double_tap_chooses_once(choose, maja, lunch):
    key = keys.new()
    first, second = choose(maja, lunch, key), choose(maja, lunch, key)

    assert first.url == second.url
    assert Claim.objects.count() == 1


def test_the_nearest_stands_first_and_what_is_gone_last(read, maja, lunch, points):
    for name, cost, stock in [("Dinner", 300, None), ("Bun", 40, None), ("Bag", 50, 0)]:
        RewardFactory(programme=points, name=name, cost=cost, stock=stock)

    html = read(maja)
    assert sorted(["Bun", "Free lunch", "Dinner", "Bag"], key=html.index) == [
        "Bun",
        "Free lunch",
        "Dinner",
        "Bag",
    ]
    assert "186 more needed" in html
    assert "The last one is gone." in html


def test_a_page_says_all_that_holds_for_a_reward(read, maja, points):
    today = clock.today(points.shop.zone)
    reward = RewardFactory(
        programme=points,
        name="Beans",
        text="From the house.",
        terms="Not on Sundays.",
        behaviour=Reward.Behaviour.PERCENT,
        percent=20,
        minimum_minor=20_000,
        stock=3,
        per_member=2,
        starts_on=today,
        ends_on=today + timedelta(days=3),
        use_within_days=14,
        picture=PictureFactory(shop=points.shop),
    )
    html = read(maja, reward)

    for words in [
        "From the house.",
        "Not on Sundays.",
        "20 % off",
        "From 200 kr",
        "3 left",
        "Each member can have this 2 times.",
        "Can be chosen to",
        "Use it within 14 days of choosing it.",
        "New",
        "Last days",
        reward.picture.url,
    ]:
        assert words in html


def test_an_amount_off_is_said_in_money(read, maja, points):
    off = {"behaviour": Reward.Behaviour.AMOUNT, "amount_minor": 5000}

    assert "50 kr off" in read(maja, RewardFactory(programme=points, **off))


def test_bonus_points_are_on_the_card_at_once(visitor, choose, maja, points):
    give = {"behaviour": Reward.Behaviour.BONUS, "bonus": 50}
    answer = choose(maja, RewardFactory(programme=points, name="Luck", **give))

    assert answer.url == reverse("card:card", args=[maja.private])
    assert "Yours now: Luck." in visitor.get(answer.url).content.decode()
    assert balance(maja) == 64


def test_an_empty_catalogue_says_so(read, maja):
    assert "Nothing to choose right now" in read(maja)


# --- Why not: no button, and a forged post changes nothing ---


def refused(read, choose, member, reward, words):
    assert "<button" not in read(member, reward).split('<main id="main"')[1].split("</main>")[0]
    before = balance(member), Claim.objects.count()
    answer = choose(member, reward)

    assert answer.status_code == 422
    assert words in sentences(answer)
    assert (balance(member), Claim.objects.count()) == before


def test_too_few_points(read, choose, maja, points):
    dear = RewardFactory(programme=points, cost=150)

    assert "36 more needed" in read(maja, dear)
    refused(read, choose, maja, dear, "36 more are needed for this.")


def test_the_last_one_is_gone(read, choose, maja, points):
    last = RewardFactory(programme=points, cost=10, stock=1)
    choose(maja, last)

    refused(read, choose, maja, last, "The last one is gone.")


def test_it_went_while_somebody_was_reading(read, choose, maja, points):
    last = RewardFactory(programme=points, stock=1)
    assert "Use 100 points" in read(maja, last)
    Reward.objects.update(stock=0)

    refused(read, choose, maja, last, "The last one is gone.")


def test_a_member_had_as_many_as_anybody_may(read, choose, maja, points):
    once = RewardFactory(programme=points, cost=10, per_member=1)
    choose(maja, once)

    refused(read, choose, maja, once, "Each member can have this 1 time.")


def test_what_was_used_counts_as_well(read, choose, maja, points, counter):
    once = RewardFactory(programme=points, cost=10, per_member=1)
    choose(maja, once)
    wish = {"membership": maja, "claim": Claim.objects.get()}
    hand_over(**wish, key=keys.new(), actor=Actor.of_counter(counter))

    refused(read, choose, maja, once, "Each member can have this 1 time.")


def test_what_is_over_is_not_offered(read, choose, maja, points):
    yesterday = clock.today(points.shop.zone) - timedelta(days=1)
    over = RewardFactory(programme=points, ends_on=yesterday)

    assert over.name not in read(maja)
    refused(read, choose, maja, over, "This reward is not on offer right now.")


def test_what_is_for_a_full_card_takes_no_points(read, choose, maja, card):
    refused(
        read,
        choose,
        maja,
        RewardFactory(programme=card, cost=None),
        "This reward is not on offer right now.",
    )


def test_what_is_not_out_yet_is_not_there(visitor, choose, maja, points):
    tomorrow = clock.today(points.shop.zone) + timedelta(days=1)
    soon = RewardFactory(programme=points, starts_on=tomorrow)

    at = reverse("catalogue:reward", args=[maja.private, soon.pk])
    assert visitor.get(at).status_code == choose(maja, soon).status_code == 404


def test_a_post_without_a_key_changes_nothing(visitor, maja, lunch):
    at = reverse("catalogue:reward", args=[maja.private, lunch.pk])

    assert visitor.post(at).status_code == 422
    assert balance(maja) == 114


def test_a_post_from_another_site_is_refused(visitor, maja, lunch):
    at = reverse("catalogue:reward", args=[maja.private, lunch.pk])
    answer = visitor.post(at, {"key": keys.new()}, headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403
    assert balance(maja) == 114


# --- Strangers ---


def test_another_shops_reward_is_not_found(visitor, choose, maja, next_door):
    theirs = RewardFactory(programme=PointsFactory(shop=next_door))

    at = reverse("catalogue:reward", args=[maja.private, theirs.pk])
    assert visitor.get(at).status_code == choose(maja, theirs).status_code == 404
    assert not Operation.objects.filter(kind="redeem").exists()


@pytest.mark.parametrize("name", ["all", "reward"])
def test_a_link_nobody_has_opens_nothing(visitor, lunch, name):
    thing = [lunch.pk] if name == "reward" else []
    answer = visitor.get(reverse(f"catalogue:{name}", args=["x" * 32, *thing]))

    assert answer.status_code == 404
    assert b"Free lunch" not in answer.content


@pytest.mark.parametrize("name", ["all", "reward"])
def test_the_link_is_kept_nowhere(visitor, maja, lunch, name):
    thing = [lunch.pk] if name == "reward" else []
    answer = visitor.get(reverse(f"catalogue:{name}", args=[maja.private, *thing]))

    assert answer["Cache-Control"] == "private, no-store"
    assert "noindex" in answer["X-Robots-Tag"]
