"""The friend's purchase is taken back, and with it what it brought (REF-09)."""

from datetime import timedelta

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members.ledger.models import Operation
from members.messages.models import Message
from members.operations import merge, undo, void
from members.refusals import NothingToUndo
from rewards.catalogue.operations import redeem
from rewards.friends.models import Thanked
from rewards.models import Claim
from rewards.operations import AlreadyUsed, hand_over
from tests.factories import MembershipFactory, PointsFactory, RewardFactory, earn
from tests.rewards.friends.conftest import NOON, STAMP, give, referral, stamps, state, worker

pytestmark = pytest.mark.django_db

VOUCHER = {"behaviour": "percent", "percent": 10}


@pytest.fixture
def use(counter):
    def use(card):
        claim = Claim.objects.get(membership=card)
        actor = Actor.of_counter(counter)
        hand_over(membership=card, claim=claim, key=keys.new(), actor=actor)

    return use


def test_it_works(maja, come, buy, take_back):
    kari = come(maja)
    purchase = buy(kari)
    worker()
    take_back(purchase)
    assert (stamps(kari), state()) == (1, "joined")
    worker()

    assert stamps(maja) == 1
    assert not Thanked.objects.standing().exists()
    assert not Message.objects.filter(taken_off_at=None).exists()


def test_taken_back_before_it_was_paid(maja, come, buy, take_back):
    take_back(buy(come(maja)))
    worker()

    assert (stamps(maja), state()) == (1, "joined")
    assert not Thanked.objects.filter(side="member").exists()


def test_a_real_first_purchase_pays_later(maja, come, buy, take_back):
    kari = come(maja)
    purchase = buy(kari)
    worker()
    take_back(purchase)
    worker()
    buy(kari)
    worker()

    assert (stamps(maja), stamps(kari), state()) == (2, 3, "rewarded")


def test_a_real_first_purchase_before_the_worker_came_by(maja, come, buy, take_back):
    """What they have is earned after all; nobody takes it back and nobody gives it twice."""
    kari = come(maja)
    purchase = buy(kari)
    worker()
    take_back(purchase)
    buy(kari)
    worker()
    worker()

    assert (stamps(maja), stamps(kari), state()) == (2, 3, "rewarded")
    assert Thanked.objects.standing().count() == 2


def test_a_later_purchase_changes_nothing(maja, come, buy, take_back):
    kari = come(maja)
    buy(kari)
    worker()
    take_back(buy(kari))
    worker()

    assert (stamps(maja), stamps(kari), state()) == (2, 3, "rewarded")


def test_the_limit_counts_what_stands(on, maja, come, buy, take_back):
    give(on, most_a_month=1)
    purchase = buy(come(maja))
    worker()
    take_back(purchase)
    worker()
    buy(come(maja, "Ola"))
    worker()

    assert stamps(maja) == 2


def test_over_the_limit_and_taken_back(on, maja, come, buy, take_back):
    give(on, most_a_month=1)
    buy(come(maja))
    worker()
    purchase = buy(come(maja, "Ola"))
    worker()
    take_back(purchase)
    worker()

    assert stamps(maja) == 2
    assert referral_of("Ola").state == "joined"


def referral_of(name):
    return Thanked.objects.filter(referral__friend__name=name).first().referral


# --- Vouchers ---


def test_an_unused_voucher_goes_back(on, maja, come, buy, take_back):
    give(on, VOUCHER, STAMP)
    purchase = buy(come(maja))
    worker()
    take_back(purchase)
    worker()

    assert Claim.objects.get(membership=maja).state == "cancelled"


def test_a_used_voucher_stays_and_pays_no_second_time(*, on, maja, come, buy, take_back, use):
    give(on, VOUCHER, STAMP)
    kari = come(maja)
    purchase = buy(kari)
    worker()
    use(maja)
    take_back(purchase)
    worker()
    assert (Claim.objects.get(membership=maja).state, state()) == ("handed_over", "joined")
    buy(kari)
    worker()

    assert Claim.objects.filter(membership=maja).count() == 1
    assert state() == "rewarded"


