"""What the worker does between two tasks: mail that waits, and what time brings about."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from loyalty.halts.operations import is_read_only
from loyalty.invitations.operations import forget as forget_invitations
from loyalty.outbox import operations as outbox
from loyalty.outbox import periodic
from loyalty.outbox.models import KEPT_FOR, OutboxMessage, PeriodicJob
from loyalty.patience import unhurried
from loyalty.security import tries
from members import rooms
from members.ledger import audit

log = logging.getLogger("stamkunde.worker")

NIGHT = 3  # the hour, in the site's own time zone, when nobody stamps
TASK_LEASE = timedelta(minutes=15)  # no task of ours takes so long
TASKS_KEPT = timedelta(days=7)


@dataclass(frozen=True)
class Job:
    """`run` says what it found wrong, or nothing; `moment` is when it was last due."""

    run: Callable[[datetime], str]
    moment: Callable[[datetime], datetime]


def every_quarter(now: datetime) -> datetime:
    return now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)


def every_night(now: datetime) -> datetime:
    """The latest three o'clock. A site that slept through it makes up for it when it wakes."""
    here = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    tonight = here.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return (tonight if tonight <= here else tonight - timedelta(days=1)).astimezone(UTC)


def pass_time(now: datetime) -> str:
    """Let run out what has run out, in every room. Shops lie in several zones, so all day long.

    While the platform is read-only it waits, and is made up for.
    """
    if is_read_only():
        return ""
    for tick in rooms.answering("tick"):
        tick(now)
    return ""


def check_ledger(now: datetime) -> str:
    with unhurried():
        found = list(audit.disagreements())
    for wrong in found:
        log.error("Entries and balance disagree: %s", wrong)
    return "\n".join(found)


def free_lost_tasks(now: datetime) -> str:
    """A task whose worker died stays "running" for ever; the outbox still has the mail."""
    lost = DBTaskResult.objects.running().filter(started_at__lt=now - TASK_LEASE)
    lost.update(
        status=TaskResultStatus.FAILED, finished_at=now, traceback="The worker that ran it is gone."
    )
    return ""


def sweep(now: datetime) -> str:
    """Throw away what has had its time: sessions that ended; tasks, mail, codes long done with."""
    Session.objects.filter(expire_date__lt=now).delete()
    DBTaskResult.objects.finished().filter(finished_at__lt=now - TASKS_KEPT).delete()
    OutboxMessage.objects.over().filter(created_at__lt=now - KEPT_FOR).delete()
    forget_invitations(now)
    tries.forget_old(now)
    return ""


def learn_tables(now: datetime) -> str:
    """Let SQLite count what its tables hold, or it searches a big shop for one card by the wrong
    index. PostgreSQL counts by itself. The number: all tables, a sample of each (sqlite.org)."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize=0x10002")
    return ""


JOBS = {
    "pass_time": Job(pass_time, every_quarter),
    "free_lost_tasks": Job(free_lost_tasks, every_quarter),
    "check_ledger": Job(check_ledger, every_night),
    "sweep": Job(sweep, every_night),
    "learn_tables": Job(learn_tables, every_night),
}


def tick(now: datetime, jobs: dict[str, Job] = JOBS) -> list[str]:
    """Send what is due and do the jobs whose moment has come. Returns the names of those done.

    Idle it costs two small reads. A job that fails stops this worker; its lease keeps the next
    one from failing at it at once.
    """
    if OutboxMessage.objects.due(now).exists():
        outbox.drain.call()
    last_runs = dict(PeriodicJob.objects.values_list("name", "last_run"))
    return [name for name, job in jobs.items() if _do(name, job, last_runs.get(name), now)]


def _do(name: str, job: Job, last_run: datetime | None, now: datetime) -> bool:
    since = job.moment(now)
    if last_run and last_run >= since:
        return False
    if not periodic.take(name, since=since, now=now):
        return False
    periodic.finish(name, began=now, found=job.run(now))
    return True
