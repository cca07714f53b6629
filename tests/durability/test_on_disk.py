"""What a till was told is on the disk (R4): the kernel is watched while it is told.

Between the request and its answer stands an fsync that came back, for each of 200 stamps. Killing a
process shows nothing of the kind: what it wrote is still in the kernel's memory.
"""

import re

import pytest
from django.urls import reverse

from loyalty import keys
from tests.people import till_of
from tests.running.parts import STRACE
from tests.security.site import database_url
from tests.support import serving
from tests.support.needs import need
from tests.support.together import Visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_only, pytest.mark.long]

STAMPS = 200
CALLS = "recvfrom,sendto,sendmsg,writev,fsync,fdatasync"
ASKED = re.compile(r'"POST /c/')
SYNCED = re.compile(r"\bf(data)?sync(\(| resumed>).*\) += 0$")
ANSWERED = re.compile(r'"HTTP/1\.1 302')


@pytest.fixture
def stamped(counter, member, card, tmp_path):
    """stamped(application, stamps): for each stamp, how often the disk was waited for."""
    need(STRACE)
    trace = tmp_path / "trace"

    def run(application, stamps):
        # -D: the server is our child as ever, and whoever watches it ends with it.
        watched = ["strace", "-D", "-f", "--seccomp-bpf", "-e", f"trace={CALLS}", "-o", str(trace)]
        told = {"DATABASE_URL": database_url(), "CACHE_URL": "dummycache://"}
        with serving.served(application, workers=1, told=told, under=watched) as address:
            till = Visitor(address, {k: v.value for k, v in till_of(counter).cookies.items()})
            token = till.token(reverse("counter:card", args=[member.counter_code]))
            give = reverse("counter:stamp", args=[member.counter_code])
            for _ in range(stamps):
                asked = {"key": str(keys.new()), "programme": card.pk, "count": 1, "again": "on"}
                answer = till.post(give, asked, token=token)
                assert "done=" in answer.headers["Location"]
        return syncs(trace.read_text(errors="replace").splitlines())

    return run


def syncs(lines):
    """How many came back between each request and its answer; requests came one after another."""
    found, since = [], None
    for line in lines:
        if ASKED.search(line):
            since = 0
        elif since is not None and SYNCED.search(line):
            since += 1
        elif since is not None and ANSWERED.search(line):
            found.append(since)
            since = None
    return found


def test_no_stamp_is_called_done_before_it_is_on_the_disk(stamped):
    found = stamped(serving.WHOLE, STAMPS)

    assert len(found) == STAMPS
    assert min(found) >= 1


def test_a_database_that_waits_for_no_disk_is_found_out(stamped):
    """The control."""
    found = stamped("tests.durability.forgetful:application", 20)

    assert found == [0] * 20
