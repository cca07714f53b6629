"""A database of our own for measuring: a fresh SQLite file."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from loyalty.languages import compile_languages


@contextlib.contextmanager
def fresh_database() -> Iterator[None]:
    """The tables, empty; the file is gone afterwards. Never anybody's own: see loyalty/start.py."""
    file = Path(settings.DATABASES["default"]["NAME"])
    if file.exists() or file.parent != Path(tempfile.gettempdir()):
        raise RuntimeError(f"{file} is no scratch file")
    try:
        compile_languages()
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        yield
    finally:
        connection.close()
        for each in file.parent.glob(f"{file.name}*"):
            each.unlink()
