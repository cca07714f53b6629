"""The log: one list, newest first."""

import re
from datetime import timedelta

import pytest

from loyalty import clock
from loyalty.actors import Actor, Channel
from loyalty.journal.operations import write
from stampcards.owning import change_card
from stampcards.rules import StampRules
from tests.dashboard.log.told import MAY, lines, words
from tests.factories import (
    as_owner,
)
from tests.support.pages import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]  # answers are asked as JSON


def test_it_works(read, stamped):
    stamped()

    page = read()

    assert "5 May" in page
    assert "12:00 +1 stamp" in page
    assert "Maja · Ola · Grünerløkka, By the door" in page


def test_a_changed_rule_says_what_it_was(read, card, in_shop, ingrid_person):
    rules = StampRules.read(card.versions.latest("number").rules)
    change_card(
        programme=card,
        name=card.name,
        rules=StampRules(**{**rules.stored(), "counts": rules.counts, "need": 7}),
        actor=Actor(in_shop, Channel.OWNER, person=ingrid_person),
    )

    page = read(what="rules")

    assert f"Rules changed {card.name} Ingrid 1 detail Stamps needed {rules.need} 7" in page


def test_newest_first(role, stamped, in_shop):
    stamped()
    with clock.at(MAY + timedelta(hours=1)):
        write(as_owner(in_shop), "flags_off")
    stamped(when=MAY + timedelta(hours=2))

    that_day = lines(role, first=MAY.date(), last=MAY.date())
    assert [*map(words, that_day)] == ["+1 stamp", "Worth a look switched off", "+1 stamp"]


def test_older_lines_stand_on_pages_of_their_own(ingrid, at, in_shop, role):
    with clock.at(MAY):  # all at one moment
        for n in range(60):
            write(as_owner(in_shop), "pin_set", about=f"Line {n}.")

    first = ingrid.get(at("log"), {"what": "people"})
    assert "Line 59." in words_of(first)
    assert "Line 9." not in words_of(first)
    older = re.search(r'href="(\?what=people&amp;below=[^"]+)"', first.content.decode())[1]
    second = words_of(ingrid.get(at("log") + older.replace("&amp;", "&")))
    assert "Line 9." in second
    assert "Line 59." not in second
    assert "Newest" in second
    assert len([line for line in lines(role) if line.about.startswith("Line")]) == 60


@pytest.mark.parametrize("below", ["x-y", "", "-", "1-2", "9" * 30 + "-0-1", "\0-0-1", "1-0-1-1"])
def test_an_address_that_means_nothing_shows_the_newest(read, stamped, below):
    stamped()

    assert "+1 stamp" in read(below=below)


@pytest.mark.parametrize("below", [f"9999999999999999-0-{9**40}", f"0-{9**40}-{9**40}"])
def test_a_line_nobody_wrote_is_no_error(read, stamped, below):
    stamped()

    assert "Log" in read(below=below)
