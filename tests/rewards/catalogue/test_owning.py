"""What an owner may promise, and what a change means for those who chose already."""

from dataclasses import replace
from datetime import timedelta

import pytest

from loyalty import clock
from loyalty.pictures.encoding import encode
from loyalty.pictures.models import Picture
from rewards.catalogue.models import Reward
from rewards.catalogue.owning import (
    AmountTooSmall,
    AtLeastOne,
    BonusTooSmall,
    GivesMoreThanItCosts,
    Left,
    NoPointsToGive,
    Offer,
    OfferEndsBeforeItStarts,
    PercentOutOfRange,
    WrongPrice,
    add_reward,
    change_reward,
    offer_again,
    retire_reward,
)
from rewards.models import Claim
from tests.factories import PictureFactory, PointsFactory, RewardFactory, choose
from tests.loyalty.pictures.drawn import drawn

pytestmark = pytest.mark.django_db

Behaviour = Reward.Behaviour


@pytest.fixture
def lunch(points):
    """Free lunch for 100 points, as its owner wants it."""
    return Offer(points, "Free lunch", Behaviour.THING, cost=100, value_minor=4500)


@pytest.fixture
def change(owner):
    """Change a reward into an offer; stock and picture as they are, but for `more`."""

    def changed(reward, offer, **more):
        left = more.pop("left", Left(reward.stock, reward.stock))
        picture = more.pop("picture", reward.picture)
        return change_reward(reward=reward, offer=offer, left=left, picture=picture, actor=owner)

    return changed


def test_it_works(lunch, owner, in_shop):
    made = add_reward(offer=lunch, left=Left(20), actor=owner)

    kept = Reward.objects.get(pk=made.pk)
    assert (kept.name, kept.cost, kept.stock, kept.shop) == ("Free lunch", 100, 20, in_shop)
    assert list(Reward.objects.offered(clock.today(in_shop.zone))) == [kept]


def test_a_double_tap_adds_one(lunch, owner):
    first, second = (add_reward(offer=lunch, left=Left(20), actor=owner) for _tap in range(2))
    with clock.at(clock.now() + timedelta(seconds=11)):
        third = add_reward(offer=lunch, left=Left(20), actor=owner)

    assert first == second != third


def test_only_what_its_behaviour_says_is_kept(lunch, owner):
    offer = replace(lunch, behaviour=Behaviour.PERCENT, percent=20, amount_minor=500, bonus=3)

    made = add_reward(offer=offer, actor=owner)

    assert (made.percent, made.amount_minor, made.bonus) == (20, None, None)


@pytest.mark.parametrize("percent", [None, 0, 101, -1])
def test_a_percentage_is_from_1_to_100(lunch, owner, percent):
    offer = replace(lunch, behaviour=Behaviour.PERCENT, percent=percent)

    with pytest.raises(PercentOutOfRange, match="from 1 to 100"):
        add_reward(offer=offer, actor=owner)
    assert not Reward.objects.exists()


@pytest.mark.parametrize("percent", [1, 100])
def test_from_the_first_to_the_last_percent(lunch, owner, percent):
    offer = replace(lunch, behaviour=Behaviour.PERCENT, percent=percent)

    assert add_reward(offer=offer, actor=owner).percent == percent


@pytest.mark.parametrize("amount", [None, 0, -100])
def test_an_amount_off_is_more_than_nothing(lunch, owner, amount):
    with pytest.raises(AmountTooSmall, match="above zero"):
        add_reward(
            offer=replace(lunch, behaviour=Behaviour.AMOUNT, amount_minor=amount), actor=owner
        )


@pytest.mark.parametrize("bonus", [None, 0])
def test_a_bonus_is_at_least_one_point(lunch, owner, bonus):
    with pytest.raises(BonusTooSmall, match="at least 1"):
        add_reward(offer=replace(lunch, behaviour=Behaviour.BONUS, bonus=bonus), actor=owner)


@pytest.mark.parametrize("bonus", [100, 250])
def test_points_do_not_buy_more_points(lunch, owner, bonus):
    with pytest.raises(GivesMoreThanItCosts, match="over and over"):
        add_reward(offer=replace(lunch, behaviour=Behaviour.BONUS, bonus=bonus), actor=owner)


def test_a_full_card_may_bring_points_where_there_is_a_scheme(in_shop, card, owner):
    bonus = Offer(card, "Points", Behaviour.BONUS, bonus=50)
    with pytest.raises(NoPointsToGive, match="no points scheme"):
        add_reward(offer=bonus, actor=owner)

    PointsFactory(shop=in_shop)
    assert add_reward(offer=bonus, actor=owner).bonus == 50


