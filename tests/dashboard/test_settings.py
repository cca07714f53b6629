"""The settings of the shop itself: its name and place, and its pause."""

import pytest

from loyalty.models import Shop
from tests.factories import MembershipFactory
from tests.support.pages import text

pytestmark = pytest.mark.django_db
TYPED = {
    "name": "Kaffe & Kanel",
    "contact_email": "hei@kanel.example",
    "address": "Markveien 9, Oslo",
    "language": "en-gb",
    "time_zone": "Europe/Oslo",
    "currency": "NOK",
}


@pytest.fixture
def page(ingrid, at):
    return lambda: text(ingrid.get(at("settings")))


def test_it_works(ingrid, at, shop):
    answer = ingrid.post(at("settings"), TYPED, follow=True)

    assert "Saved." in text(answer)
    kept = Shop.objects.get(pk=shop.pk)
    assert (kept.name, kept.address, kept.slug) == (
        "Kaffe & Kanel",
        "Markveien 9, Oslo",
        "kaffe-kardemomme",
    )


def test_what_is_wrong_stands_beside_its_field_and_stays_typed(ingrid, at):
    answer = ingrid.post(at("settings"), {**TYPED, "contact_email": "hei", "name": ""})

    assert answer.status_code == 422
    page = text(answer)
    assert "Check your e-mail. It looks like name@example.com." in page
    assert "Type a name." in page
    assert 'value="Markveien 9, Oslo"' in answer.content.decode()


def test_once_a_card_is_there_time_zone_and_currency_stay(ingrid, at, card, page):
    assert "have been booked in it" not in page()
    MembershipFactory(shop=card.shop)

    assert "Stays: days have been booked in it." in page()
    assert "Stays: amounts have been booked in it." in page()
    ingrid.post(at("settings"), {**TYPED, "currency": "DKK", "time_zone": "Europe/Copenhagen"})

    kept = Shop.objects.get(pk=card.shop_id)
    assert (kept.name, kept.currency, kept.time_zone) == ("Kaffe & Kanel", "NOK", "Europe/Oslo")


def test_before_that_they_can_be_chosen(ingrid, at, shop):
    ingrid.post(at("settings"), {**TYPED, "currency": "DKK", "time_zone": "Europe/Copenhagen"})

    kept = Shop.objects.get(pk=shop.pk)
    assert (kept.currency, kept.time_zone) == ("DKK", "Europe/Copenhagen")


def test_a_pause_can_be_undone(ingrid, at, shop, page):
    answer = ingrid.post(at("pause_shop"), follow=True)
    assert "Your shop is on pause." in text(answer)
    assert at("resume_shop") in answer.content.decode()
    assert "On pause since" in page()

    answer = ingrid.post(at("resume_shop"), follow=True)

    assert "Your shop runs again." in text(answer)
    assert Shop.objects.get(pk=shop.pk).paused_since is None


@pytest.mark.usefixtures("card")
def test_every_page_of_the_owner_says_that_the_shop_is_on_pause(ingrid, at):
    ingrid.post(at("pause_shop"))

    assert "The shop is on pause since" in text(ingrid.get(at("programme")))
    assert "The shop is on pause since" in text(ingrid.get(at("week")))


@pytest.mark.usefixtures("card")
def test_what_has_not_started_has_nothing_to_pause(page, shop):
    shop.live_since = None
    shop.save()

    assert "Pause the shop" not in page()


def test_more_leads_there_for_owners_only(ingrid, manager, at):
    assert at("settings") in ingrid.get(at("more")).content.decode()
    assert at("settings") not in manager.get(at("more")).content.decode()


def test_a_stranger_pauses_nothing(stranger, at, shop):
    assert stranger.post(at("pause_shop")).status_code == 404

    assert Shop.objects.get(pk=shop.pk).paused_since is None
