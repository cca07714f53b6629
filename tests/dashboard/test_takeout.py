"""Everything in one file: the owner's alone, adding up to the ledger, and opening nothing."""

import csv
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from loyalty import clock
from loyalty.dashboard.settings.takeout import FILES, PICTURES, PROGRAMMES, SETTINGS
from loyalty.dashboard.settings.takeout_file import snapshot
from loyalty.dashboard.settings.takeout_left import EVERYWHERE, LEFT_OUT
from loyalty.journal.models import Change
from loyalty.models import Counter, StaffMember
from loyalty.operations import offer_pairing
from members.ledger.models import Account, LedgerEntry
from members.models import Membership, Programme
from members.privacy.columns import KEPT_OUT
from tests.factories import (
    MembershipFactory,
    PaperCardFactory,
    PersonFactory,
    PictureFactory,
    RuleVersionFactory,
    choose,
    stamp,
)
from tests.support.pages import text

pytestmark = pytest.mark.django_db
WHY = {"why": "New till"}
TABLES = [*(each.table for each in FILES), *SETTINGS.values(), *PROGRAMMES.values(), PICTURES]
SECRETS = next(kept for reason, kept in KEPT_OUT.items() if reason.startswith("It opens"))


@pytest.fixture
def unpacked(ingrid, at):
    """The zip as its owner gets it."""

    def unpacked():
        answer = ingrid.post(at("export"), WHY)
        assert answer.status_code == 200
        return ZipFile(BytesIO(b"".join(answer.streaming_content)))

    return unpacked


def rows(whole, name):
    text = whole.read(name).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


@pytest.fixture
def busy(shop, card, points, lunch, counter):
    """Two members with something on their cards."""
    maja = MembershipFactory(shop=shop, name="Maja", stamps=4, points=150)
    choose(maja, lunch)
    kari = MembershipFactory(shop=shop, name="=SUM(A1)", stamps=8, person=PersonFactory())
    stamp(kari, 2, counter=counter)
    return maja, kari


def test_it_works(unpacked, busy, shop):
    whole = unpacked()

    assert whole.testzip() is None
    assert {each.name for each in FILES} <= {*whole.namelist()}
    [programme, _points] = json.loads(whole.read("programmes.json"))["programmes"]
    assert programme["kind"] == "stamps"
    readme = whole.read("README.txt").decode()
    assert "Kaffe & Kardemomme" in readme
    assert "members.csv (2)" in readme


def test_the_sums_are_those_of_the_ledger(unpacked, busy, shop):
    whole = unpacked()

    held = {line["id"]: int(line["balance"]) for line in rows(whole, "balances.csv")}
    booked = dict.fromkeys(held, 0)
    for entry in rows(whole, "ledger.csv"):
        booked[entry["account"]] += int(entry["amount"])
    assert booked == held
    with scope(shop=shop):
        assert sum(booked.values()) == LedgerEntry.objects.aggregate(all=Sum("amount"))["all"]
        left = sum(int(lot["remaining"]) for lot in rows(whole, "lots.csv"))
        assert left == Account.objects.aggregate(all=Sum("balance"))["all"]
        assert len(rows(whole, "ledger.csv")) == LedgerEntry.objects.count()


@pytest.mark.usefixtures("busy")
def test_nothing_in_it_opens_anything(unpacked, shop, counter, owner, ola):
    paper = PaperCardFactory(shop=shop)
    offer_pairing(location=counter.location, name="Till 2", actor=owner)
    secret = {"planted-pin-hash", paper.counter_code, paper.short_code}
    with scope(shop=shop):
        StaffMember.objects.filter(pk=ola.pk).update(pin_hash="planted-pin-hash")
        for till in Counter.objects.all():
            secret |= {till.device_hash, till.pairing_hash} - {None}
        for card in Membership.objects.select_related("person"):
            secret |= {card.private, card.counter_code, card.friend_code}
            secret |= {card.person.password} if card.person else set()

    whole = unpacked()

    every = b"".join(whole.read(name) for name in whole.namelist()).decode(errors="replace")
    assert [each for each in secret if each and each in every] == []


def test_no_column_that_opens_something_is_in_a_table():
    kept_out = {f"{model}.{column}" for model, names in SECRETS.items() for column in names.split()}
    taken = {f"{table.model}.{name}" for table in TABLES for name in table.columns.split()}

    assert taken & kept_out == set()


def test_every_column_of_a_shop_is_taken_or_left_for_a_reason():
    taken = {}
    for table in TABLES:
        names = (name.split("__")[0] for name in table.columns.split())
        taken.setdefault(table.model, set()).update(names)
    for left in LEFT_OUT.values():
        for model, names in left.items():
            taken.setdefault(model, set()).update(names.split())

    of_shops = [model for model in apps.get_models() if _is_of_a_shop(model)]
    missing = [
        f"{model._meta.label}.{column.name}"
        for model in of_shops
        for column in model._meta.concrete_fields
        if not {column.name, "*"} & (taken.get(model._meta.label, set()) | EVERYWHERE)
    ]
    assert missing == []


