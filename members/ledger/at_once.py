"""A visit that earns one thing, written: rows that need each other, the sums, and the answer.

A queue waits for it, so PostgreSQL gets it all in one statement, in which each row takes the id
it needs from the one before. SQLite is asked without a network: there the same rows go one by one.
"""

from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Exists, Field, Model, QuerySet

from loyalty.halts.models import Halt
from loyalty.prepared import Given, Prepared
from members.ledger.models import Account, LedgerEntry, Lot, Operation, Visit

SUMS = ["balance", "lifetime", "shortfall", "last_seq"]


def _halts(shop: Any, counter: Any) -> "QuerySet[Halt]":
    return Halt.objects.concerning(shop=shop, counter=counter, earns=True, redeems=False)


HALTS = Prepared(lambda: _halts(Given("shop"), Given("counter")), everywhere=True)


def write(op: Operation, visit: Visit, entry: LedgerEntry, lot: Lot, answer: Any) -> bool:
    """Write what an operation did, and its answer. False: that is halted, and must be rolled back.

    Afterwards `visit`, `entry` and `lot` know their ids.
    """
    if connection.vendor == "postgresql":
        return _in_one_statement(op, visit, entry, lot, answer)
    for thing in (visit, entry, lot):
        thing.save(force_insert=True)
    entry.account.save(update_fields=SUMS)
    standing = Operation.objects.filter(~Exists(_halts(op.shop, op.counter)), pk=op.pk)
    return bool(standing.update(answer=answer))


def _in_one_statement(
    op: Operation, visit: Visit, entry: LedgerEntry, lot: Lot, answer: Any
) -> bool:
    account = entry.account
    halts, halted = HALTS.text(shop=op.shop_id, counter=op.counter_id)
    values = [
        *_values(visit),
        *_values(entry, chained="visit"),
        *_values(lot, chained="entry"),
        *[getattr(account, name) for name in SUMS],
        account.pk,
        Operation._meta.get_field("answer").get_db_prep_save(answer, connection),
        op.pk,
        *halted,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_statement(halts), values)
        ids = cursor.fetchone()
    if ids is None:
        return False
    visit.pk, entry.pk, lot.pk = ids
    return True


@cache
def _statement(halts: str) -> str:
    sums = ", ".join(f"{name} = %s" for name in SUMS)
    return (
        f"WITH visit AS ({_insert(Visit)}), "  # noqa: S608 (our own names; values have places)
        f"entry AS ({_insert(LedgerEntry, chained='visit')}), "
        f"lot AS ({_insert(Lot, chained='entry')}), "
        f"account AS (UPDATE {Account._meta.db_table} SET {sums} WHERE id = %s) "
        f"UPDATE {Operation._meta.db_table} SET answer = %s "
        f"WHERE id = %s AND NOT EXISTS ({halts}) "
        "RETURNING (SELECT id FROM visit), (SELECT id FROM entry), (SELECT id FROM lot)"
    )


def _insert(model: type[Model], chained: str = "") -> str:
    """`chained`: the field that takes the id of the row written before, in a part of that name."""
    columns = [str(field.column) for field in _fields(model, chained)]
    places = ", ".join(["%s"] * len(columns))
    if chained:
        columns.append(f"{chained}_id")
        places = f"SELECT {places}, {chained}.id FROM {chained}"  # noqa: S608 (as above)
    else:
        places = f"VALUES ({places})"
    return f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) {places} RETURNING id"


def _values(thing: Model, chained: str = "") -> list[Any]:
    return [
        field.get_db_prep_save(field.pre_save(thing, add=True), connection)
        for field in _fields(type(thing), chained)
    ]


@cache
def _fields(model: type[Model], chained: str) -> list["Field[Any, Any]"]:
    return [f for f in model._meta.concrete_fields if not f.primary_key and f.name != chained]
