"""The past cannot be changed: not by the ORM, not by SQL as the application's role (L10)."""

import json
import tempfile

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from django.db.models import ProtectedError

from loyalty.models import Shop
from members.ledger.models import Account, Allocation, LedgerEntry, Operation
from members.ledger.triggers import guard
from members.models import Membership
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db

TABLES = [LedgerEntry, Allocation, Operation]


@pytest.fixture
def books(in_shop, card):
    """A full card: entries, allocations and operations to tamper with."""
    return MembershipFactory(shop=in_shop, stamps=9)


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def a_row(model):
    return model.objects.order_by("pk").last()


# --- The tamper list: twelve ways to change the past --------------------------------------------


def save(model):
    row = a_row(model)
    row.save()


def update(model):
    model.objects.update(shop_id=models.F("shop_id"))


def bulk_update(model):
    model.objects.bulk_update([a_row(model)], ["shop"])


def delete(model):
    # Past Django's own PROTECT, as somebody would who means it.
    model.objects.filter(pk=a_row(model).pk)._raw_delete(model.objects.db)


def delete_what_it_hangs_on(model):
    a_row(model).shop.delete()


def upsert(model):
    row = a_row(model)
    model.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["id"], update_fields=["shop"]
    )


def raw_update(model):
    sql(f"UPDATE {model._meta.db_table} SET shop_id = shop_id")


def raw_delete(model):
    sql(f"DELETE FROM {model._meta.db_table}")


def truncate(model):
    if connection.vendor == "postgresql":
        sql("SET CONSTRAINTS ALL IMMEDIATE")  # or PostgreSQL refuses for a reason of its own
    sql(f"TRUNCATE {model._meta.db_table} CASCADE")


def insert_or_replace(model):
    table, columns = model._meta.db_table, ", ".join(f.column for f in model._meta.concrete_fields)
    sql(f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}")


def use_the_admin(model):
    apps.get_app_config("admin")


def load_fixture(model):
    row = a_row(model)
    fields = {
        field.name: field.value_to_string(row)
        for field in model._meta.concrete_fields
        if not field.primary_key and field.value_from_object(row) is not None
    }
    told = {"model": model._meta.label_lower, "pk": row.pk, "fields": fields}
    if "answer" in fields:
        told["fields"]["answer"] = {"given": 99}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as fixture:
        json.dump([told], fixture)
        fixture.flush()
        call_command("loaddata", fixture.name, verbosity=0)


WAYS = [
    *(save, update, bulk_update, delete, delete_what_it_hangs_on, upsert),
    *(raw_update, raw_delete, truncate, insert_or_replace, use_the_admin, load_fixture),
]
UNKNOWN = {"sqlite": [truncate], "postgresql": [insert_or_replace]}  # no such words there


def why_refused(way):
    """By the triggers, wherever it comes as far as the table."""
    if way is delete_what_it_hangs_on:
        return "protected foreign keys"
    if way is use_the_admin:
        return "No installed app"  # and so no page of it
    return "syntax error" if way in UNKNOWN[connection.vendor] else "immutable"


@pytest.mark.parametrize("model", TABLES)
@pytest.mark.parametrize("way", WAYS)
def test_it_is_refused_and_nothing_changes(books, model, way):
    before = list(model.objects.order_by("pk").values())

    with (
        pytest.raises((DatabaseError, ProtectedError, LookupError), match=why_refused(way)),
        transaction.atomic(),
    ):
        way(model)
    assert before
    assert list(model.objects.order_by("pk").values()) == before


def test_the_list_has_its_twelve():
    assert len({*WAYS}) == 12


@pytest.mark.parametrize("model", TABLES)
def test_a_row_with_others_hanging_on_it_is_not_deleted_politely(books, model):
    with pytest.raises((DatabaseError, ProtectedError)), transaction.atomic():
        a_row(model).delete()


@pytest.mark.parametrize("above", [Account, Membership, Shop])
def test_nothing_above_takes_it_along(books, above):
    """A deletion of what the books are about is stopped before it reaches them."""
    with pytest.raises(ProtectedError):
        above.objects.first().delete()


def test_an_answer_is_given_once(books):
    op = a_row(Operation)

    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        Operation.objects.filter(pk=op.pk).update(answer={"given": 99})


# --- They are there ------------------------------------------------------------------------


def test_a_migrated_database_is_armed(db):
    assert guard.missing(connection) == []
    assert guard.check_armed(databases=["default"]) == []


def test_a_disarmed_database_must_not_serve(db):
    """The control: with the triggers gone the past does change, and the check says so."""
    guard.disarm(connection)
    try:
        [error] = guard.check_armed(databases=["default"])
        assert "is not protected" in error.msg
    finally:
        guard.arm(connection)
    assert guard.check_armed(databases=["default"]) == []


def test_without_triggers_the_danger_is_real(books):
    guard.disarm(connection)
    try:
        assert LedgerEntry.objects.update(reason="tampered") > 0
    finally:
        guard.arm(connection)


@pytest.mark.django_db(transaction=True)
@pytest.mark.sqlite_only  # PostgreSQL keeps its triggers
def test_a_rebuilt_table_loses_them_and_migrate_brings_them_back():
    field = LedgerEntry._meta.get_field("reason")
    wider = models.CharField(max_length=30, blank=True)
    wider.set_attributes_from_name("reason")
    wider.model = LedgerEntry
    with connection.schema_editor() as editor:
        editor.alter_field(LedgerEntry, field, wider)
    assert guard.missing(connection) == [
        "ledger_ledgerentry_no_update",
        "ledger_ledgerentry_no_delete",
    ]

    with connection.schema_editor() as editor:
        editor.alter_field(LedgerEntry, wider, field)  # as it was, for the tests to come
    call_command("migrate", verbosity=0)
    assert guard.missing(connection) == []


@pytest.mark.postgres_only
def test_a_trigger_that_is_switched_off_counts_as_missing(db):
    sql("ALTER TABLE ledger_ledgerentry DISABLE TRIGGER ledger_ledgerentry_no_change")
    assert guard.missing(connection) == ["ledger_ledgerentry_no_change"]