@pytest.mark.parametrize("cost", [None, 0])
def test_points_have_a_price(lunch, owner, cost):
    with pytest.raises(WrongPrice, match="at least 1"):
        add_reward(offer=replace(lunch, cost=cost), actor=owner)


def test_a_full_card_has_no_other_price(in_shop, card, owner):
    cake = Offer(card, "Cake", Behaviour.THING)
    with pytest.raises(WrongPrice, match="Leave the number empty"):
        add_reward(offer=replace(cake, cost=3), actor=owner)

    assert add_reward(offer=cake, actor=owner).cost is None


def test_it_ends_no_earlier_than_it_starts(lunch, owner, in_shop):
    today = clock.today(in_shop.zone)
    with pytest.raises(OfferEndsBeforeItStarts, match="after the first"):
        add_reward(offer=replace(lunch, starts_on=today, ends_on=today - timedelta(1)), actor=owner)

    assert add_reward(offer=replace(lunch, starts_on=today, ends_on=today), actor=owner).pk


@pytest.mark.parametrize("limit", ["per_member", "use_within_days"])
def test_a_limit_of_none_would_keep_everybody_out(lunch, owner, limit):
    with pytest.raises(AtLeastOne, match="at least 1"):
        add_reward(offer=replace(lunch, **{limit: 0}), actor=owner)


def test_whoever_has_chosen_it_keeps_what_was_promised(lunch, owner, change, maja):
    reward = add_reward(offer=lunch, actor=owner)
    claim = choose(maja, reward)

    dearer = replace(lunch, name="Half a lunch", cost=300, value_minor=2000, terms="Not in July")
    change(reward, dearer)
    retire_reward(reward=reward, actor=owner)

    claim.refresh_from_db()
    assert (claim.title, claim.cost, claim.value_minor, claim.terms) == (
        "Free lunch",
        100,
        4500,
        "",
    )
    assert claim.state == Claim.State.READY


def test_a_refused_change_changes_nothing(lunch, owner, change):
    reward = add_reward(offer=lunch, left=Left(3), actor=owner)

    with pytest.raises(WrongPrice):
        change(reward, replace(lunch, name="Other", cost=0), left=Left(9, 3))

    reward.refresh_from_db()
    assert (reward.name, reward.stock) == ("Free lunch", 3)


# --- How many are left ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "seen", "by_now", "after"),
    [
        (5, 5, 3, 3),  # two were chosen while the owner typed something else
        (15, 5, 3, 13),  # ten more came in
        (1, 5, 3, 0),  # four are broken, and two were chosen
        (0, 5, 3, 0),
        (None, 5, 3, None),  # not counted any more
        (7, None, None, 7),  # counted from now on
        (7, None, 3, 7),
        (7, 5, None, 7),
    ],
)
def test_what_was_chosen_meanwhile_is_counted(typed, seen, by_now, after):
    assert Left(typed, seen).after(by_now) == after


def test_one_chosen_while_the_owner_types_is_not_lost(lunch, owner, change, maja):
    reward = add_reward(offer=lunch, left=Left(5), actor=owner)
    choose(maja, reward)

    change(reward, lunch, left=Left(15, 5))

    reward.refresh_from_db()
    assert reward.stock == 14


# --- Out, and in again ------------------------------------------------------------------------


def test_taken_out_it_can_be_offered_again(lunch, owner, in_shop):
    reward = add_reward(offer=lunch, actor=owner)
    today = clock.today(in_shop.zone)

    retire_reward(reward=reward, actor=owner)
    assert not Reward.objects.offered(today).exists()
    first = Reward.objects.get().retired_at
    retire_reward(reward=reward, actor=owner)
    assert Reward.objects.get().retired_at == first

    offer_again(reward=reward, actor=owner)
    assert Reward.objects.offered(today).get() == reward


# --- Its picture --------------------------------------------------------------------------------


def test_its_picture_is_new_or_as_it_was_or_gone(lunch, owner, change, in_shop):
    reward = add_reward(offer=lunch, picture=encode(drawn("PNG")), actor=owner)
    assert reward.picture == Picture.objects.get()

    assert change(reward, lunch).picture == reward.picture

    other = PictureFactory(shop=in_shop, colour="green")
    assert change(reward, lunch, picture=other).picture == other
    assert list(Picture.objects.all()) == [other]

    change(reward, lunch, picture=None)
    reward.refresh_from_db()
    assert reward.picture is None


def test_the_reward_of_a_stranger_is_not_there(next_door, in_shop, points, owner, lunch):
    add_reward(offer=lunch, actor=owner)
    theirs = RewardFactory(programme=PointsFactory(shop=next_door))

    assert theirs not in Reward.objects.all()
