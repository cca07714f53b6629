"""What one can ask the log for: days, who, where, what."""

from datetime import datetime, timedelta

import pytest

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from loyalty.dashboard.log import kinds
from loyalty.journal.operations import write
from members import programmes
from stampcards.operations import add_stamps
from tests.dashboard.log.told import OSLO, lines, words
from tests.factories import (
    CounterFactory,
    LocationFactory,
    StaffMemberFactory,
    as_owner,
)
from tests.support.pages import words_of

pytestmark = pytest.mark.django_db


def test_the_days_are_those_of_the_shop(read, stamped):
    stamped(when=datetime(2026, 5, 6, 0, 30, tzinfo=OSLO))

    assert "+1 stamp" in read(first="2026-05-06", last="2026-05-06")
    assert "Nothing matches these filters" in read(first="2026-05-05", last="2026-05-05")


def test_who(role, stamped, in_shop, ola):
    stamped()
    write(Actor(in_shop, Channel.OWNER, person=role.person), "flags_off")

    assert [*map(words, lines(role, staff=ola.pk))] == ["+1 stamp"]
    assert [*map(words, lines(role, staff=role.staff.pk))] == ["Worth a look switched off"]


def test_who_did_nothing(read, in_shop):
    nora = StaffMemberFactory(shop=in_shop, name="Nora")

    page = read(who=f"staff:{nora.pk}")

    assert "Nothing matches these filters" in page
    assert "Clear filters" in page


def test_customers_and_what_happens_by_itself(role, stamped, in_shop):
    stamped()

    with clock.at(clock.now() + timedelta(minutes=1)):
        write(Actor(in_shop, Channel.JOB), "programme_ended")

    assert {line.who for line in lines(role, channel="card")} == {"the customer"}
    assert [line.who for line in lines(role, channel="job")] == ["By itself"]


def test_where(role, stamped, in_shop, counter):
    stamped()
    kiosk = CounterFactory(shop=in_shop, location=LocationFactory(shop=in_shop, name="Kiosk"))
    write(as_owner(in_shop), "hours", about="Kiosk", location=kiosk.location)

    at_the_door = lines(role, place=counter.location_id)
    assert [words(line) for line in at_the_door] == ["+1 stamp"]
    assert [line.about for line in lines(role, place=kiosk.location_id)] == ["Kiosk"]
    assert len(lines(role, counter=counter.pk)) == 1
    assert lines(role, counter=kiosk.pk) == []


@pytest.mark.parametrize(
    ("group", "expected"),
    [("given", "+1 stamp"), ("rules", "Worth a look switched off"), ("people", "New PIN")],
)
def test_what(role, stamped, in_shop, group, expected):
    stamped()
    write(as_owner(in_shop), "flags_off")
    write(as_owner(in_shop), "pin_set")

    assert expected in {words(line) for line in lines(role, group=kinds.Group(group))}
    assert len({words(line) for line in lines(role, group=kinds.Group(group))}) == 1


@pytest.mark.parametrize(
    "asked",
    [
        *({"first": "soon"}, {"who": "staff:0"}, {"where": "moon"}, {"what": "luck"}),
        *({"first": "0001-01-01"}, {"last": "9999-12-31"}, {"first": "2026-05-01\0"}),
    ],
)
def test_what_cannot_be_asked_is_refused(ingrid, at, asked):
    assert ingrid.get(at("log"), asked).status_code == 422


def test_the_last_day_is_not_before_the_first(ingrid, at):
    answer = ingrid.get(at("log"), {"first": "2026-05-02", "last": "2026-05-01"})

    assert answer.status_code == 422
    assert "Choose a last day after the first." in words_of(answer)


@pytest.mark.both_engines
def test_refused_is_shown_to_who_asks_for_it(read, card, member, till_actor, in_shop):
    programmes.pause(card, actor=as_owner(in_shop))
    with pytest.raises(Exception, match="pause"):
        add_stamps(membership=member, programme=card, count=1, key=keys.new(), actor=till_actor)

    assert "Stamps given" not in read()
    page = read(what="refused")
    assert "Stamps given Refused Maja · Ola" in page
    assert "pause" in page
