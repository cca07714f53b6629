"""What a line of the log says: who, what, why, and when it happened."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from loyalty.dashboard.log import facts, kinds
from loyalty.journal.operations import write
from loyalty.journal.words import WHAT
from members.operations import undo, void
from rewards.tiers.owning import Level, save_ladder
from stampcards.operations import add_stamps
from tests.dashboard.log.told import MAY, lines, words
from tests.factories import (
    MembershipFactory,
    as_owner,
)
from tests.support.pages import words_of

pytestmark = pytest.mark.django_db


def test_why_it_was_taken_back(role, stamped, in_shop, ingrid_person, member):
    actor = Actor(in_shop, Channel.OWNER, person=ingrid_person)
    undone = stamped(when=clock.now())
    void(membership=member, undone=undone, reason="refund", key=keys.new(), actor=actor)

    back, first = lines(role)[:2]
    assert (words(back), back.why) == ("−1 stamp Taken back", "Refund")
    assert first.undone == "Taken back by Ingrid: Refund"


def test_why_so_many_at_once(role, card, member, till_actor, in_shop):
    add_stamps(
        membership=member,
        programme=card,
        count=6,
        reason="group",
        key=keys.new(),
        actor=till_actor,
    )

    assert lines(role)[0].why == "Group order"


def test_what_arrives_late_tells_both_times(read, card, member, counter, in_shop):
    then = MAY - timedelta(hours=3)
    with clock.at(MAY):
        late = Actor.of_counter(counter, at=then)
        add_stamps(membership=member, programme=card, count=1, key=keys.new(), actor=late)
        page = read()

    assert "12:00 +1 stamp" in page
    assert "Happened 5 May at 09:00, written down later" in page


def test_a_new_member_is_one_line_with_what_joining_gave(role, card, in_shop):
    maja = MembershipFactory(shop=in_shop, name="Maja")

    line = lines(role)[0]
    assert words(line).startswith("New member +1 stamp")
    assert line.member == maja


def test_undone_at_the_counter(role, stamped, member, till_actor):
    done = stamped(when=clock.now())
    undo(membership=member, undone=done, key=keys.new(), actor=till_actor)

    assert lines(role)[1].undone == "Undone by Ola"


def test_a_colleague_is_told_by_the_name_of_today(role, in_shop, ola):
    write(as_owner(in_shop), "pin_set", after={"staff": ola.pk})
    ola.name = "Ole"
    ola.save()

    assert lines(role)[0].about == "Ole"


@pytest.fixture
def sara(in_shop, staff_person):
    """Whoever is invited has a name at the counter only."""
    staff_person.name = ""
    staff_person.save()
    return Actor(in_shop, Channel.OWNER, person=staff_person)


def test_who_never_told_their_name_is_known_by_the_counters(role, read, sara):
    write(sara, "flags_off")

    assert lines(role)[0].who == "Sara"
    assert "sara@" not in read()


def test_so_is_who_took_something_back(ingrid, at, sara, stamped, member):
    undone = stamped(when=clock.now())
    void(membership=member, undone=undone, reason="refund", key=keys.new(), actor=sara)

    assert "Taken back by Sara: Refund" in words_of(ingrid.get(at("member", member.pk)))


def test_levels_are_told_in_what_they_measure(role, in_shop):
    levels = [Level("Base", 0), Level("Gold", 500_000)]
    save_ladder(measure="spend", window="rolling", levels=levels, actor=as_owner(in_shop))

    told = {fact.name: fact.now for fact in lines(role)[0].facts}
    assert told["What counts"] == "What they spend"
    assert told["Levels"].replace("\xa0", " ") in (
        "Base: 0 kr, Gold: 5 000 kr",
        "Base: 0 kr, Gold: 5,000 kr",
    )


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("need", 9, "9"),
        ("starts_on", "2026-05-01", "1 May 2026"),
        ("starts_on", None, "–"),
        ("places", ["Torget"], "Torget"),
        ("places", [], "Everywhere"),
        ("returns", False, "No"),
        ("counts", "wash", "A wash"),
        ("minimum_minor", 2500, "25\xa0kr"),
        ("trade", "gym", "Gym"),
        ("segment", "regulars", "Regulars"),
        ("picture", "abc", "A picture"),
        ("head_starts", {"Base": 0, "Gold": 1}, "Base: 0, Gold: 1"),
        ("actions", [{"name": "Own cup", "points": 5}], "Own cup: 5"),
        ("effective_from", "2026-05-01T22:00:00+00:00", "2 May 2026 00:00"),
    ],
)
def test_a_fact_is_told_in_words(shop, key, value, expected):
    assert facts.in_words(shop, key, value) == expected


def test_every_kind_of_operation_has_a_name():
    """A new kind of operation is a line in `log/kinds.py`, or it is told as something else."""
    found = set()
    for app in ("members", "rewards", "stampcards"):
        for path in Path(settings.BASE_DIR, app).rglob("*.py"):
            found |= set(re.findall(r'posting\.operation\("(\w+)"\)', path.read_text()))

    assert found - {*kinds.OPERATIONS, *kinds.UNTOLD} == set()


def test_every_change_can_be_asked_for():
    asked = [what for group in kinds.Group for what in kinds.changes_in(group)]

    assert sorted(asked) == sorted(WHAT)
