"""Starting over: only a database in a file of ours may be thrown away."""

from pathlib import Path

from django.core.management.base import CommandError
from django.db import connection


def forget() -> None:
    """Delete the demo's SQLite file and what SQLite keeps beside it. Refuses any other database."""
    if connection.vendor != "sqlite":
        raise CommandError("--fresh deletes a SQLite file; empty this database yourself.")
    connection.close()
    name = Path(connection.settings_dict["NAME"])
    for suffix in ("", "-wal", "-shm"):
        name.with_name(name.name + suffix).unlink(missing_ok=True)
