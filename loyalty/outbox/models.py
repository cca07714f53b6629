"""What must reach a person, and what must be done now and then."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from loyalty import clock

KEPT_FOR = timedelta(days=30)  # long enough to answer "did it go out?"


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    def due(self, now: datetime) -> Self:
        """Waiting, its time has come, and no worker holds it."""
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        waiting = self.filter(free, state=OutboxMessage.State.WAITING, next_try_at__lte=now)
        return waiting.order_by("next_try_at", "pk")

    def over(self) -> Self:
        """Sent, given up or called off."""
        return self.exclude(state=OutboxMessage.State.WAITING)


class OutboxMessage(models.Model):
    """One mail: a template and its values. The sentence is made when it is sent."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        GIVEN_UP = "given_up"
        CALLED_OFF = "called_off"

    to = models.EmailField()
    template = models.CharField(max_length=80)  # a prefix, as django-allauth names its mails
    values: "models.JSONField[Any, dict[str, Any]]" = models.JSONField(default=dict)
    headers: "models.JSONField[Any, dict[str, str]]" = models.JSONField(default=dict)
    by_day_in = models.CharField(max_length=40, blank=True)  # a time zone; "": at any hour
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    next_try_at = models.DateTimeField(default=clock.now)
    lease_until = models.DateTimeField(null=True)  # NULL: nobody is sending it
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state="waiting"), name="mail_still_to_send"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.pk}"


class PeriodicJob(models.Model):
    """Something time brings about: when it was last done, and who is at it now."""

    name = models.CharField(max_length=40, primary_key=True)
    last_run = models.DateTimeField(null=True)  # when the last finished run began; NULL: never
    lease_until = models.DateTimeField(null=True)  # NULL: nobody is at it
    found = models.TextField(blank=True)  # what the last run found wrong; empty: nothing

    def __str__(self) -> str:
        return self.name
