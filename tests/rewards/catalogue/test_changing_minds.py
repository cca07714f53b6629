"""Until a reward is used its member may choose otherwise, for points and for a full card."""

from datetime import timedelta

import pytest
from django.urls import reverse

from loyalty import clock, keys
from rewards.catalogue.models import Reward
from rewards.catalogue.operations import lapse_claims
from rewards.models import Claim
from rewards.operations import hand_over
from tests.books import balance
from tests.factories import MembershipFactory, PointsFactory, RewardFactory, choose, earn
from tests.support.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(in_shop, card):
    """A full card, and what else it can be: a bag of beans."""
    RewardFactory(programme=card, cost=None, name="Bag of beans", minimum_minor=5000)
    return MembershipFactory(shop=in_shop, stamps=9)


@pytest.fixture
def beans(full):
    return Reward.objects.get()


@pytest.fixture
def bought(in_shop, points):
    """Free lunch, chosen for 100 of 114 points."""
    maja = MembershipFactory(shop=in_shop, points=114)
    choose(maja, RewardFactory(programme=points, use_within_days=7, stock=1))
    return maja


def claim():
    return Claim.objects.get()


@pytest.fixture
def read(visitor):
    def page(member, claim, name="reward:show"):
        answer = visitor.get(reverse(name, args=[member.private, claim.pk]))
        return text(answer)

    return page


@pytest.fixture
def post(visitor):
    def ask(name, member, claim, **more):
        at = reverse(f"catalogue:{name}", args=[member.private, claim.pk])
        return visitor.post(at, {"key": keys.new(), **more})

    return ask


# --- Points ---


def test_it_works(post, visitor, bought):
    answer = post("cancel", bought, claim())

    assert answer.url == reverse("card:card", args=[bought.private])
    assert "Your 100 points are back." in visitor.get(answer.url).content.decode()
    assert balance(bought) == 114
    assert claim().state == Claim.State.CANCELLED
    assert Reward.objects.get().stock == 1


def test_the_way_there_is_on_its_page(read, bought):
    assert "Change my mind" in read(bought, claim())


def test_afterwards_its_page_says_so(post, read, bought):
    post("cancel", bought, claim())
    html = read(bought, claim())

    assert "This reward is no longer on the card." in html
    assert "Your 100 points are back." in html
    assert "Change my mind" not in html


def test_twice_brings_the_points_once(post, bought):
    post("cancel", bought, claim())
    post("cancel", bought, claim())

    assert balance(bought) == 114


def test_what_was_used_stays_used(post, visitor, read, bought, till_actor):
    hand_over(membership=bought, claim=claim(), key=keys.new(), actor=till_actor)
    answer = post("cancel", bought, claim())

    assert "Already used today at" in visitor.get(answer.url).content.decode()
    assert balance(bought) == 14
    assert "Change my mind" not in read(bought, claim())


def test_what_ran_out_says_since_when_and_that_the_points_are_back(read, post, bought):
    later = clock.now() + timedelta(days=8)
    with clock.at(later):
        lapse_claims(later)
        html = read(bought, claim())
        post("cancel", bought, claim())

    assert "This reward ran out on" in html
    assert "Your 100 points are back." in html
    assert balance(bought) == 114


def test_it_holds_through_the_end_of_its_last_day(read, bought):
    last = claim().expires_on
    zone = bought.shop.zone
    midnight = clock.now().astimezone(zone).replace(hour=23, minute=59, second=59)
    with clock.at(midnight + timedelta(days=7)):
        assert clock.today(zone) == last
        assert "Use my reward" in read(bought, claim())
    with clock.at(midnight + timedelta(days=7, seconds=1)):
        assert "This reward ran out on" in read(bought, claim())


def test_a_get_changes_nothing(visitor, bought):
    at = reverse("catalogue:cancel", args=[bought.private, claim().pk])

    assert visitor.get(at).status_code == 405


def test_without_a_key_nothing_happens(visitor, bought):
    visitor.post(reverse("catalogue:cancel", args=[bought.private, claim().pk]))

    assert balance(bought) == 14


# --- A full card ---


