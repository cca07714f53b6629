"""The table of the journal."""

from typing import Any

from django.conf import settings
from django.db import models
from django_scopes import ScopedManager

from loyalty.models import Counter, Location, Shop, StaffMember


class Change(models.Model):
    """Something of the shop was made otherwise. Never changed, never deleted."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    counter = models.ForeignKey(Counter, models.PROTECT, null=True, related_name="+")
    # Which place it is about. NULL: all of them.
    location = models.ForeignKey(Location, models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=10)
    what = models.CharField(max_length=30)  # a key of words.WHAT
    about = models.CharField(max_length=120, blank=True)  # "Coffee card", "Till 2", "Ola"
    # What it was and what it is since; only what differs. Keys of words.FIELDS.
    before: "models.JSONField[Any, dict[str, Any]]" = models.JSONField(default=dict)
    after: "models.JSONField[Any, dict[str, Any]]" = models.JSONField(default=dict)

    objects = ScopedManager(shop="shop")

    class Meta:
        indexes = [
            models.Index(fields=["shop", "-at"], name="changes_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.about}".strip()
