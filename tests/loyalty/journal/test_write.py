"""A line of the journal: what it keeps, what it leaves out, and that nobody changes it."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django_scopes import scope

from loyalty import clock
from loyalty.actors import Actor
from loyalty.journal.models import Change
from loyalty.journal.operations import write
from loyalty.journal.triggers import guard
from loyalty.journal.words import FIELDS, WHAT
from tests.factories import LocationFactory, as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor(in_shop):
    return as_owner(in_shop)


def test_it_works(actor):
    line = write(actor, "programme_rules", about="Card", before={"need": 9}, after={"need": 8})

    assert (line.what, line.about, line.channel) == ("programme_rules", "Card", "owner")
    assert (line.before, line.after) == ({"need": 9}, {"need": 8})


def test_it_says_who(ingrid_person, in_shop):
    line = write(Actor(in_shop, "owner", person=ingrid_person), "live")

    assert line.actor == ingrid_person


def test_what_is_the_same_is_left_out(actor):
    before = {"need": 9, "welcome": 1}

    assert write(
        actor, "programme_rules", before=before, after={"need": 8, "welcome": 1}
    ).after == {"need": 8}


def test_what_is_new_or_gone_stays(actor):
    line = write(actor, "hours", before={"day_0": "09:00–17:00"}, after={"day_1": "10:00–16:00"})

    assert (line.before, line.after) == ({"day_0": "09:00–17:00"}, {"day_1": "10:00–16:00"})


def test_no_difference_is_no_line(actor):
    assert write(actor, "programme_rules", before={"need": 9}, after={"need": 9}) is None
    assert not Change.objects.exists()


def test_a_thing_is_kept_by_its_name_and_a_day_as_iso(actor, card):
    after = {"programme": card, "starts_on": date(2026, 5, 1), "levels": [{"name": card}]}

    line = write(actor, "reward_changed", after=after)
    line.refresh_from_db()

    assert line.after == {
        "programme": card.name,
        "starts_on": "2026-05-01",
        "levels": [{"name": card.name}],
    }


def test_where_the_counter_stands(till_actor, counter):
    assert write(till_actor, "counter_off").location == counter.location


def test_which_place_it_is_about(actor, in_shop):
    kiosk = LocationFactory(shop=in_shop, name="Kiosk")

    assert write(actor, "hours", location=kiosk).location == kiosk


def test_when_it_happened(in_shop):
    then = clock.now() - timedelta(hours=3)

    assert write(Actor(in_shop, "counter", at=then), "counter_off").at == then


def test_without_words_nothing_is_written(actor):
    with pytest.raises(KeyError, match="unheard_of"):
        write(actor, "unheard_of")
    with pytest.raises(KeyError, match="shoe_size"):
        write(actor, "live", after={"shoe_size": 44})


def test_another_shop_has_its_own(actor, next_door):
    write(actor, "live")

    with scope(shop=next_door):
        assert not Change.objects.exists()


@pytest.mark.both_engines
@pytest.mark.parametrize(
    "deed", [lambda lines: lines.update(what="levels"), lambda lines: lines._raw_delete("default")]
)
def test_nobody_changes_a_line(actor, deed):
    write(actor, "live")

    with pytest.raises(DatabaseError, match="journal rows are immutable"), transaction.atomic():
        deed(Change.objects.all())


def test_an_unprotected_journal_must_not_serve(actor):
    assert guard.check_armed(databases=["default"]) == []
    guard.disarm(connection)
    try:
        [error] = guard.check_armed(databases=["default"])
        assert error.id == "journal.E001"
    finally:
        guard.arm(connection)


@pytest.mark.parametrize("words", [WHAT, FIELDS])
def test_words_are_in_order(words):
    assert [*words] == sorted(words)


def test_keys_fit(actor):
    assert max(map(len, WHAT)) <= Change._meta.get_field("what").max_length
