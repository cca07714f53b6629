"""Owners read all of it, managers what is of their places, staff what they did."""

from datetime import timedelta

import pytest

from loyalty import keys
from loyalty.actors import Actor, Channel
from loyalty.journal.operations import write
from members.operations import replace_codes
from tests.dashboard.log.told import MAY, lines, words
from tests.factories import (
    LocationFactory,
    as_owner,
)

pytestmark = pytest.mark.django_db


def test_staff_read_what_they_did(read, stamped, staff_client, staff_person, counter):
    stamped()
    counter.staff = staff_person.roles.get().staff
    stamped(when=MAY + timedelta(days=1))

    page = read(staff_client)

    assert "6 May" in page
    assert "5 May" not in page
    assert "Download as CSV" not in page


def test_what_a_colleague_did_as_a_customer_is_no_work(role, member, staff_person, in_shop):
    saras = staff_person.roles.get()
    asked = Actor(in_shop, Channel.CARD, person=staff_person)
    replace_codes(membership=member, key=keys.new(), actor=asked)

    assert lines(saras) == []
    assert lines(role, staff=saras.staff.pk) == []
    assert "New code" in {words(line) for line in lines(role, channel="card")}


def test_staff_who_did_nothing_yet(read, stamped, staff_client):
    stamped()

    assert "Nothing yet" in read(staff_client)


def test_a_manager_of_one_place_reads_of_that_place(stamped, manager_person, in_shop, counter):
    kiosk = LocationFactory(shop=in_shop, name="Kiosk")
    stamped()
    write(as_owner(in_shop), "hours", location=kiosk)
    mona = manager_person.roles.get()
    assert len(lines(mona)) > 2  # of all places

    mona.locations.add(kiosk)
    assert [words(line) for line in lines(mona)] == ["Opening hours changed"]
    write(Actor(in_shop, Channel.OWNER, person=manager_person), "flags_off")
    assert len(lines(mona)) == 2  # and what they did themselves

    mona.locations.set([counter.location])
    assert "+1 stamp" in {words(line) for line in lines(mona)}


def test_an_owner_reads_everything_whatever_places_they_have(role, stamped, in_shop):
    stamped()
    role.locations.add(LocationFactory(shop=in_shop))

    assert "+1 stamp" in {words(line) for line in lines(role)}


def test_the_shop_next_door_reads_none_of_it(stamped, next_door_person):
    stamped()

    assert lines(next_door_person.roles.get()) == []


def test_staff_may_not_take_the_file(staff_client, at):
    assert staff_client.get(at("log_csv")).status_code == 403
