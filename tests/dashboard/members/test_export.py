"""The members as a file: only for owners, with a reason, and in the log."""

import csv
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from loyalty import clock, keys
from loyalty.dashboard.members import file
from loyalty.journal.models import Change
from members.merging import merge
from members.messages.operations import Purpose
from members.messages.wishes import start_mail
from members.models import Consent, Membership
from tests.factories import MembershipFactory, PersonFactory, PointsFactory, as_owner, stamp
from tests.ladder_factories import LadderFactory
from tests.members.notices.conftest import proved_person
from tests.support.pages import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(shop):
    return reverse("owner:export_members", args=[shop.slug])


@pytest.fixture
def take(ingrid, address):
    """The lines of the file."""

    def take(why="For the accountant", query="", by=ingrid):
        answer = by.post(f"{address}?{query}", {"why": why})
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("text/csv")
        return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))

    return take


@pytest.mark.both_engines
def test_it_works(take, shop, card, counter):
    PointsFactory(shop=shop)
    maja = MembershipFactory(shop=shop, name="Maja", person=proved_person("maja@example.no"))
    start_mail(maja, Purpose.NEWS, way=Consent.Way.CARD)
    stamp(maja, 2, counter=counter)

    [line] = take()

    today = clock.today(shop.zone).isoformat()
    assert line == {
        "Name": "Maja",
        "Code": maja.spoken_code,
        "Phone": "",
        "E-mail": "maja@example.no",
        "Joined": today,
        "Joined by": "Poster",
        "Last visit": today,
        "Visits": "1",
        "Level": "",
        "Coffee card": "3",
        "Points": "0",
        "Yes to news": "yes",
        "Since": today,
    }


def test_the_page_says_how_many_and_asks_what_for(ingrid, address, member):
    page = words_of(ingrid.get(address))

    assert "1 member in a CSV file" in page
    assert "What is it for?" in page


def test_without_a_reason_there_is_no_file(ingrid, address, member):
    answer = ingrid.post(address, {"why": " "})

    assert answer.status_code == 422
    assert "Say in a few words what the file is for." in words_of(answer)
    assert not Change.objects.exists()


def test_the_log_says_who_took_how_many_and_why(take, member, ingrid_person):
    take()

    change = Change.objects.get()
    assert (change.what, change.about, change.after, change.actor) == (
        "members_exported",
        "For the accountant",
        {"members": 1},
        ingrid_person,
    )


def test_what_the_filter_shows_and_no_more(take, member, shop):
    MembershipFactory(shop=shop, name="Kari", source="counter")

    assert [line["Name"] for line in take(query="source=counter")] == ["Kari"]
    assert [line["Name"] for line in take(query="q=Maja")] == ["Maja"]
    assert [line["Name"] for line in take(query=f"q={member.short_code}")] == ["Maja"]
    assert take(query="source=moon") == []


def test_a_name_that_a_spreadsheet_would_calculate(take, shop, card):
    MembershipFactory(shop=shop, name="=1+1")
    Membership.objects.update(phone="+4740612345")

    [line] = take()
    assert (line["Name"], line["Phone"]) == ("'=1+1", "'+4740612345")


@pytest.mark.both_engines
def test_levels_and_visits_with_a_card_that_became_part_of_it(take, shop, card, counter):
    LadderFactory(shop=shop, takes={"Bronze": 0, "Silver": 2})
    gone, kept = (MembershipFactory(shop=shop, name=name) for name in ("Old", "Maja"))
    for one in (gone, kept):
        stamp(one, counter=counter)
    merge(kept=kept, gone=gone, key=keys.new(), actor=as_owner(shop))
    MembershipFactory(shop=shop, name="New")

    told = {line["Name"]: (line["Visits"], line["Level"]) for line in take()}
    assert told == {"Maja": ("2", "Silver"), "New": ("0", "Bronze")}


def test_a_thousand_cost_as_many_statements_as_one(take, shop, card, monkeypatch):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            take()
        return len(asked)

    MembershipFactory(shop=shop)
    few = cost()
    for person in PersonFactory.create_batch(6):
        MembershipFactory(shop=shop, person=person)
    assert cost() == few

    monkeypatch.setattr(file, "AT_ONCE", 3)
    assert len(take()) == 7
    assert cost() == few + 2 * 9  # each three more have their own


def test_managers_see_members_and_take_no_file(manager, staff_client, address, member):
    for other in (manager, staff_client):
        assert other.get(address).status_code == 403
        assert other.post(address, {"why": "Why not"}).status_code == 403
    assert not Change.objects.exists()


def test_only_owners_see_the_button(ingrid, manager, shop, member, address):
    page = reverse("owner:members", args=[shop.slug])

    assert address in ingrid.get(page).content.decode()
    assert address not in manager.get(page).content.decode()


def test_a_stranger_finds_nothing(stranger, address, member):
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, {"why": "Why not"}).status_code == 404