def test_a_full_card_can_be_another_reward_and_its_own_again(read, post, visitor, full, beans):
    assert "Choose another reward" in read(full, claim())
    assert "Bag of beans" in read(full, claim(), "catalogue:choose")

    answer = post("choose", full, claim(), offer=beans.pk)
    assert answer.url == reverse("reward:show", args=[full.private, claim().pk])
    html = read(full, claim())
    assert "You have earned: Bag of beans" in html
    assert "With a purchase from 50 kr." in html
    assert "For a full card" in html

    answer = post("cancel", full, claim())
    told = visitor.get(answer.url).content.decode()
    assert "Your card stands for this again: Any hot drink." in told
    assert "You have earned: Any hot drink" in told


def test_a_card_without_a_catalogue_offers_no_choice(read, in_shop, card):
    member = MembershipFactory(shop=in_shop, stamps=9)
    html = read(member, claim())

    assert "Choose another reward" not in html
    assert "Change my mind" not in html


def test_there_is_nothing_to_change_about_what_was_not_chosen(post, visitor, full):
    answer = post("cancel", full, claim())

    assert answer.url == reverse("reward:show", args=[full.private, claim().pk])
    assert claim().state == Claim.State.READY


@pytest.mark.parametrize(
    ("gone", "words"),
    [
        ({"stock": 0}, "The last one is gone."),
        ({"retired_at": clock.now()}, "This reward is not on offer right now."),
        ({"cost": 5}, "This reward is not on offer right now."),
    ],
)
def test_what_is_gone_is_refused(post, full, beans, gone, words):
    Reward.objects.update(**gone)
    answer = post("choose", full, claim(), offer=beans.pk)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert claim().title == "Any hot drink"


def test_a_used_card_is_no_choice_any_more(post, full, beans, till_actor):
    hand_over(membership=full, claim=claim(), key=keys.new(), actor=till_actor)
    answer = post("choose", full, claim(), offer=beans.pk)

    assert answer.status_code == 422
    assert "Already used today at" in answer.content.decode()


def test_a_reward_for_points_stands_for_no_full_card(post, full, in_shop):
    lunch = RewardFactory(programme=PointsFactory(shop=in_shop))

    assert post("choose", full, claim(), offer=lunch.pk).status_code == 422
    assert claim().title == "Any hot drink"


@pytest.mark.parametrize("offer", ["", "x", "999999999"])
def test_nonsense_is_no_choice(post, full, offer):
    assert post("choose", full, claim(), offer=offer).status_code in (404, 422)
    assert claim().title == "Any hot drink"


# --- Strangers ---


@pytest.mark.parametrize("name", ["choose", "cancel"])
def test_another_members_reward_is_not_found(post, bought, next_door_member, name):
    for other in (MembershipFactory(shop=bought.shop), next_door_member):
        answer = post(name, other, claim(), offer=Reward.objects.get().pk)

        assert answer.status_code == 404
        assert b"Free lunch" not in answer.content
    assert claim().state == Claim.State.READY


def test_another_shops_reward_is_not_found(post, full, next_door_card):
    theirs = RewardFactory(programme=next_door_card, cost=None)

    assert post("choose", full, claim(), offer=theirs.pk).status_code == 404
    assert claim().title == "Any hot drink"


# --- What was promised ---


@pytest.mark.parametrize("way", ["points", "card"])
def test_what_it_takes_off_is_said_as_it_was_promised(read, post, full, counter, way):
    shop, off = full.shop, {"behaviour": Reward.Behaviour.PERCENT, "percent": 20}
    if way == "points":
        points = PointsFactory(shop=shop)
        earn(full, 114_000, counter=counter)
        offer = RewardFactory(programme=points, **off)
        taken = choose(full, offer).pk
    else:
        offer = RewardFactory(programme=shop.programmes.get(kind="stamps"), cost=None, **off)
        taken = claim().pk
        post("choose", full, claim(), offer=offer.pk)
    Reward.objects.filter(pk=offer.pk).update(percent=10)

    html = read(full, Claim.objects.get(pk=taken))
    assert "20 % off" in html
    assert "10 %" not in html
