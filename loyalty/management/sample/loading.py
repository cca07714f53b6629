"""Rows into tables, past the models: COPY on PostgreSQL, executemany on SQLite.

What would check each row by itself (foreign keys, unique constraints, indexes) is taken away first
and made again over all rows at once, in the same transaction: a database that says yes at the end
has checked everything it would have checked. The triggers that protect the ledger stay.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction

from members.ledger.models import Account, Allocation, LedgerEntry, Lot, Operation, Visit
from members.messages.models import Message
from members.models import Membership
from rewards.models import Claim, HandOver

AT_ONCE = 20_000  # rows kept in memory before they are written
Row = tuple[Any, ...]

# A column that is not named stays NULL.
COLUMNS: dict[str, tuple[type[models.Model], str]] = {
    "membership": (
        Membership,
        "id shop_id name private counter_code short_code language source source_detail joined_at "
        "accepted_rules_at phone unclaimed named service_mail friend_code note",
    ),
    "account": (
        Account,
        "id shop_id membership_id programme_id rule_version_id balance lifetime shortfall cycle "
        "last_seq",
    ),
    "operation": (
        Operation,
        "id shop_id key fingerprint kind answer membership_id staff_id counter_id channel "
        "occurred_at recorded_at",
    ),
    "visit": (
        Visit,
        "id shop_id membership_id operation_id location_id counter_id staff_id kind amount_minor "
        "at voided_by_id",
    ),
    "entry": (
        LedgerEntry,
        "id shop_id account_id seq kind amount qualifying operation_id visit_id reverses_id "
        "rule_version_id reason",
    ),
    "lot": (Lot, "id shop_id account_id entry_id amount remaining expires_on"),
    "allocation": (Allocation, "id shop_id debit_id lot_id amount"),
    "claim": (
        Claim,
        "id shop_id membership_id source title terms value_minor minimum_minor account_id cycle "
        "cost operation_id state issued_at expires_on",
    ),
    "hand_over": (HandOver, "id shop_id claim_id operation_id at counter_id staff_id"),
    "message": (
        Message,
        "id shop_id membership_id purpose once template values at until taken_off_at mail",
    ),
}


@dataclass
class Table:
    """One table that is being filled, with the ids that follow on those it has."""

    name: str
    columns: list[str]
    ids: Iterator[int]
    rows: list[Row] = field(default_factory=list)
    written: int = 0

    @classmethod
    def of(cls, model: type[models.Model], columns: str) -> "Table":
        newest = model._base_manager.order_by("-pk").values_list("pk", flat=True).first()
        return cls(model._meta.db_table, columns.split(), count((newest or 0) + 1))

    def take(self) -> int:
        return next(self.ids)

    def add(self, row: Row) -> None:
        self.rows.append(row)
        if len(self.rows) >= AT_ONCE:
            self.write()

    def write(self) -> None:
        write = _copy if connection.vendor == "postgresql" else _insert
        write(self.name, self.columns, self.rows)
        self.written += len(self.rows)
        self.rows.clear()


class Tables:
    """The tables a history leaves rows in."""

    membership: Table
    account: Table
    operation: Table
    visit: Table
    entry: Table
    lot: Table
    allocation: Table
    claim: Table
    hand_over: Table
    message: Table

    def __init__(self) -> None:
        self.all = {name: Table.of(model, columns) for name, (model, columns) in COLUMNS.items()}
        self.__dict__.update(self.all)

    def write(self) -> None:
        for table in self.all.values():
            table.write()


def _copy(table: str, columns: list[str], rows: list[Row]) -> None:
    """Lines as Python writes them, where None is NULL. A tab or a backslash would be misread."""
    line = "\t".join(["%s"] * len(columns)) + "\n"
    text = "".join([line % row for row in rows])
    if "\\" in text or text.count("\t") != len(rows) * (len(columns) - 1):
        raise ValueError(f"A row of {table} holds a tab or a backslash.")
    with connection.cursor() as cursor:
        names = ", ".join(f'"{column}"' for column in columns)
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN (NULL 'None')") as copy:
            copy.write(text)


def _insert(table: str, columns: list[str], rows: list[Row]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608


@contextmanager
def loading() -> Iterator[Tables]:
    """Tables to fill in one transaction: all of it is there in the end, or nothing."""
    on_its_own = _postgres if connection.vendor == "postgresql" else _sqlite
    with on_its_own():
        tables = Tables()
        yield tables
        tables.write()


FOUND = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
              pg_get_constraintdef(oid))
  FROM pg_constraint
 WHERE conrelid = ANY(%(tables)s::text[]::regclass[]) AND contype IN ('f', 'u')
UNION ALL
SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
  FROM pg_index
 WHERE indrelid = ANY(%(tables)s::text[]::regclass[])
   AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""


@contextmanager
def _postgres() -> Iterator[None]:
    names = [model._meta.db_table for model, _columns in COLUMNS.values()]
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        cursor.execute(FOUND, {"tables": names})
        found = cursor.fetchall()
        for drop, _make in found:
            cursor.execute(drop)
        yield
        # Foreign keys last: what they look for has its index by then.
        for _drop, make in sorted(found, key=lambda each: "FOREIGN KEY" in each[1]):
            cursor.execute(make)
        for reset in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(reset)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(names)}")
        cursor.execute("RESET statement_timeout")


@contextmanager
def _sqlite() -> Iterator[None]:
    names = [model._meta.db_table for model, _columns in COLUMNS.values()]
    with connection.cursor() as cursor, _quick(cursor), transaction.atomic(durable=True):
        marks = ", ".join(["%s"] * len(names))
        cursor.execute(
            "SELECT name, sql FROM sqlite_master"  # noqa: S608 (marks, no values)
            f" WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})",
            names,
        )
        found = cursor.fetchall()
        for name, _make in found:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for _name, make in found:
            cursor.execute(make)
        for name in names:
            connection.check_constraints([name])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def _quick(cursor: Any) -> Iterator[None]:
    """No foreign key is looked up for each row, and nothing waits for the disk."""
    cursor.execute("PRAGMA foreign_keys=OFF")
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.execute("PRAGMA cache_size=-262144")  # 256 MB
    try:
        yield
    finally:
        cursor.execute("PRAGMA cache_size=-2000")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _models() -> list[type[models.Model]]:
    return [model for model, _columns in COLUMNS.values()]
