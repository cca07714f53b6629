"""The disk takes no more (R6): a stamp says no in its reader's language, and later yes.

SQLite writes in our own process, so a limit of the kernel stands in for a disk without room: what
a commit writes is refused. PostgreSQL gets a disk of a few megabytes, where we may make one.
"""

import errno
import resource
import shutil
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError, connection
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.urls import reverse

from loyalty import keys
from loyalty.models import Counter
from members.ledger import audit
from members.ledger.models import Operation
from tests.factories import stamp
from tests.running.postgres import account

pytestmark = pytest.mark.django_db(transaction=True)

NOT_NOW = {
    "en-gb": "It counts once, however often you try.",
    "nb": "Det teller bare én gang, uansett hvor ofte du prøver.",
    "da": "Det tæller kun én gang, uanset hvor ofte du prøver.",
}
INSIDE = ("Traceback", "Error", "sqlite", "disk")
MOST = 2000  # stamps until the last page is full; far fewer are needed


@pytest.fixture
def files_of_nothing():
    """No file of this process may be written: EFBIG, which SQLite takes like a full disk."""

    @contextmanager
    def full():
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    return full


@pytest.fixture
def small_disk():
    """The tables of the test on a disk of their own. It ends where no disk may be made."""
    place = Path(tempfile.mkdtemp(prefix="stamkunde-disk-"))  # where the server may go, too
    size = ["mount", "-t", "tmpfs", "-o", "size=96m,mode=755", "stamkunde"]
    made = subprocess.run([*size, place], capture_output=True, text=True)
    if made.returncode:
        place.rmdir()
        pytest.skip(f"no disk can be made here: {made.stderr.strip()}")
    tables = place / "tables"
    tables.mkdir(mode=0o700)
    if name := account():
        shutil.chown(tables, name)
    filler = place / "filler"

    @contextmanager
    def full():
        fill(filler)
        try:
            yield
        finally:
            filler.unlink()

    try:
        move_tables("small", f"CREATE TABLESPACE small LOCATION '{tables}'")
        yield full
        move_tables("pg_default")
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)
        place.rmdir()


def fill(file):
    """Until the disk takes not one more page."""
    with file.open("wb", buffering=0) as taken:
        try:
            while taken.write(bytes(4096)):
                pass
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise


def move_tables(place, *before):
    """The test's database to another tablespace, which wants nobody in it."""
    at = connection.settings_dict
    name = connection.ops.quote_name(at["NAME"])
    connection.close()
    connection.close_pool()
    who = {"host": at["HOST"], "port": at["PORT"], "user": at["USER"], "password": at["PASSWORD"]}
    with psycopg.connect(dbname="postgres", autocommit=True, **who) as outside:
        for statement in (*before, f"ALTER DATABASE {name} SET TABLESPACE {place}"):
            outside.execute(statement)


def stamp_until_refused(till, member, card, language):
    """What was asked, and the answer; on PostgreSQL the pages there are may take some first.

    AssertionError: a stamp was called done, and is not in the books.
    """
    give = reverse("counter:stamp", args=[member.counter_code])
    for _ in range(MOST):
        asked = {"key": keys.new(), "programme": card.pk, "count": 1, "again": "on"}
        answer = till.post(give, asked, headers={"accept-language": language})
        if answer.status_code != 302:
            return asked, answer
        assert Operation.objects.filter(key=asked["key"]).exists(), "called done"
    raise AssertionError("the disk is never full")


@pytest.mark.sqlite_only
@pytest.mark.usefixtures("in_shop")
def test_a_stamp_says_not_now_and_counts_when_there_is_room(till, member, card, files_of_nothing):
    try_without_room(till, member, card, files_of_nothing)


@pytest.mark.long
@pytest.mark.postgres_only
@pytest.mark.usefixtures("in_shop")
def test_so_it_does_where_postgresql_has_no_room(till, member, card, small_disk):
    try_without_room(till, member, card, small_disk)


def try_without_room(till, member, card, no_room):
    stamp(member, counter=Counter.objects.get())
    refused = []
    with no_room():
        for language, sentence in NOT_NOW.items():
            asked, answer = stamp_until_refused(till, member, card, language)
            refused.append(asked)
            assert answer.status_code == 503
            assert answer["Retry-After"]
            assert sentence in answer.content.decode()
            assert not any(word in answer.content.decode() for word in INSIDE)
        assert till.get(reverse("counter:card", args=[member.counter_code])).status_code == 200
        assert not Operation.objects.filter(key__in=[asked["key"] for asked in refused]).exists()

    for asked in refused:
        give = reverse("counter:stamp", args=[member.counter_code])
        assert "done=" in till.post(give, asked).url
        assert "done=" in till.post(give, asked).url
        assert Operation.objects.filter(key=asked["key"]).count() == 1
    assert list(audit.disagreements()) == []


@pytest.mark.sqlite_only
@pytest.mark.usefixtures("in_shop")
def test_a_commit_that_is_only_hoped_for_would_be_found(
    till, member, card, files_of_nothing, monkeypatch
):
    """The control: on SQLite it is the commit that fails, and somebody swallows that."""
    commit = DatabaseWrapper._commit

    def hopefully(connection):
        with suppress(OperationalError):
            commit(connection)
            return
        connection._rollback()

    monkeypatch.setattr(DatabaseWrapper, "_commit", hopefully)
    with files_of_nothing(), pytest.raises(AssertionError, match="called done"):
        stamp_until_refused(till, member, card, "en-gb")
