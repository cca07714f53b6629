"""Put a mail in the outbox; empty the outbox."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation
from django_tasks import task

from loyalty import clock
from loyalty.calendar import by_day
from loyalty.outbox.models import OutboxMessage

log = logging.getLogger("stamkunde.mail")

LEASE = timedelta(minutes=2)
ATTEMPTS = 8
State = OutboxMessage.State


def post(
    *,
    to: str,
    template: str,
    values: dict[str, Any],
    language: str,
    headers: dict[str, str] | None = None,
    not_before: datetime | None = None,
    by_day_in: str = "",
) -> OutboxMessage:
    """Write a mail in the transaction of its cause, and wake the worker with its commit.

    `not_before`: it waits for that moment, and the worker comes by then. `by_day_in`: a time zone
    in whose nights it is not sent, however often it was tried.
    """
    message = OutboxMessage.objects.create(
        to=to,
        template=template,
        values=values,
        language=language,
        headers=headers or {},
        by_day_in=by_day_in,
        next_try_at=not_before or clock.now(),
    )
    if not_before is None:
        drain.enqueue()
    return message


def call_off(messages: "QuerySet[OutboxMessage]") -> int:
    """Let mail that still waits never go out. Returns how many; what is gone is gone."""
    waiting = messages.filter(state=State.WAITING)
    return waiting.update(state=State.CALLED_OFF, values={}, headers={})


@task()
def drain() -> int:
    """Send what is due. Lost or doubled it does no harm: the rows are the truth."""
    return sum(_take_and_send(message) for message in OutboxMessage.objects.due(clock.now()))


def _take_and_send(message: OutboxMessage) -> bool:
    now = clock.now()  # for each its own: a slow mail server uses up the lease of none but one
    if message.by_day_in and (morning := by_day(now, ZoneInfo(message.by_day_in))) > now:
        OutboxMessage.objects.due(now).filter(pk=message.pk).update(next_try_at=morning)
        return False
    return take(message, now=now) and send(message, now=now)


def take(message: OutboxMessage, *, now: datetime) -> bool:
    """Lease a message, unless another worker was a moment quicker."""
    due = OutboxMessage.objects.due(now).filter(pk=message.pk)
    return due.update(lease_until=now + LEASE) == 1


def send(message: OutboxMessage, *, now: datetime) -> bool:
    """Send one leased message; on failure, try again later and longer apart."""
    try:
        with translation.override(message.language):
            mail = get_adapter().render_mail(
                message.template, message.to, _context(message), headers=message.headers
            )
        mail.send()
    except (SMTPException, OSError, ValueError) as trouble:  # or no mail can have that address
        _try_later(message, str(trouble), now=now)
        return False
    if settings.ON_THIS_MACHINE:
        _tell_the_terminal(message)
    # A code is a key: it is not kept once it is on its way.
    OutboxMessage.objects.filter(pk=message.pk).update(
        state=State.SENT,
        sent_at=now,
        lease_until=None,
        values={},
        headers={},
        last_error="",
    )
    return True


def _tell_the_terminal(message: OutboxMessage) -> None:
    """Mail goes nowhere here, so what opens a door is read off the terminal."""
    for name in ("code", "invitation"):
        if opens := message.values.get(name):
            log.info("%s for %s: %s", name.capitalize(), message.to, opens)


def _context(message: OutboxMessage) -> dict[str, Any]:
    return {**message.values, "site_name": "Stamkunde", "public_url": settings.PUBLIC_URL}


def _try_later(message: OutboxMessage, error: str, *, now: datetime) -> None:
    attempts = message.attempts + 1
    given_up = attempts >= ATTEMPTS
    still = OutboxMessage.objects.filter(pk=message.pk, state=State.WAITING)  # or it was called off
    still.update(
        attempts=attempts,
        state=State.GIVEN_UP if given_up else State.WAITING,
        values={} if given_up else message.values,
        headers={} if given_up else message.headers,
        next_try_at=now + timedelta(seconds=15 * 2**attempts),
        lease_until=None,
        last_error=error[:200],
    )
    log.warning("Mail %s was not sent (try %s): %s", message.pk, attempts, error)
