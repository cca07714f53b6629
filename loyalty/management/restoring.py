"""A copy becomes the database again, in an empty place, and is proven before anybody may look.

The copy is older than what happened since. Cards that people had erased are erased once more, from
the journal beside the copies. Everybody is signed out: a session in the copy may have been ended
since. Mail that waited in the copy has gone out since, and is called off. Paired counters stay
paired, or no shop could work and no till hand in what it saved.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import checks
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django_scopes import scopes_disabled

from loyalty import clock
from loyalty.management.backups import SUFFIX, prove_sqlite, run
from loyalty.models import Counter, Shop
from loyalty.outbox import operations as outbox
from loyalty.outbox.models import OutboxMessage
from loyalty.patience import unhurried
from members.ledger import audit
from members.ledger.models import LedgerEntry
from members.privacy.erasures import Replayed, replay

BESIDE = ("", "-wal", "-shm")  # the files of an SQLite database; a stale -wal would break a new one


@dataclass(frozen=True)
class Restored:
    """What is there now. `erased`: None where no journal of erasures was found."""

    shops: int
    entries: int
    counters: int  # still paired
    mail_called_off: int
    erased: Replayed | None


def restore(copy: Path, *, replace: bool = False) -> Restored:
    """Put a copy of ours where DATABASE_URL points, and prove it.

    CommandError: it is no sound copy for this engine, there is something already and not
    `replace`, or what came out does not add up; then the site must stay closed.
    """
    if copy.suffix != SUFFIX[connection.vendor] or not copy.is_file():
        raise CommandError(f"{copy} is no copy of a database in {connection.vendor}.")
    if tables() and not replace:
        raise CommandError("There is a database already. Choose an empty place, or --replace.")
    put_sqlite(copy) if connection.vendor == "sqlite" else put_postgres(copy)
    with unhurried():
        call_command("migrate", verbosity=0)  # arms the triggers, too
        call_command("createcachetable", verbosity=0)
        return prove()


def tables() -> list[str]:
    """Of the database there is; SQLite makes an empty file by looking."""
    return connection.introspection.table_names()


def put_sqlite(copy: Path) -> None:
    """What was there is moved aside, with all its files."""
    prove_sqlite(copy)
    place = Path(connection.settings_dict["NAME"])
    new = place.with_name(place.name + ".restoring")
    new.unlink(missing_ok=True)
    ours_alone = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with copy.open("rb") as source, os.fdopen(ours_alone, "wb") as file:
        shutil.copyfileobj(source, file)
        file.flush()
        os.fsync(file.fileno())
    connection.close()
    aside = place.with_name(f"{place.name}.before-{clock.now():%Y-%m-%dT%H%M%SZ}")
    for each in BESIDE:
        if (found := place.with_name(place.name + each)).exists():
            found.rename(aside.with_name(aside.name + each))
    new.rename(place)


def put_postgres(copy: Path) -> None:
    """All of it or nothing; what was there is thrown away only once the copy could be read."""
    run("pg_restore", "--list", str(copy))
    if tables():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
    name = str(connection.settings_dict["NAME"])
    only_the_data = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
    run("pg_restore", *only_the_data, f"--dbname={name}", str(copy))


def prove() -> Restored:
    """What must be right before anybody may look. CommandError: it is not."""
    found = checks.run_checks(tags=[checks.Tags.database], databases=[DEFAULT_DB_ALIAS])
    if wrong := [each.msg for each in found if each.is_serious()]:
        raise CommandError(" ".join(wrong))
    sign_everybody_out()
    journal = Path(settings.ERASURES_FILE)
    with scopes_disabled():
        waiting = outbox.call_off(OutboxMessage.objects.all())
        erased = replay(journal, clock.now()) if journal.exists() else None
        if disagreements := list(audit.disagreements()):
            raise CommandError("Entries and balance disagree: " + ", ".join(disagreements))
        return Restored(
            shops=Shop.objects.count(),
            entries=LedgerEntry.objects.count(),
            counters=Counter.objects.usable().exclude(device_hash=None).count(),
            mail_called_off=waiting,
            erased=erased,
        )


def sign_everybody_out() -> None:
    """Sessions live in the database and, for quickness, in the cache, which may be elsewhere."""
    UserSession.objects.all().delete()
    Session.objects.all().delete()
    cache.clear()
