"""Work that may take longer than a visitor would wait: migrations, audits, a restore."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections


@contextmanager
def unhurried(alias: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """PostgreSQL cuts no statement off in here. For a lock it waits as short as ever."""
    connection = connections[alias]
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        [before] = cursor.fetchone()
        cursor.execute("SET statement_timeout = 0")
    yield  # what fails in here ends a command, or drops the connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, false)", [before])
