"""The log as a file, and what it costs to read."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loyalty import clock
from loyalty.dashboard.log import reading
from loyalty.journal.operations import write
from loyalty.operations import take_on
from tests.dashboard.log.told import MAY, lines
from tests.factories import (
    MembershipFactory,
    as_owner,
)

pytestmark = pytest.mark.django_db


def test_the_file_has_the_same_lines(ingrid, at, stamped, member, in_shop):
    stamped()
    with clock.at(MAY + timedelta(hours=1)):
        write(as_owner(in_shop), "flags", before={"far_days": 30}, after={"far_days": 60})

    answer = ingrid.get(at("log_csv"), {"first": "2026-05-05", "last": "2026-05-05"})

    heading, change, given = csv.reader(StringIO(answer.content.decode("utf-8-sig")))
    assert heading[:4] == ["When", "Happened", "Who", "Where"]
    assert change[4] == "What is worth a look changed; Days to count: 30 → 60"
    assert given[:5] == ["2026-05-05 12:00:00", "", "Ola", "Grünerløkka, By the door", "'+1 stamp"]
    assert member.short_code in given
    assert "Maja" not in given


def test_what_was_asked_wrong_is_an_empty_file(ingrid, at):
    answer = ingrid.get(at("log_csv"), {"first": "soon"})

    assert len(answer.content.decode().splitlines()) == 1


def test_many_lines_cost_what_a_few_cost(ingrid, at, stamped, in_shop, card):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            ingrid.get(at("log"))
        return len(captured)

    stamped()
    write(as_owner(in_shop), "pin_set", after={"staff": 1})
    few = cost()
    for n in range(8):
        stamped(MembershipFactory(shop=in_shop), MAY + timedelta(minutes=n))
        take_on(name=f"Colleague {n}", actor=as_owner(in_shop))

    assert cost() <= few


def test_the_file_reads_on_where_one_read_ends(role, in_shop, monkeypatch):
    monkeypatch.setattr(reading, "LINES_A_READ", 3)
    for n in range(8):
        take_on(name=f"Colleague {n}", actor=as_owner(in_shop))

    assert len({line.about for line in lines(role) if line.about}) >= 8


def test_more_leads_there(staff_client, at):
    assert (
        reverse("owner:log", args=["kaffe-kardemomme"])
        in staff_client.get(at("more")).content.decode()
    )
