"""What must be right before the site may serve. Misconfiguration fails at `manage.py check`."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, run_checks
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import OperationalError

# Without these a commit that was called done may be gone after a power cut. In tests it may.
ON_DISK = {"fsync": {"on"}, "synchronous_commit": {"on", "remote_apply", "remote_write", "local"}}
ON_STANDBY = {"on", "remote_apply", "remote_write"}
TRUE_OR_FALSE = {"true", "false", "on", "off", "yes", "no", "1", "0", "ok", "y", "n", "t", "f", ""}
FIRST_SAFE_SQLITE = (3, 51, 3)  # older ones can lose pages in WAL mode


def programme_kinds(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Every line of PROGRAMME_KINDS and ROOMS must lead to a room."""
    errors: list[CheckMessage] = []
    for path in [*settings.PROGRAMME_KINDS.values(), *settings.ROOMS]:
        try:
            import_module(path)
        except ImportError as trouble:
            hint = "See PROGRAMME_KINDS and ROOMS in loyalty/settings.py."
            errors.append(
                Error(f"{path} can't be imported: {trouble}", hint=hint, id="loyalty.E001")
            )
    return errors


def switches(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """`DEBUG=Ture` reads as False without a word; so might a switch whose False is unsafe."""
    wrong = [
        name
        for name in ("DEBUG", "DEMO", "REQUIRE_SECOND_FACTOR", "SYNCHRONOUS_STANDBY")
        if os.environ.get(name, "").strip().lower() not in TRUE_OR_FALSE
    ]
    return [
        Error(f"{name}={os.environ[name]} is neither true nor false.", id="loyalty.E002")
        for name in wrong
    ]


def sqlite(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """SQLite must keep what it acknowledged, and must not slip past the ledger's triggers."""
    errors: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor != "sqlite":
            continue
        try:
            with connection.cursor() as cursor:
                # The library that is used, whichever was imported first.
                [version] = cursor.execute("SELECT sqlite_version()").fetchone()
                if tuple(map(int, version.split("."))) < FIRST_SAFE_SQLITE:
                    errors.append(Error(f"SQLite {version} can lose data.", id="loyalty.E003"))
                for pragma, least in (("synchronous", 2), ("recursive_triggers", 1)):
                    [found] = cursor.execute(f"PRAGMA {pragma}").fetchone()
                    if found < least:
                        errors.append(
                            Error(f"PRAGMA {pragma} is {found}, not {least}.", id="loyalty.E004")
                        )
        except OperationalError:
            continue
    return errors


def postgres(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """PostgreSQL must have on disk, and on its standby where there is one, what it acknowledged."""
    wanted = dict(ON_DISK)
    if settings.SYNCHRONOUS_STANDBY:
        wanted["synchronous_commit"] = ON_STANDBY
    errors: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor != "postgresql" or settings.ON_THIS_MACHINE:
            continue
        try:
            with connection.cursor() as cursor:
                for name, good in wanted.items():
                    cursor.execute("SELECT current_setting(%s)", [name])
                    [found] = cursor.fetchone()
                    if found not in good:
                        told = f"PostgreSQL has {name}={found}: it may lose what was called done."
                        errors.append(Error(told, id="loyalty.E005"))
        except OperationalError:
            continue
    return errors


def refuse_unsafe() -> None:
    """Nobody serves on a database that forgets or lets its past be rewritten. Ends the process.

    A database that does not answer is no reason: it may come, and `/readyz` looks on.
    """
    found = run_checks(tags=[Tags.database], databases=[DEFAULT_DB_ALIAS])
    connections.close_all()  # whoever serves opens their own, perhaps after a fork
    if told := "\n".join(str(each) for each in found if each.is_serious()):
        sys.exit(told)
