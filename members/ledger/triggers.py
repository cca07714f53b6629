"""Database triggers that refuse to change the past. They refuse; they never compute.

Created again after every migrate, because SQLite drops them without a word when a table is
rebuilt. Two rows may change, once: an operation gets its answer at the end of its transaction.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import OperationalError, ProgrammingError

from members.ledger.models import Allocation, LedgerEntry, Operation

NEVER_CHANGED = (LedgerEntry._meta.db_table, Allocation._meta.db_table)
ANSWERED_ONCE = Operation._meta.db_table
_SAME = [f.column for f in Operation._meta.concrete_fields if f.name != "answer"]
_REFUSE = "RAISE(ABORT, 'ledger rows are immutable')"

POSTGRES_FUNCTIONS = (
    """
    CREATE OR REPLACE FUNCTION ledger_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'ledger rows are immutable' USING ERRCODE = '23514'; END $$
    """,
    """
    CREATE OR REPLACE FUNCTION operation_answer_once() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.answer IS NULL AND NEW.answer IS NOT NULL
         AND to_jsonb(NEW) - 'answer' = to_jsonb(OLD) - 'answer' THEN RETURN NEW; END IF;
      RAISE EXCEPTION 'ledger rows are immutable' USING ERRCODE = '23514';
    END $$
    """,
)


def _sqlite() -> Iterator[tuple[str, str, str]]:
    """Name, table and definition. Needs PRAGMA recursive_triggers, or INSERT OR REPLACE passes."""
    for table in NEVER_CHANGED:
        yield f"{table}_no_update", table, f"BEFORE UPDATE ON {table} BEGIN SELECT {_REFUSE}; END"
    for table in (*NEVER_CHANGED, ANSWERED_ONCE):
        yield f"{table}_no_delete", table, f"BEFORE DELETE ON {table} BEGIN SELECT {_REFUSE}; END"
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in _SAME)
    yield (
        f"{ANSWERED_ONCE}_answer_once",
        ANSWERED_ONCE,
        f"BEFORE UPDATE ON {ANSWERED_ONCE} "
        f"WHEN OLD.answer IS NOT NULL OR NEW.answer IS NULL OR {changed} "
        f"BEGIN SELECT {_REFUSE}; END",
    )


def _postgres() -> Iterator[tuple[str, str, str]]:
    for table in NEVER_CHANGED:
        yield (
            f"{table}_no_change",
            table,
            f"BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION ledger_immutable()",
        )
    for table in (*NEVER_CHANGED, ANSWERED_ONCE):
        yield (
            f"{table}_no_truncate",
            table,
            f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ledger_immutable()",
        )
    yield (
        f"{ANSWERED_ONCE}_answer_once",
        ANSWERED_ONCE,
        f"BEFORE UPDATE ON {ANSWERED_ONCE} FOR EACH ROW EXECUTE FUNCTION operation_answer_once()",
    )
    yield (
        f"{ANSWERED_ONCE}_no_delete",
        ANSWERED_ONCE,
        f"BEFORE DELETE ON {ANSWERED_ONCE} FOR EACH ROW EXECUTE FUNCTION ledger_immutable()",
    )


def _wanted(connection: BaseDatabaseWrapper) -> list[tuple[str, str, str]]:
    return list(_sqlite() if connection.vendor == "sqlite" else _postgres())


def arm(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers, where they are not there yet."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, _table, what in _wanted(connection):
                cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {what}")
            return
        for function in POSTGRES_FUNCTIONS:
            cursor.execute(function)
        for name, _table, what in _wanted(connection):
            cursor.execute(f"CREATE OR REPLACE TRIGGER {name} {what}")


def disarm(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers. Only for emptying a test database."""
    on = "" if connection.vendor == "sqlite" else " ON {table}"
    with connection.cursor() as cursor:
        for name, table, _what in _wanted(connection):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + on.format(table=table))


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of triggers that should be there and are not, or are switched off."""
    there = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(there)
        found = {name for (name,) in cursor.fetchall()}
    return [name for name, _table, _what in _wanted(connection) if name not in found]


def arm_after_migrate(sender: AppConfig, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    connection = connections[using]
    if ANSWERED_ONCE in connection.introspection.table_names():
        arm(connection)


def check_armed(databases: Sequence[str] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """System check: a database whose ledger could be rewritten must not serve."""
    errors: list[checks.CheckMessage] = []
    for alias in databases or ():
        try:
            connection = connections[alias]
            if ANSWERED_ONCE in connection.introspection.table_names():
                gone = missing(connection)
                if gone:
                    errors.append(
                        checks.Error(
                            f"The ledger in {alias!r} is not protected: {', '.join(gone)} missing.",
                            hint="Run manage.py migrate, which makes the triggers again.",
                            id="ledger.E001",
                        )
                    )
        except (OperationalError, ProgrammingError):
            continue  # no database to look at; whoever needs it will say so
    return errors
