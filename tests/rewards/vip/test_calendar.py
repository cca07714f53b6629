"""A file for the member's own calendar."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from icalendar import Calendar

from loyalty import clock
from rewards.vip.models import Drop, Opening
from tests.factories import DropFactory, OpeningFactory
from tests.rewards.vip.conftest import SATURDAY, THURSDAY

pytestmark = pytest.mark.django_db

THE_DAY_BEFORE = THURSDAY - timedelta(days=1)


@pytest.fixture
def file_of(visitor):
    """file_of(member, drop): what the button on the page gives."""
    return lambda member, drop: visitor.get(
        reverse("early:calendar", args=[member.private, drop.pk])
    )


def entry_of(response):
    [entry] = Calendar.from_ical(response.content).walk("VEVENT")
    return entry


def test_it_works(file_of, reply, tasting, maja):
    reply(membership=maja, drop=tasting, coming=True)
    response = file_of(maja, tasting)
    entry = entry_of(response)

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert entry["summary"] == "Tasting, Kaffe & Kardemomme"
    assert entry["location"] == "Storgata 1"
    assert entry["dtstart"].params["tzid"] == "Europe/Oslo"
    assert entry.decoded("dtstart") == tasting.starts_at
    assert entry.decoded("dtend") == tasting.ends_at
    assert b"DTSTART;TZID=Europe/Oslo:20270313T180000\r\n" in response.content
    assert b"BEGIN:VTIMEZONE" in response.content


def test_an_opening_to_come_has_one_too(file_of, roast, vera):
    with clock.at(THE_DAY_BEFORE):
        response = file_of(vera, roast)
    entry = entry_of(response)

    assert entry["summary"] == "Early access: Summer roast, Kaffe & Kardemomme"
    assert b"DTSTART;TZID=Europe/Oslo:20270304T090000\r\n" in response.content


def test_asked_for_again_it_is_the_same_entry(file_of, reply, tasting, maja):
    reply(membership=maja, drop=tasting, coming=True)
    first = entry_of(file_of(maja, tasting))
    Drop.objects.update(starts_at=tasting.starts_at - timedelta(hours=1))
    second = entry_of(file_of(maja, tasting))

    assert first["uid"] == second["uid"]
    assert first["dtstart"] != second["dtstart"]


def test_summer_time_is_the_shops(file_of, in_shop, vera):
    """Announced in winter, and it opens in summer: at nine by the clock of then."""
    opens = datetime(2027, 3, 29, 7, 0, tzinfo=UTC)  # the day after the clocks went forward
    drop = DropFactory(shop=in_shop)
    OpeningFactory(drop=drop, audience=Opening.Audience.PICKED, at=opens)

    assert b"DTSTART;TZID=Europe/Oslo:20270329T090000\r\n" in file_of(vera, drop).content


def test_what_an_owner_typed_breaks_nothing(file_of, reply, tasting, maja):
    name, text = "Rum; cake, and\\more 🎂", "One line.\r\nBEGIN:VEVENT\r\nUID:evil" + "x" * 150
    Drop.objects.update(name=name, text=text)
    reply(membership=maja, drop=tasting, coming=True)
    response = file_of(maja, tasting)
    entry = entry_of(response)

    assert entry["summary"] == f"{name}, Kaffe & Kardemomme"
    assert entry["uid"].startswith("early-event-")
    lines = response.content.split(b"\r\n")
    assert all(b"\n" not in line and len(line) <= 75 for line in lines)


def test_the_link_of_the_card_is_not_in_it(file_of, reply, tasting, maja):
    reply(membership=maja, drop=tasting, coming=True)

    assert maja.private.encode() not in file_of(maja, tasting).content


def test_without_a_yes_there_is_none(file_of, tasting, maja):
    assert file_of(maja, tasting).status_code == 404


def test_for_whom_it_does_not_open_early_there_is_none(file_of, roast, maja):
    assert file_of(maja, roast).status_code == 404


def test_once_it_is_open_there_is_none(file_of, roast, vera):
    with clock.at(SATURDAY):
        assert file_of(vera, roast).status_code == 404


def test_a_stranger_gets_none(file_of, roast, next_door_member, stranger):
    with clock.at(THE_DAY_BEFORE):
        assert file_of(next_door_member, roast).status_code == 404
        address = reverse("early:calendar", args=["guessed-link", roast.pk])
        assert stranger.get(address).status_code == 404
