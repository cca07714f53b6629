"""Guessing is limited whatever the number of processes, and whatever a request says of itself (S3).

Four workers, thirty requests at once, each with another X-Forwarded-For. What counts are the codes
that were really compared, not what the answers say.
"""

from collections import Counter
from functools import partial

import pytest

from loyalty.outbox.models import OutboxMessage
from loyalty.security import tries
from tests.factories import PersonFactory
from tests.loyalty.security.conftest import CODE, LOGIN, App
from tests.security.site import served
from tests.support.together import Visitor, together

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 30
SECOND_STEP = "/accounts/2fa/authenticate/"
APP_TRIES = 5  # of allauth's `login_failed`, in five minutes
MAILS = 5  # of ACCOUNT_RATE_LIMITS, in ten minutes for one mailbox


@pytest.fixture
def tally(tmp_path):
    return tmp_path / "tally"


def compared(tally):
    """How often each mailed code was compared, and an app's."""
    return Counter(tally.read_text().split())


def guess_mailed_codes(address):
    """Wrong ones at once. The browser that sent them is returned, and the first mailed code."""
    visitor = asked_for_a_code(address, "maja@example.no")
    right = mailed_code("maja@example.no")
    at_once(visitor, CODE, f"{(int(right) + 1) % 1_000_000:06}")
    return visitor, right


def guess_codes_of_an_app(address, owner):
    visitor = second_step_of(address, owner.email)
    at_once(visitor, SECOND_STEP, "000000")


def second_step_of(address, email):
    """A browser that has typed the mailed code, and is asked for the app's."""
    visitor = asked_for_a_code(address, email)
    answer = visitor.post(CODE, {"code": mailed_code(email)}, token=visitor.token_seen)
    assert answer.headers["Location"].startswith(SECOND_STEP)
    visitor.token_seen = visitor.token(SECOND_STEP)
    return visitor


def ask_for_codes(address):
    visitor = Visitor(address)
    token = visitor.token(LOGIN)
    cookies = {cookie.name: cookie.value for cookie in visitor.jar}
    asked = {"email": "flooded@example.no"}
    together(partial(who.post, LOGIN, asked, token=token) for who in forgers(address, cookies))


def asked_for_a_code(address, email):
    visitor = Visitor(address)
    token = visitor.token(LOGIN)
    visitor.post(LOGIN, {"email": email}, token=token)
    visitor.token_seen = visitor.token(CODE)
    return visitor


def at_once(visitor, path, code):
    """The same session from thirty places at the same moment."""
    cookies = {cookie.name: cookie.value for cookie in visitor.jar}
    typed, token = {"code": code}, visitor.token_seen
    together(partial(who.post, path, typed, token=token) for who in forgers(visitor.base, cookies))


def forgers(address, cookies):
    return [Forger(address, cookies, number) for number in range(AT_ONCE)]


class Forger(Visitor):
    """Says of every request that it comes from somewhere else."""

    def __init__(self, base, cookies, number):
        super().__init__(base, cookies)
        spoofed = f"198.51.100.{number}"
        self.opener.addheaders = [("X-Forwarded-For", spoofed), ("X-Real-IP", spoofed)]


def mailed_code(email):
    return OutboxMessage.objects.filter(to=email).latest("pk").values["code"]


def mails_to(email):
    return OutboxMessage.objects.filter(to=email).count()


def test_three_mailed_codes_five_of_an_app_and_five_mails(tally):
    owner = PersonFactory(email="owner@example.no")
    App(owner)

    with served(tally) as address:
        visitor, first = guess_mailed_codes(address)
        visitor.post(CODE, {"code": first}, token=visitor.token_seen)
        assert visitor.get("/accounts/devices/").status == 302, (
            "signed in after its tries were used"
        )
        guess_codes_of_an_app(address, owner)
        ask_for_codes(address)

    came = compared(tally)
    assert came.pop("app") == APP_TRIES
    assert came[first] == tries.MOST
    # A code that has died is replaced, so that nobody is stuck; the mailbox limits how often.
    assert max(came.values()) == tries.MOST
    assert mails_to("maja@example.no") <= MAILS
    assert mails_to("flooded@example.no") == MAILS


@pytest.mark.once
def test_a_session_that_counts_alone_lets_more_through(tally):
    """The control: the row is taken away."""
    with served(tally, without="tries") as address:
        _, first = guess_mailed_codes(address)

    assert compared(tally)[first] > tries.MOST


@pytest.mark.once
def test_memory_of_one_process_lets_more_through(tally):
    """The control: a cache for each process."""
    with served(tally, cache="locmemcache://") as address:
        ask_for_codes(address)

    assert mails_to("flooded@example.no") > MAILS
