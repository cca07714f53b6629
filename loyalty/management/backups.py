"""A copy of the database that can be trusted, taken while the shop is open.

Never `cp` of a live SQLite file: what stands in its -wal would be missing, and the copy broken.
"""

import os
import sqlite3
import subprocess
from contextlib import closing
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from django.core.management.base import CommandError
from django.db import connection

NAME = "stamkunde-"
SUFFIX = {"sqlite": ".sqlite3", "postgresql": ".dump"}


def back_up(folder: Path, *, now: datetime, keep: int) -> Path:
    """Write one dated copy, prove that it can be read, and let the oldest go beyond `keep`.

    Readable by its owner only: it holds everything the shops know. CommandError if it fails;
    then nothing older is thrown away.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"{NAME}{now:%Y-%m-%dT%H%M%SZ}{SUFFIX[connection.vendor]}"
    unfinished = target.with_name(target.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        copy_sqlite(unfinished) if connection.vendor == "sqlite" else dump_postgres(unfinished)
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())  # neither tool waits for the disk
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)
    for old in copies(folder)[:-keep]:
        old.unlink()
    return target


def copies(folder: Path) -> list[Path]:
    """Our finished copies, oldest first."""
    found = [path for suffix in SUFFIX.values() for path in folder.glob(f"{NAME}*{suffix}")]
    return sorted(found, key=lambda path: path.name)


def copy_sqlite(target: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(target)])
    prove_sqlite(target)


def prove_sqlite(copy: Path) -> None:
    """Every page and every index of it. CommandError: it is not sound."""
    try:
        # Nothing is written, so that a copy on a disk that may only be read can be proven too.
        with closing(sqlite3.connect(f"file:{quote(str(copy))}?immutable=1", uri=True)) as found:
            [[verdict], *_more] = found.execute("PRAGMA integrity_check").fetchall()
    except sqlite3.DatabaseError as trouble:
        verdict = str(trouble)
    if verdict != "ok":
        raise CommandError(f"The copy is not sound: {verdict}")


def dump_postgres(target: Path) -> None:
    run("pg_dump", "--format=custom", "--no-owner", f"--file={target}")
    run("pg_restore", "--list", str(target))


def run(*words: str) -> None:
    """A tool of PostgreSQL, told by its environment where to go: passwords stay out of `ps`."""
    try:
        done = subprocess.run(
            words, env={**os.environ, **libpq_environment()}, capture_output=True, text=True
        )
    except FileNotFoundError:
        raise CommandError(f"{words[0]} is missing: apt-get install postgresql-client") from None
    if done.returncode:
        raise CommandError(f"{words[0]}: {done.stderr.strip()}")


OF_LIBPQ = ("target_session_attrs", "sslmode", "sslrootcert", "sslcert", "sslkey")


def libpq_environment() -> dict[str, str]:
    """What our own connection is told, as the tools of PostgreSQL read it."""
    settings = connection.settings_dict
    told = {
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": settings["NAME"],
    }
    for name in OF_LIBPQ:
        told[f"PG{name.replace('_', '').upper()}"] = settings["OPTIONS"].get(name)
    return {name: str(value) for name, value in told.items() if value}
