"""The past cannot be changed: not by the ORM, not by SQL as the application's role (L10)."""

import json

import pytest
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


def delete_politely(model):
    a_row(model).delete()


def upsert(model):
    row = a_row(model)
    model.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["id"], update_fields=["shop"]
    )


def raw_update(model):
    sql(f"UPDATE {model._meta.db_table} SET shop_id = shop_id")


def raw_delete(model):
    sql(f"DELETE FROM {model._meta.db_table}")


def load_fixture(model, tmp_path):
    row = a_row(model)
    fields = {
        field.name: field.value_to_string(row)
        for field in model._meta.concrete_fields
        if not field.primary_key and field.value_from_object(row) is not None
    }
    told = {"model": model._meta.label_lower, "pk": row.pk, "fields": fields}
    if "answer" in fields:
        told["fields"]["answer"] = {"given": 99}
    fixture = tmp_path / "tamper.json"
    fixture.write_text(json.dumps([told]))
    call_command("loaddata", fixture, verbosity=0)


@pytest.mark.parametrize("model", TABLES)
@pytest.mark.parametrize("tamper", [save, update, bulk_update, delete, upsert, raw_update])
def test_it_cannot_be_changed(books, model, tamper):
    before = list(model.objects.order_by("pk").values())

    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        tamper(model)
    assert list(model.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("model", TABLES)
def test_it_cannot_be_deleted(books, model):
    for tamper in (raw_delete, delete_politely):
        with pytest.raises((DatabaseError, ProtectedError)), transaction.atomic():
            tamper(model)
    assert model.objects.exists()


@pytest.mark.parametrize("model", TABLES)
def test_a_fixture_does_not_overwrite_it(books, model, tmp_path):
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        load_fixture(model, tmp_path)


@pytest.mark.parametrize("above", [Account, Membership, Shop])
def test_nothing_above_takes_it_along(books, above):
    """A deletion of what the books are about is stopped before it reaches them."""
    with pytest.raises(ProtectedError):
        above.objects.first().delete()


@pytest.mark.parametrize("model", TABLES)
@pytest.mark.sqlite_only  # its own back door
def test_insert_or_replace_is_no_back_door(books, model):
    table, columns = model._meta.db_table, ", ".join(f.column for f in model._meta.concrete_fields)

    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        sql(f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}")


@pytest.mark.parametrize("model", TABLES)
@pytest.mark.postgres_only
def test_truncate_is_no_back_door(books, model):
    sql("SET CONSTRAINTS ALL IMMEDIATE")  # or PostgreSQL refuses for a reason of its own

    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        sql(f"TRUNCATE {model._meta.db_table} CASCADE")


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
