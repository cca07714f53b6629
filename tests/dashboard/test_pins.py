"""PINs on the People page."""

import pytest
from django_scopes import scope

from loyalty import pins
from loyalty.models import StaffMember
from loyalty.pins import WrongPin
from tests.factories import LocationFactory, StaffMemberFactory, as_owner
from tests.support.pages import html_of

pytestmark = pytest.mark.django_db


def has(staff, pin):
    """Is that their PIN?"""
    with scope(shop=staff.shop):
        now = StaffMember.objects.get(pk=staff.pk)
        try:
            pins.check(now, pin)
        except WrongPin:
            return False
        return bool(now.pin_hash)


def test_it_works(ingrid, at, ola):
    page = html_of(ingrid.post(at("set_pin", ola.pk), {"pin": "2580"}, follow=True))

    assert "Ola has a new PIN." in page
    assert "2580" not in page
    assert has(ola, "2580")


def test_it_can_be_taken_away(ingrid, at, ola):
    ingrid.post(at("set_pin", ola.pk), {"pin": "2580"})
    page = html_of(ingrid.post(at("remove_pin", ola.pk), follow=True))

    assert "Ola needs no PIN any more." in page
    assert not has(ola, "2580")


@pytest.mark.parametrize(
    ("pin", "says"),
    [("", "Type 4 to 6 digits."), ("123", "A PIN has 4 to 6 digits."), ("abcd", "A PIN has 4 to")],
)
def test_what_is_no_pin_is_refused_beside_the_field(ingrid, at, ola, pin, says):
    answer = ingrid.post(at("set_pin", ola.pk), {"pin": pin})

    assert answer.status_code == 422
    assert says in html_of(answer)


def test_a_pause_is_told_of(ingrid, at, ola):
    ingrid.post(at("set_pin", ola.pk), {"pin": "2580"})
    for _try in range(5):
        with scope(shop=ola.shop), pytest.raises((WrongPin, pins.PinPaused)):
            pins.check(StaffMember.objects.get(pk=ola.pk), "0000")

    assert "Too many wrong PINs: on pause until" in html_of(ingrid.get(at("colleague", ola.pk)))


def test_a_manager_gives_pins_to_staff_but_not_to_the_owner(manager, at, ola, ingrid_person, shop):
    with scope(shop=shop):
        owner = StaffMember.objects.get(role__person=ingrid_person)

    assert manager.post(at("set_pin", ola.pk), {"pin": "2580"}).status_code == 302
    assert manager.post(at("set_pin", owner.pk), {"pin": "2580"}).status_code == 403
    assert manager.post(at("remove_pin", owner.pk)).status_code == 403
    assert f'action="{at("set_pin", owner.pk)}"' not in html_of(manager.get(at("people")))


def test_staff_give_none(staff_client, at, ola):
    assert staff_client.post(at("set_pin", ola.pk), {"pin": "2580"}).status_code == 403
    assert not has(ola, "2580")


def test_somebody_who_left_gets_none(ingrid, at, shop):
    gone = StaffMemberFactory(shop=shop, name="Gone", active=False)

    assert ingrid.post(at("set_pin", gone.pk), {"pin": "2580"}).status_code == 404


def test_an_owner_who_opens_the_counter_needs_none(ingrid, ingrid_person, at, shop):
    LocationFactory(shop=shop)
    with scope(shop=shop):
        staff = StaffMember.objects.get(role__person=ingrid_person)
        pins.set_pin(staff, pin="2580", actor=as_owner(shop))
    page = ingrid.post(at("open_counter"), follow=True)

    assert "Ready for the next card" in html_of(page)


def test_a_stranger_changes_nothing(stranger, ingrid, at, ola, next_door):
    theirs = StaffMemberFactory(shop=next_door, name="Nils")

    assert stranger.post(at("set_pin", ola.pk), {"pin": "2580"}).status_code == 404
    assert ingrid.post(at("set_pin", theirs.pk), {"pin": "2580"}).status_code == 404
    assert not has(ola, "2580")
    assert not has(theirs, "2580")
