"""What the worker does between two tasks: each job once when due, by one worker at a time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from loyalty.management import ticking
from loyalty.management.ticking import Job, every_night, every_quarter, tick
from loyalty.outbox import periodic
from loyalty.outbox.models import OutboxMessage, PeriodicJob
from members.ledger import audit
from tests.factories import MembershipFactory
from tests.support.together import together

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)


class Count:
    """A job that does nothing but count how often it was done."""

    def __init__(self, finds=""):
        self.done, self.finds = 0, finds

    def __call__(self, now):
        self.done += 1
        return self.finds


@pytest.fixture
def count():
    return Count()


@pytest.fixture
def jobs(count):
    return {"count": Job(count, every_quarter)}


def test_it_works(jobs, count):
    assert tick(NOON, jobs) == ["count"]

    assert count.done == 1
    job = PeriodicJob.objects.get(name="count")
    assert (job.last_run, job.lease_until, job.found) == (NOON, None, "")


def test_a_job_is_done_once_until_its_next_moment(jobs, count):
    tick(NOON, jobs)
    tick(NOON + 14 * A_MINUTE, jobs)
    assert count.done == 1

    tick(NOON + 15 * A_MINUTE, jobs)
    assert count.done == 2


def test_what_a_job_found_stands_until_it_finds_nothing():
    finds = Count(finds="account 7 is wrong")
    tick(NOON, {"count": Job(finds, every_quarter)})
    assert PeriodicJob.objects.get().found == "account 7 is wrong"

    finds.finds = ""
    tick(NOON + 20 * A_MINUTE, {"count": Job(finds, every_quarter)})
    assert PeriodicJob.objects.get().found == ""


def test_while_one_worker_is_at_it_the_other_leaves_it(jobs, count):
    assert periodic.take("count", since=NOON, now=NOON)

    assert tick(NOON + A_MINUTE, jobs) == []
    assert count.done == 0


def test_the_lease_of_a_dead_worker_passes_on(jobs, count):
    periodic.take("count", since=NOON, now=NOON)

    tick(NOON + periodic.LEASE, jobs)
    assert count.done == 0, "it may still be alive"
    tick(NOON + periodic.LEASE + A_MINUTE, jobs)
    assert count.done == 1


def test_a_job_that_fails_is_left_alone_until_its_lease_is_over(count):
    def fail(now):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        tick(NOON, {"count": Job(fail, every_quarter)})

    assert tick(NOON + A_MINUTE, {"count": Job(count, every_quarter)}) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_one_takes_the_job():
    PeriodicJob.objects.create(name="count")

    assert sorted(
        together([lambda: periodic.take("count", since=NOON, now=NOON) for _worker in range(2)])
    ) == [False, True]


def test_every_quarter_begins_on_the_clock():
    assert every_quarter(NOON + 44 * A_MINUTE) == NOON + 30 * A_MINUTE


def test_every_night_is_three_o_clock_where_the_site_is(settings):
    settings.TIME_ZONE = "Europe/Oslo"

    assert every_night(NOON) == datetime(2026, 3, 10, 2, tzinfo=UTC)
    assert every_night(datetime(2026, 3, 10, 1, 59, tzinfo=UTC)) == datetime(
        2026, 3, 9, 2, tzinfo=UTC
    )


def test_mail_that_waits_is_sent_although_its_task_was_lost():
    OutboxMessage.objects.create(
        to="maja@example.no",
        template="account/email/login_code",
        values={"code": "123456"},
        language="en-gb",
        created_at=NOON,
        next_try_at=NOON,
    )
    ticking.tick(NOON + A_MINUTE, {})

    assert [sent.to for sent in mail.outbox] == [["maja@example.no"]]


def test_a_task_whose_worker_died_is_marked_failed():
    lost, alive = (a_running_task(NOON - age) for age in (timedelta(hours=1), A_MINUTE))

    ticking.free_lost_tasks(NOON)

    assert DBTaskResult.objects.get(pk=lost.pk).status == TaskResultStatus.FAILED
    assert DBTaskResult.objects.get(pk=alive.pk).status == TaskResultStatus.RUNNING


def test_tasks_long_done_are_swept_away():
    old = a_running_task(NOON - timedelta(days=9))
    DBTaskResult.objects.filter(pk=old.pk).update(
        status=TaskResultStatus.SUCCESSFUL, finished_at=NOON - timedelta(days=8)
    )
    waiting = a_running_task(NOON - timedelta(days=9))

    ticking.sweep(NOON)

    assert list(DBTaskResult.objects.all()) == [waiting]


def test_old_mail_is_swept_away_with_its_address_unless_it_still_waits():
    old = {"template": "account/email/login_code", "language": "nb", "values": {"code": "123456"}}
    old["created_at"] = NOON - timedelta(days=31)
    OutboxMessage.objects.create(to="maja@example.no", state="sent", **old)
    waiting = OutboxMessage.objects.create(to="ola@example.no", **old)
    fresh = OutboxMessage.objects.create(to="liv@example.no", state="sent", created_at=NOON)

    ticking.sweep(NOON)

    assert set(OutboxMessage.objects.all()) == {waiting, fresh}


def test_the_nightly_proof_keeps_what_it_found(monkeypatch):
    monkeypatch.setattr(audit, "disagreements", lambda: iter(["account 7", "lot 9"]))

    tick(NOON, {"check_ledger": ticking.JOBS["check_ledger"]})

    assert PeriodicJob.objects.get(name="check_ledger").found == "account 7\nlot 9"


def test_all_jobs_of_the_house_run():
    assert tick(NOON) == list(ticking.JOBS)


def test_an_idle_tick_costs_two_small_reads(django_assert_num_queries):
    tick(NOON)

    with django_assert_num_queries(2):
        tick(NOON + A_MINUTE)


def a_running_task(started_at):
    return DBTaskResult.objects.create(
        status=TaskResultStatus.RUNNING,
        started_at=started_at,
        run_after=get_date_max(),
        args_kwargs={"args": [], "kwargs": {}},
        task_path="loyalty.outbox.operations.drain",
        backend_name="default",
        exception_class_path="",
        traceback="",
    )


@pytest.mark.sqlite_only
def test_sqlite_learns_at_night_how_its_tables_are_filled():
    MembershipFactory()
    ticking.learn_tables(NOON)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'members_membership'")
        assert cursor.fetchone()[0] > 0
