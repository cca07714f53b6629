"""Work that may take longer than a visitor would wait: migrations, audits, a restore."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections

# A migration thinks between two statements, too.
LIMITS = ("statement_timeout", "idle_in_transaction_session_timeout")


@contextmanager
def unhurried(alias: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """PostgreSQL cuts nothing off in here. For a lock it waits as short as ever."""
    connection = connections[alias]
    if connection.vendor != "postgresql":
        yield
        return
    before = {}
    with connection.cursor() as cursor:
        for name in LIMITS:
            cursor.execute("SELECT current_setting(%s)", [name])
            [before[name]] = cursor.fetchone()
            cursor.execute("SELECT set_config(%s, '0', false)", [name])
    yield  # what fails in here ends a command, or drops the connection
    with connection.cursor() as cursor:
        for name, limit in before.items():
            cursor.execute("SELECT set_config(%s, %s, false)", [name, limit])
