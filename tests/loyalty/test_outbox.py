"""Mail is a row of the transaction that caused it, and is tried until it went."""

import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import transaction

from loyalty import clock
from loyalty.outbox import operations as outbox
from loyalty.outbox.models import OutboxMessage

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 3, 1, 11, tzinfo=UTC)
State = OutboxMessage.State


@pytest.fixture
def waiting(settings):
    """One mail with a code that the worker has not come to yet."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    with clock.at(NOON):
        message = outbox.post(
            to="maja@example.no",
            template="account/email/login_code",
            values={"code": "482913"},
            language="en-gb",
        )
        yield message


@pytest.fixture
def no_mail_server(monkeypatch):
    def refuse(self, *args, **kwargs):
        raise smtplib.SMTPServerDisconnected("no server")

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", refuse)


def drained(at=NOON):
    with clock.at(at):
        return outbox.drain.func()


def test_it_works(waiting):
    assert drained() == 1

    waiting.refresh_from_db()
    assert waiting.state == State.SENT
    [sent] = mail.outbox
    assert sent.to == ["maja@example.no"]
    assert "482913" in sent.body


def test_a_code_is_not_kept_once_it_is_on_its_way(waiting):
    drained()

    waiting.refresh_from_db()
    assert waiting.values == {}


def test_twice_sends_once(waiting):
    drained()

    assert drained() == 0
    assert len(mail.outbox) == 1


def test_of_two_workers_one_sends(waiting):
    assert outbox.take(waiting, now=NOON)
    assert not outbox.take(waiting, now=NOON)


def test_a_worker_that_died_gives_way_after_its_lease(waiting):
    outbox.take(waiting, now=NOON)

    assert drained(NOON + outbox.LEASE) == 0
    assert drained(NOON + outbox.LEASE + timedelta(seconds=1)) == 1


def test_a_lost_transaction_takes_its_mail_along(waiting):
    with transaction.atomic():
        outbox.post(to="x@example.no", template="x", values={}, language="nb")
        transaction.set_rollback(True)

    assert OutboxMessage.objects.count() == 1


def test_no_mail_server_means_later_and_longer_apart(waiting, no_mail_server):
    tries = []
    moment = NOON
    for _try in range(3):
        assert drained(moment) == 0
        waiting.refresh_from_db()
        tries.append((waiting.next_try_at - moment).total_seconds())
        moment = waiting.next_try_at

    assert tries == [30, 60, 120]
    assert (waiting.state, waiting.attempts) == (State.WAITING, 3)
    assert waiting.last_error == "no server"


def test_sooner_than_that_it_is_left_alone(waiting, no_mail_server):
    drained()
    drained(NOON + timedelta(seconds=29))

    waiting.refresh_from_db()
    assert waiting.attempts == 1


def test_it_goes_when_the_server_is_back(waiting, monkeypatch, no_mail_server):
    drained()
    monkeypatch.undo()

    assert drained(NOON + timedelta(minutes=1)) == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.last_error) == (State.SENT, "")


def test_after_eight_tries_it_is_given_up(waiting, no_mail_server):
    for _try in range(outbox.ATTEMPTS):
        waiting.refresh_from_db()
        drained(waiting.next_try_at)

    waiting.refresh_from_db()
    assert waiting.state == State.GIVEN_UP


def test_an_address_no_mail_can_have_holds_up_nobody(waiting):
    """Such a domain passes the form and cannot be put into a mail."""
    address = f"maja@{'İ' * 63}.com".lower()
    impossible = outbox.post(to=address, template=waiting.template, values={}, language="nb")
    OutboxMessage.objects.filter(pk=impossible.pk).update(next_try_at=NOON - timedelta(hours=1))

    assert drained() == 1
    impossible.refresh_from_db()
    assert (impossible.state, impossible.attempts) == (State.WAITING, 1)


def test_a_code_that_is_given_up_is_not_kept_either(waiting, no_mail_server):
    OutboxMessage.objects.update(attempts=outbox.ATTEMPTS - 1)
    drained()

    waiting.refresh_from_db()
    assert (waiting.state, waiting.values) == (State.GIVEN_UP, {})


def test_a_slow_server_does_not_use_up_the_lease_of_those_who_wait(waiting, monkeypatch):
    outbox.post(to="ola@example.no", template=waiting.template, values={}, language="nb")
    moments = iter([NOON, NOON + 2 * outbox.LEASE])
    held = []

    def slowly(self, *args, **kwargs):
        held.append(OutboxMessage.objects.get(to=self.to[0]).lease_until)
        clock._set_to.set(next(moments) + 2 * outbox.LEASE)

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", slowly)
    drained()

    assert held == [NOON + outbox.LEASE, NOON + 3 * outbox.LEASE]