def _is_of_a_shop(model):
    names = {column.name for column in model._meta.concrete_fields}
    return "shop" in names or model._meta.label == "loyalty.Shop"


def test_a_name_is_no_formula(unpacked, busy):
    names = {line["name"] for line in rows(unpacked(), "members.csv")}

    assert names == {"Maja", "'=SUM(A1)"}


def test_the_hour_that_comes_twice_is_two(unpacked, shop, card, counter):
    maja = MembershipFactory(shop=shop)
    for hour in (0, 1):  # 2:30 in Oslo, in summer time, and once more
        with clock.at(datetime(2027, 10, 31, hour, 30, tzinfo=UTC)):
            stamp(maja, counter=counter)

    moments = [line["at"] for line in rows(unpacked(), "visits.csv")]
    assert moments == ["2027-10-31T02:30:00+02:00", "2027-10-31T02:30:00+01:00"]


@pytest.mark.parametrize("zone", ["America/Nuuk", "Europe/Dublin", "Europe/Oslo"])
def test_the_file_is_of_the_shops_own_day(ingrid, at, shop, card, zone):
    shop.time_zone = zone
    shop.save()

    with clock.at(datetime(2027, 3, 28, 0, 30, tzinfo=UTC)):  # summer time begins in Europe
        answer = ingrid.post(at("export"), WHY)

    day = "2027-03-27" if zone == "America/Nuuk" else "2027-03-28"
    assert f'filename="kaffe-kardemomme-{day}.zip"' in answer["Content-Disposition"]


@pytest.mark.usefixtures("busy")
def test_programmes_come_with_every_version_of_their_rules(unpacked, shop, card):
    RuleVersionFactory(programme=card)
    with scope(shop=shop):
        Programme.objects.filter(pk=card.pk).update(collects_until=date(2027, 1, 31))

    told = json.loads(unpacked().read("programmes.json"))

    [stamps] = [each for each in told["programmes"] if each["kind"] == "stamps"]
    assert stamps["collects_until"] == "2027-01-31"
    versions = [each for each in told["versions"] if each["programme"] == card.pk]
    assert [each["number"] for each in versions] == [1, 2]
    assert versions[0]["rules"]["need"] == 9


def test_the_settings_are_in_it(unpacked, shop, counter):
    told = json.loads(unpacked().read("settings.json"))

    assert told["shop"][0]["name"] == "Kaffe & Kardemomme"
    assert told["counters"][0]["name"] == "By the door"
    assert "pin_hash" not in told["staff"][0]


def test_pictures_are_in_it(unpacked, shop):
    picture = PictureFactory(shop=shop)

    assert unpacked().read(f"pictures/{picture.pk}.webp") == bytes(picture.data)


def test_a_friends_code_is_not_the_way_they_came(unpacked, shop, card):
    maja = MembershipFactory(shop=shop)
    source = Membership.Source.FRIEND
    MembershipFactory(shop=shop, source=source, source_detail=maja.friend_code)
    MembershipFactory(shop=shop, source_detail="a4")

    assert [line["detail"] for line in rows(unpacked(), "members.csv")] == ["", "", "a4"]


def test_the_log_says_who_took_it_and_what_for(unpacked, shop, ingrid_person):
    unpacked()

    with scope(shop=shop):
        change = Change.objects.get(what="everything_exported")
    assert (change.about, change.actor) == ("New till", ingrid_person)


def test_without_a_reason_there_is_no_file(ingrid, at):
    answer = ingrid.post(at("export"), {"why": ""})

    assert answer.status_code == 422
    assert "Say in a few words what the file is for." in text(answer)


def test_the_next_shop_is_not_in_it(unpacked, busy, next_door_member, next_door):
    whole = unpacked()

    every = b"".join(whole.read(name) for name in whole.namelist()).decode(errors="replace")
    assert "Nora" not in every
    assert next_door.name not in every
    assert len(rows(whole, "members.csv")) == 2


@pytest.mark.parametrize(("who", "status"), [("manager", 403), ("stranger", 404)])
def test_others_take_nothing_along(request, at, shop, who, status):
    answer = request.getfixturevalue(who).post(at("export"), WHY)

    assert answer.status_code == status
    with scope(shop=shop):
        assert not Change.objects.filter(what="everything_exported").exists()


def test_a_big_shop_costs_no_more_statements(unpacked, busy, shop):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            unpacked()
        return len(queries)

    unpacked()
    two = cost()
    MembershipFactory.create_batch(5, shop=shop, stamps=4)

    assert two <= 60
    assert cost() == two


@pytest.mark.both_engines
@pytest.mark.django_db(transaction=True)
def test_it_is_all_of_one_moment_and_nobody_waits(shop, card):
    maja = MembershipFactory(shop=shop)
    with scope(shop=shop), snapshot():
        before = Membership.objects.count()
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(_join_elsewhere, shop).result(timeout=10)

        assert Membership.objects.count() == before
    with scope(shop=shop):
        assert Membership.objects.count() == before + 1
        assert Membership.objects.filter(pk=maja.pk).exists()


def _join_elsewhere(shop):
    try:
        MembershipFactory(shop=shop)
    finally:
        connection.close()
