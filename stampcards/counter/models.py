"""What the till remembers beside the ledger: what came late, what was typed wrong or looked for."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_scopes import ScopedManager

from loyalty.models import Counter, Shop, StaffMember


class CodeMissQuerySet(models.QuerySet["CodeMiss"]):
    def since(self, moment: datetime) -> Self:
        return self.filter(at__gt=moment)


class CodeMiss(models.Model):
    """A short code that was no card: guesses are counted in rows, which no cache forgets (F3)."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    counter = models.ForeignKey(Counter, models.PROTECT, related_name="misses")
    at = models.DateTimeField()

    objects = ScopedManager(
        _manager_class=models.Manager.from_queryset(CodeMissQuerySet), shop="shop"
    )

    class Meta:
        indexes = [models.Index(fields=["counter", "-at"], name="misses_at_a_counter")]

    def __str__(self) -> str:
        return f"miss at counter {self.counter_id}"


class NameSearch(models.Model):
    """Somebody looked for a customer by name. What they typed is not kept; that they did is."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    counter = models.ForeignKey(Counter, models.PROTECT, related_name="+")
    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    found = models.PositiveSmallIntegerField()  # how many cards were shown
    at = models.DateTimeField()

    objects = ScopedManager(shop="shop")

    class Meta:
        indexes = [models.Index(fields=["counter", "-at"], name="searches_at_a_counter")]

    def __str__(self) -> str:
        return f"search at counter {self.counter_id}"


class LateActionQuerySet(models.QuerySet["LateAction"]):
    def for_a_manager(self) -> Self:
        """What waits for somebody to decide, or to know of it. Nothing here was booked."""
        return self.held() | self.notices()

    def held(self) -> Self:
        """Came too late to count by itself."""
        return self.filter(state=LateAction.State.HELD)

    def notices(self) -> Self:
        """Numbers that never came."""
        return self.filter(state__in=[LateAction.State.MISSING, LateAction.State.WIPED])


class LateAction(models.Model):
    """What a counter saved while it had no connection; each number of each device once.

    The numbers of a device have no gap, so a number that never came is a row as well.
    """

    class State(models.TextChoices):
        COUNTED = "counted"  # booked when it came
        HELD = "held"  # a manager decides
        APPROVED = "approved"  # a manager had it booked
        DISMISSED = "dismissed"  # a manager left it out, or has seen that it is missing
        MISSING = "missing"  # the device gave this number away, and what it was is lost
        WIPED = "wiped"  # the device's memory was cleared; nobody knows what was in it

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    counter = models.ForeignKey(Counter, models.PROTECT, related_name="late_actions")
    device_seq = models.PositiveIntegerField()
    store = models.CharField(
        max_length=36
    )  # the memory it was saved in; a wiped one gets a new name
    state = models.CharField(max_length=10, choices=State)
    key = models.UUIDField(null=True)  # NULL: missing or wiped, as everything up to `refusal`
    code = models.CharField(max_length=10, blank=True)  # as scanned or typed
    asked: "models.JSONField[Any, dict[str, str] | None]" = models.JSONField(null=True)  # the form
    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    happened_at = models.DateTimeField(null=True)  # by the server's clock, as far as that is known
    clock_off = models.BooleanField(default=False)  # the device's clock was wrong by minutes
    refusal: "models.JSONField[Any, dict[str, Any] | None]" = models.JSONField(null=True)
    received_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    objects = ScopedManager(
        _manager_class=models.Manager.from_queryset(LateActionQuerySet), shop="shop"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["counter", "device_seq"], name="late_number_once"),
            models.UniqueConstraint(
                fields=["shop", "key"], condition=Q(key__isnull=False), name="late_action_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop", "received_at"],
                condition=Q(state__in=["held", "missing", "wiped"]),
                name="late_actions_to_decide",
            ),
        ]

    def __str__(self) -> str:
        return f"number {self.device_seq} of counter {self.counter_id}: {self.state}"
