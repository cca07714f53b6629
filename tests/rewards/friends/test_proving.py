"""What happens to thanks when something is undone that others were built on."""

import pytest

from loyalty import keys
from loyalty.actors import Actor, Channel
from members.operations import void
from rewards.friends.models import Thanked
from tests.rewards.friends.conftest import stamps, state, worker

pytestmark = pytest.mark.django_db


def void_it(operation):
    void(
        membership=operation.membership,
        undone=operation,
        reason="refund",
        key=keys.new(),
        actor=Actor(operation.shop, Channel.OWNER),
    )


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