def test_the_friend_s_used_voucher_keeps_the_purchase(*, on, maja, come, buy, take_back, use):
    give(on, STAMP, VOUCHER)
    kari = come(maja)
    purchase = buy(kari)
    use(kari)

    with pytest.raises(AlreadyUsed):
        take_back(purchase)
    assert state() == "bought"


def test_a_voucher_that_ran_out_is_gone(on, maja, come, buy, counter):
    give(on, {**VOUCHER, "use_within_days": 1}, None)
    purchase = buy(come(maja))
    worker()
    Claim.objects.update(state="expired")
    with clock.at(NOON + timedelta(days=5)):
        void_it(purchase)
        worker()

    assert not Thanked.objects.standing().exists()


def void_it(operation):
    void(
        membership=operation.membership,
        undone=operation,
        reason="refund",
        key=keys.new(),
        actor=Actor(operation.shop, Channel.OWNER),
    )


# --- Points and full cards ---


def test_points_that_are_spent_are_owed(in_shop, come, counter):
    PointsFactory(shop=in_shop)
    maja = MembershipFactory(shop=in_shop)
    give(in_shop, {"behaviour": "bonus", "n": 50}, None)
    kari, key = come(maja), keys.new()
    earn(kari, 10_000, counter=counter, key=key)
    worker()
    spend(maja, 30)
    void_it(Operation.objects.select_related("membership").get(key=key))
    worker()

    account = maja.accounts.get()
    assert (account.balance, account.shortfall) == (0, 30)


def spend(card, n):
    account = card.accounts.select_related("programme").get()
    reward = RewardFactory(programme=account.programme, cost=n)
    redeem(membership=card, reward=reward, key=keys.new(), actor=Actor(card.shop, Channel.CARD))


def test_the_card_it_filled_is_taken_up_again(maja, come, buy, take_back):
    buy(maja, count=7)
    purchase = buy(come(maja))
    worker()
    assert stamps(maja) == 0
    take_back(purchase)
    worker()

    assert stamps(maja) == 8
    assert Claim.objects.get(membership=maja).state == "cancelled"


def test_the_card_it_filled_was_used(maja, come, buy, take_back, use):
    buy(maja, count=7)
    purchase = buy(come(maja))
    worker()
    use(maja)
    take_back(purchase)
    worker()
    worker()

    assert stamps(maja) == 0
    assert Thanked.objects.standing().get().asked_back_by is None


# --- By the shop, and after a merge ---


def test_the_shop_takes_the_members_reward_back_itself(maja, come, buy, take_back):
    """That friend pays no more, not even when the worker comes by."""
    kari = come(maja)
    buy(kari)
    worker()
    void_it(Thanked.objects.get(side="member").operation)
    worker()
    assert (stamps(maja), state()) == (1, "taken_back")
    buy(kari)
    worker()

    assert stamps(maja) == 1


def test_nothing_is_undone_twice(maja, come, buy, counter):
    purchase = buy(come(maja))
    wish = {"membership": purchase.membership, "undone": purchase}
    undo(**wish, key=keys.new(), actor=Actor.of_counter(counter))

    with pytest.raises(NothingToUndo):
        undo(**wish, key=keys.new(), actor=Actor.of_counter(counter))


def test_two_cards_again(maja, on, come, buy, counter):
    """The merge was a mistake: everybody has their friends and their thanks back."""
    kari = come(maja)
    buy(kari)
    worker()
    key = keys.new()
    with clock.at(NOON + timedelta(hours=2)):
        merge(kept=maja, gone=kari, key=key, actor=Actor.of_counter(counter))
        worker()
        assert state() == "refused"
    with clock.at(NOON + timedelta(hours=4)):
        merged = Operation.objects.select_related("membership").get(key=key)
        undo(membership=maja, undone=merged, key=keys.new(), actor=Actor.of_counter(counter))
        worker()

    assert (referral().member, referral().friend) == (maja, kari)
    assert state() == "rewarded"
    assert Thanked.objects.standing().filter(side="member").count() == 1
