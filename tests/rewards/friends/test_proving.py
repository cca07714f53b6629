"""What happens to thanks when something is undone that others were built on."""

from datetime import timedelta

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from members.ledger.models import Operation
from members.operations import merge, void
from rewards.friends.models import Thanked
from tests.factories import MembershipFactory
from tests.rewards.friends.conftest import NOON, stamps, state, worker

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
        worker()
        assert (stamps(kari), state()) == (2, "refused")
        (void_it if by_the_shop else take_back)(purchase)
        worker()

        assert (stamps(kari), stamps(maja)) == (1, 1)
