"""May this process be sent visitors? Two addresses for whoever watches: a balancer, a monitor.

They answer one word, for everybody may ask. What is wrong goes to the log.
"""

import logging
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from loyalty import clock
from loyalty.outbox.models import OutboxMessage, PeriodicJob

log = logging.getLogger("stamkunde.health")

REMEMBERED = 5  # seconds: however many ask, the database is asked this rarely by each process
LEAST_FREE = 0.05  # of the disk
WAITS_TOO_LONG = timedelta(minutes=15)  # mail that is due

PLAIN = "text/plain; charset=utf-8"


@login_not_required
@never_cache
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """This process answers. It touches no database: restarting us would not cure one."""
    return HttpResponse("alive", content_type=PLAIN)


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """All that is needed to keep a promise is there."""
    if ready():
        return HttpResponse("ready", content_type=PLAIN)
    return HttpResponse("unready", content_type=PLAIN, status=503)


class Memory:
    """What was found last. Two threads may look at once: they find the same."""

    asked_at = float("-inf")
    ready = False


memory = Memory()


def ready() -> bool:
    """As it was found at most REMEMBERED seconds ago."""
    now = time.monotonic()
    if now - memory.asked_at >= REMEMBERED:
        wrong = list(troubles())
        for each in wrong:
            log.error("Not ready: %s", each)
        memory.asked_at, memory.ready = now, not wrong
    return memory.ready


def troubles() -> Iterator[str]:
    """A sentence for each thing that is wrong."""
    yield from _disk()
    try:
        yield from _migrations()
        yield from _settings()
        yield from _audit()
        yield from _outbox()
        yield from _standby()
    except DatabaseError as trouble:
        yield f"the database does not answer: {trouble}"


def _disk() -> Iterator[str]:
    for place in {_data(), Path(settings.ERASURES_FILE).parent}:
        if not place.exists():
            continue
        disk = shutil.disk_usage(place)
        if disk.free < LEAST_FREE * disk.total:
            yield f"{place} has {disk.free / disk.total:.1%} of its disk left"


def _data() -> Path:
    """Where we write: beside the code, or the folder of the SQLite file."""
    if connection.vendor == "sqlite":
        return Path(connection.settings_dict["NAME"]).parent
    return Path(settings.BASE_DIR)


def _migrations() -> Iterator[str]:
    executor = MigrationExecutor(connection)
    for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield f"migration {migration} is pending"


def _settings() -> Iterator[str]:
    """Triggers that protect the past, and settings without which a commit may be lost."""
    found = checks.run_checks(tags=[checks.Tags.database], databases=[DEFAULT_DB_ALIAS])
    yield from (each.msg for each in found if each.is_serious())


def _audit() -> Iterator[str]:
    if PeriodicJob.objects.filter(name="check_ledger").exclude(found="").exists():
        yield "the last audit found that entries and balances disagree"


def _outbox() -> Iterator[str]:
    """A mail server that refuses puts the next try off; what nobody even tries has no worker."""
    if waiting := OutboxMessage.objects.due(clock.now() - WAITS_TOO_LONG).count():
        yield f"{waiting} mails are due, and no worker takes them"


def _standby() -> Iterator[str]:
    """Where a standby must confirm every commit: is one there?"""
    if not settings.SYNCHRONOUS_STANDBY:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_replication"
            " WHERE state = 'streaming' AND sync_state IN ('sync', 'quorum')"
        )
        [standbys] = cursor.fetchone()
    if not standbys:
        yield "no synchronous standby is connected"
