"""The demo's café has levels, and opens some things early."""

import pytest
from django_scopes import scope

from loyalty import clock
from loyalty.management.demo import seed, shops
from loyalty.models import Shop
from members.ledger import audit
from members.ledger.models import Operation
from members.models import Membership
from rewards.tiers.standing import tier_of
from rewards.vip.looks import looks
from rewards.vip.models import Drop, Reservation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cafe(monkeypatch):
    """The café alone, with some of its members."""
    monkeypatch.setattr(shops, "SHOPS", (shops.CAFE,))
    seed.seed(clock.now(), members=14)
    shop = Shop.objects.get(slug=shops.CAFE.slug)
    with scope(shop=shop):
        yield shop


def test_it_works(cafe):
    maja = Membership.objects.select_related("shop").get(name="Maja")

    assert tier_of(maja).name == "Sølv"
    assert {look.drop.name for look in looks(maja, clock.now())} == {
        "Sommerbrenning fra Huila",
        "Smakekveld",
    }
    assert not Reservation.objects.filter(membership=maja).exists()
    assert not list(audit.disagreements())
    assert not Operation.objects.filter(answer__refused__isnull=False).exists()

    # Some have reserved and some have answered.
    roast, evening = Drop.objects.order_by("pk")
    assert 0 < roast.held < roast.quantity
    assert 0 < evening.held <= evening.quantity
    assert evening.reservations.filter(state=Reservation.State.DECLINED).exists()
