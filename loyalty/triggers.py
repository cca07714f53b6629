"""Tables whose past the database itself refuses to change: rows are added, and stay as they are.

Database triggers do it. They refuse; they never compute. They are made again after every migrate,
because SQLite drops them without a word when a table is rebuilt, and a system check lets nobody
serve without them. An app that has such tables makes one `Guard`, and its AppConfig has it
`stand(self)`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate
from django.db.utils import OperationalError, ProgrammingError


@dataclass(frozen=True)
class Trigger:
    """`what` it does, as in CREATE TRIGGER … after its name."""

    name: str
    table: str
    what: str


def on_sqlite(app: str, table: str, deed: str) -> Trigger:
    """No UPDATE, or no DELETE. Needs PRAGMA recursive_triggers, or INSERT OR REPLACE passes."""
    what = f"BEFORE {deed} ON {table} BEGIN SELECT {abort(app)}; END"
    return Trigger(f"{table}_no_{deed.lower()}", table, what)


def abort(app: str) -> str:
    """How a trigger of SQLite refuses."""
    return f"RAISE(ABORT, '{app} rows are immutable')"


def on_postgres(app: str, table: str, name: str, deed: str, *, each: str = "ROW") -> Trigger:
    what = f"BEFORE {deed} ON {table} FOR EACH {each} EXECUTE FUNCTION {app}_immutable()"
    return Trigger(f"{table}_no_{name}", table, what)


def never_truncated(app: str, table: str) -> Trigger:
    """Of PostgreSQL: SQLite has no TRUNCATE."""
    return on_postgres(app, table, "truncate", "TRUNCATE", each="STATEMENT")


def immutable(app: str) -> str:
    """How a trigger of PostgreSQL refuses."""
    return f"""
    CREATE OR REPLACE FUNCTION {app}_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{app} rows are immutable' USING ERRCODE = '23514'; END $$
    """


@dataclass(frozen=True)
class Guard:
    """The tables of one app that only grow, and what protects them on either engine."""

    app: str
    never_changed: tuple[str, ...]  # their names
    # For a table that changes in one way only.
    sqlite: tuple[Trigger, ...] = ()
    postgres: tuple[Trigger, ...] = ()
    functions: tuple[str, ...] = ()  # that `postgres` calls

    def stand(self, config: AppConfig) -> None:
        """From the start of the app on: armed after every migrate, looked at by every check."""
        post_migrate.connect(self._arm_after_migrate, sender=config, weak=False)
        check = partial(self.check_armed)  # a check is tagged, which a bound method can't be
        checks.register(check, checks.Tags.database)

    def arm(self, connection: BaseDatabaseWrapper) -> None:
        """Make the triggers, where they are not there yet."""
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                for trigger in self._wanted(connection):
                    cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {trigger.name} {trigger.what}")
                return
            for function in (immutable(self.app), *self.functions):
                cursor.execute(function)
            for trigger in self._wanted(connection):
                cursor.execute(f"CREATE OR REPLACE TRIGGER {trigger.name} {trigger.what}")

    def disarm(self, connection: BaseDatabaseWrapper) -> None:
        """Drop the triggers. Only for emptying a test database."""
        on = "" if connection.vendor == "sqlite" else " ON {table}"
        with connection.cursor() as cursor:
            for trigger in self._wanted(connection):
                drop = f"DROP TRIGGER IF EXISTS {trigger.name}"
                cursor.execute(drop + on.format(table=trigger.table))

    def missing(self, connection: BaseDatabaseWrapper) -> list[str]:
        """The names of triggers that should be there and are not, or are switched off."""
        there = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if connection.vendor == "sqlite"
            else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        )
        with connection.cursor() as cursor:
            cursor.execute(there)
            found = {name for (name,) in cursor.fetchall()}
        return [trigger.name for trigger in self._wanted(connection) if trigger.name not in found]

    def check_armed(
        self, databases: Sequence[str] | None = None, **kwargs: Any
    ) -> list[checks.CheckMessage]:
        """System check: a database whose past could be rewritten must not serve."""
        errors: list[checks.CheckMessage] = []
        for alias in databases or ():
            try:
                gone = self._stands_in(connections[alias]) and self.missing(connections[alias])
            except (OperationalError, ProgrammingError):
                continue  # no database to look at; whoever needs it will say so
            if gone:
                told = f"The {self.app} in {alias!r} is not protected: {', '.join(gone)} missing."
                hint = "Run manage.py migrate, which makes the triggers again."
                errors.append(checks.Error(told, hint=hint, id=f"{self.app}.E001"))
        return errors

    def _arm_after_migrate(self, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
        if self._stands_in(connections[using]):
            self.arm(connections[using])

    def _stands_in(self, connection: BaseDatabaseWrapper) -> bool:
        return {*self.never_changed} <= {*connection.introspection.table_names()}

    def _wanted(self, connection: BaseDatabaseWrapper) -> list[Trigger]:
        if connection.vendor == "sqlite":
            both = [(table, deed) for table in self.never_changed for deed in ("UPDATE", "DELETE")]
            return [*(on_sqlite(self.app, *each) for each in both), *self.sqlite]
        return [*self._refused_on_postgres(), *self.postgres]

    def _refused_on_postgres(self) -> Iterator[Trigger]:
        for table in self.never_changed:
            yield on_postgres(self.app, table, "change", "UPDATE OR DELETE")
            yield never_truncated(self.app, table)
