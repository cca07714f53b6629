"""Members an owner picks by hand, on their own pages."""

import pytest

from loyalty import clock, keys
from rewards.vip.models import Vip
from tests.dashboard.early.conftest import SATURDAY
from tests.support.pages import text

pytestmark = pytest.mark.django_db


def test_it_works(ingrid, at, maja):
    page = text(ingrid.post(at("pick_member", maja.pk), {"key": keys.new()}, follow=True))
    assert "Maja is picked." in page
    assert "Picked on 2 Mar 2027 by Ingrid." in page
    assert "Maja" in text(ingrid.get(at("early")))

    with clock.at(SATURDAY):
        page = text(ingrid.post(at("unpick_member", maja.pk), {"key": keys.new()}, follow=True))
    assert "Maja is not picked any more." in page
    assert "Picked from 2 Mar 2027 to 6 Mar 2027, ended by Ingrid." in page
    assert "Maja" not in text(ingrid.get(at("early")))


def test_a_double_tap_picks_once(ingrid, at, maja):
    sent = {"key": keys.new()}
    for _tap in range(2):
        ingrid.post(at("pick_member", maja.pk), sent)
    ingrid.post(at("pick_member", maja.pk), {"key": keys.new()})

    assert Vip.objects.count() == 1


def test_without_its_key_nothing_is_done(ingrid, at, maja):
    assert ingrid.post(at("pick_member", maja.pk)).url == at("member", maja.pk)
    assert not Vip.objects.exists()


def test_a_card_that_became_another_is_not_picked(ingrid, at, maja, vera):
    maja.merged_into = vera
    maja.save()

    page = text(ingrid.post(at("pick_member", maja.pk), {"key": keys.new()}, follow=True))

    assert Vip.objects.filter(membership=maja).count() == 0
    assert at("pick_member", maja.pk) not in page


def test_managers_pick_as_well(manager, at, vera, maja):
    assert at("unpick_member", vera.pk) in text(manager.get(at("member", vera.pk)))

    manager.post(at("pick_member", maja.pk), {"key": keys.new()})
    assert Vip.objects.filter(membership=maja, until=None).exists()


def test_a_stranger_picks_nobody(stranger, at, maja, ingrid, next_door_member):
    assert stranger.post(at("pick_member", maja.pk), {"key": keys.new()}).status_code == 404
    theirs = at("pick_member", next_door_member.pk)
    assert ingrid.post(theirs, {"key": keys.new()}).status_code == 404
    assert not Vip.objects.exists()
