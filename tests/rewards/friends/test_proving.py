"""What happens to thanks when something is undone that others were built on."""

from datetime import timedelta

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members.ledger.models import Operation
from members.operations import merge, undo, void
from rewards.friends.models import Thanked
from tests.factories import MembershipFactory
from tests.rewards.friends.conftest import A_DAY, NOON, STAMP, give, stamps, state, worker

pytestmark = pytest.mark.django_db


def void_it(operation):
    void(
        membership=operation.membership,
        undone=operation,
        reason="refund",
        key=keys.new(),
        actor=Actor(operation.shop, Channel.OWNER),
    )


@pytest.fixture
def one_of(counter):
    """one_of(kept, gone): two cards become one. Returns the operation."""

    def one_of(kept, gone):
        key = keys.new()
        merge(kept=kept, gone=gone, key=key, actor=Actor.of_counter(counter))
        return Operation.objects.select_related("membership").get(key=key)

    return one_of


@pytest.fixture
def part(counter):
    """part(merged): it was a mistake, and the cards are two again."""

    def part(merged):
        wish = {"membership": merged.membership, "undone": merged}
        undo(**wish, key=keys.new(), actor=Actor.of_counter(counter))

    return part


def test_it_works(maja, come, buy):
    """The shop takes Maja's stamp back itself, then Kari's purchase, and Kari buys again."""
    kari = come(maja)
    purchase = buy(kari)
    worker()
    void_it(Thanked.objects.get(side="member").operation)
    void_it(purchase)
    buy(kari)
    worker()

    assert (stamps(maja), stamps(kari), state()) == (1, 3, "taken_back")


@pytest.mark.parametrize("by_the_shop", [True, False])
def test_a_purchase_whose_thanks_were_taken_back(
    *, maja, on, come, buy, one_of, take_back, by_the_shop
):
    """It takes back what it brought, and the stamp for the invitation no second time."""
    old = MembershipFactory(shop=on, name="Kari")
    with clock.at(NOON + timedelta(days=3)):
        kari = come(maja)
        purchase = buy(kari)
        worker()
        one_of(kari, old)
        worker(A_DAY)
        assert (stamps(kari), state()) == (2, "refused")
        (void_it if by_the_shop else take_back)(purchase)
        worker()

        assert (stamps(kari), stamps(maja)) == (1, 1)


# --- Two cards became one by mistake ---


def has(*cards):
    """Stamps and rewards of each."""
    return [(stamps(card), [claim.state for claim in card.claims.all()]) for card in cards]


@pytest.mark.parametrize("kari_stays", [True, False])
@pytest.mark.parametrize("theirs", [STAMP, {"behaviour": "percent", "percent": 10}])
@pytest.mark.parametrize("pays", ["purchase", "joining"])
def test_everybody_has_everything_again(
    *, on, maja, come, buy, one_of, part, kari_stays, theirs, pays
):
    give(on, STAMP, theirs, pays=pays)
    kari = come(maja)
    buy(kari)
    worker()
    before = has(maja, kari)
    merged = one_of(kari, maja) if kari_stays else one_of(maja, kari)
    assert state() == "refused"
    worker(after=timedelta(hours=24))
    with clock.at(NOON + timedelta(hours=24)):
        part(merged)
        worker(A_DAY)

    assert has(maja, kari) == before
    assert state() == "rewarded"


def test_a_card_of_somebody_else(*, maja, on, come, buy, one_of, part):
    old = MembershipFactory(shop=on, name="Ola")
    with clock.at(NOON + timedelta(days=3)):
        kari = come(maja)
        buy(kari)
        worker()
        before = has(maja, kari, old)
        merged = one_of(kari, old)
        worker()
        part(merged)
        worker(A_DAY)

    assert has(maja, kari, old) == before
    assert state() == "rewarded"


def test_a_purchase_undone_while_they_were_one(maja, come, buy, one_of, part):
    kari = come(maja)
    purchase = buy(kari)
    worker()
    merged = one_of(kari, maja)
    void_it(purchase)
    worker()
    part(merged)
    assert state() == "joined"
    worker()

    assert (stamps(maja), stamps(kari)) == (1, 1)


def test_taken_back_by_the_shop_while_they_were_one(maja, come, buy, one_of, part):
    kari = come(maja)
    buy(kari)
    worker()
    merged = one_of(maja, kari)
    void_it(Thanked.objects.get(side="member").operation)
    part(merged)
    worker()

    assert (stamps(maja), stamps(kari), state()) == (1, 3, "taken_back")


def test_where_the_member_gets_nothing(*, on, maja, come, buy, one_of, part):
    give(on, None, STAMP)
    kari = come(maja)
    buy(kari)
    worker()
    part(one_of(maja, kari))

    assert state() == "rewarded"


def test_known_by_a_card_of_somebody_else(*, maja, on, come, buy, one_of, part):
    """Kari's card was made one with Ola's second, so she seemed a customer of old: she is none."""
    numbered(MembershipFactory(shop=on, name="Ola"))
    with clock.at(NOON + timedelta(days=3)):
        kari = come(maja)
        second = numbered(MembershipFactory(shop=on))
        buy(kari)
        merged = one_of(kari, second)
    with clock.at(NOON + timedelta(days=3, hours=1)):
        worker()
        assert state() == "refused"
        part(merged)
    with clock.at(NOON + timedelta(days=3, hours=2)):
        worker()
        worker(A_DAY)

    assert (stamps(maja), stamps(kari), state()) == (2, 3, "rewarded")


def numbered(card):
    card.phone = "+4791234567"
    card.save()
    return card
