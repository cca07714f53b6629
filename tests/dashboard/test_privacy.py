"""The owner's page about privacy: what customers read, and how many used their rights."""

import pytest
from django.urls import reverse

from members.privacy.operations import erase, leave
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(shop):
    return reverse("owner:privacy", args=[shop.slug])


def test_it_works(ingrid, page, shop, in_shop, member):
    for _ in range(2):
        leave(MembershipFactory(shop=shop))
    gone = MembershipFactory(shop=shop)
    leave(gone)
    erase(gone)

    html = ingrid.get(page).content.decode()

    assert "0 of 1 members" in html
    assert "<dd>2</dd>" in html
    assert "<dd>1</dd>" in html
    assert reverse("join:privacy", args=[shop.slug]) in html
    assert "Your address is missing." in html


def test_an_address_is_asked_for_once(ingrid, page, shop):
    shop.address = "Storgata 1, Oslo"
    shop.save(update_fields=["address"])

    assert "Your address is missing." not in ingrid.get(page).content.decode()


def test_it_is_the_owners(manager, staff_client, stranger, page):
    assert manager.get(page).status_code == 403
    assert staff_client.get(page).status_code == 403
    assert stranger.get(page).status_code == 404
