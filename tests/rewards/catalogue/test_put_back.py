"""What nobody used is there for others, once; and a full card that was points is a card again."""

from datetime import timedelta

import pytest

from loyalty import clock, keys
from members.operations import undo, void
from rewards.catalogue.operations import choose_for_card, lapse_claims
from rewards.catalogue.refusals import NotOffered
from rewards.models import Claim
from rewards.operations import expire_claims
from tests.books import MONDAY, balance, latest
from tests.factories import MembershipFactory, PointsFactory, RewardFactory, choose, stamp

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

DAY = timedelta(days=1)


# --- Stock --------------------------------------------------------------------------------------


def test_one_that_ran_out_is_there_for_others_also_where_points_are_kept(in_shop):
    points = PointsFactory(shop=in_shop, rules__returns=False)
    card = MembershipFactory(shop=in_shop, points=100)
    last = RewardFactory(programme=points, use_within_days=7, stock=1)
    claim = choose(card, last)
    with clock.at(MONDAY + 8 * DAY):
        lapse_claims(clock.now())

    last.refresh_from_db()
    claim.refresh_from_db()
    assert (last.stock, balance(card), claim.state) == (1, 0, Claim.State.EXPIRED)


def test_one_that_ran_out_is_not_put_back_twice(in_shop, card, counter, own, owner):
    gift = RewardFactory(programme=card, cost=None, use_within_days=5, stock=1)
    member = MembershipFactory(shop=in_shop, stamps=8)
    stamp(member, counter=counter, programme=card)
    filled = latest("add_stamps")
    wish = {"membership": member, "claim": Claim.objects.get(), "reward": gift}
    choose_for_card(**wish, key=keys.new(), actor=own)
    with clock.at(MONDAY + 6 * DAY):
        assert expire_claims(clock.now()) == 1
        void(membership=member, undone=filled, reason="refund", key=keys.new(), actor=owner)

    gift.refresh_from_db()
    assert gift.stock == 1


# --- A bonus for a full card --------------------------------------------------------------------


@pytest.fixture
def full(in_shop, card, points):
    """A full card that can be thirty points instead."""
    RewardFactory(programme=card, cost=None, behaviour="bonus", bonus=30, name="Thirty points")
    return MembershipFactory(shop=in_shop)


def fill(member, card, counter):
    stamp(member, 5, counter=counter, programme=card)
    stamp(member, 3, counter=counter, programme=card)
    return Claim.objects.get(membership=member)


def test_a_bonus_taken_for_a_card_and_undone_leaves_the_cards_own_reward(
    full, card, counter, own, owner
):
    """It stood there as "Thirty points", to be handed out over the counter once more."""
    claim = fill(full, card, counter)
    first, bonus = claim.title, card.rewards.get()
    wish = {"membership": full, "claim": claim, "reward": bonus}
    choose_for_card(**wish, key=keys.new(), actor=own)
    assert balance(full) == 30
    undo(membership=full, undone=latest("choose_for_card"), key=keys.new(), actor=owner)

    claim.refresh_from_db()
    assert (claim.state, claim.title, claim.reward) == (Claim.State.READY, first, None)
    assert balance(full) == 0


def test_without_a_points_scheme_a_bonus_has_nowhere_to_arrive(in_shop, card, counter, own):
    """A full card was used up, and nothing given for it."""
    bonus = RewardFactory(programme=card, cost=None, behaviour="bonus", bonus=30)
    member = MembershipFactory(shop=in_shop, stamps=9)
    wish = {"membership": member, "claim": Claim.objects.get(), "reward": bonus}

    with pytest.raises(NotOffered):
        choose_for_card(**wish, key=keys.new(), actor=own)
    assert Claim.objects.get().state == Claim.State.READY
