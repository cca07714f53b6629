"""What a membership collects in, and the versions of its rules."""

from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from loyalty import clock
from loyalty.models import Shop


def known_kind(kind: str) -> None:
    if kind not in settings.PROGRAMME_KINDS:
        raise ValidationError(_("There is no such kind of programme."))


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def on(self) -> Self:
        """What the shop offers: not switched off. It may be on pause."""
        return self.filter(off_since=None)

    def running(self) -> Self:
        """What members collect in right now, as far as the programme says."""
        return self.on().filter(paused_since=None)

    def goes_on(self, today: date) -> Self:
        """What members collect in on this day (in shop time), as far as an announced end says."""
        return self.filter(Q(collects_until=None) | Q(collects_until__gte=today))

    def in_order(self) -> Self:
        return self.order_by("pk")

    def only_stamps(self) -> bool:
        """Is there nothing else, so that what is collected may be called stamps?

        What is on pause or off counts: members may have something in it.
        """
        return not self.exclude(kind="stamps").exists()


class Programme(models.Model):
    """A stamp card, a points scheme: one line in PROGRAMME_KINDS says what it is."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="programmes")
    # Not `choices`: a new kind must not need a migration here.
    kind = models.CharField(max_length=20, validators=[known_kind])
    name = models.CharField(_("name of the card"), max_length=40)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    paused_since = models.DateTimeField(null=True, editable=False)  # NULL: running
    # Shown only to members who have something in it. NULL: on offer.
    off_since = models.DateTimeField(null=True, editable=False)
    # Its end, announced: the last day members collect, and the last day the shop hands out what
    # they have. Days in shop time. NULL, both: it goes on.
    collects_until = models.DateField(null=True, editable=False)
    honoured_until = models.DateField(null=True, editable=False)

    objects = ScopedManager(
        _manager_class=models.Manager.from_queryset(ProgrammeQuerySet), shop="shop"
    )

    def __str__(self) -> str:
        return self.name

    def collects(self, today: date) -> bool:
        """Do members collect in it on this day, as far as an announced end says?"""
        return self.collects_until is None or today <= self.collects_until

    def ended(self, today: date) -> bool:
        """Is the last day over on which the shop hands out what members have?"""
        return self.honoured_until is not None and self.honoured_until < today


class RuleVersionQuerySet(models.QuerySet["RuleVersion"]):
    def in_force(self, at: datetime) -> Self:
        return self.filter(effective_from__lte=at).order_by("-number")


class RuleVersion(models.Model):
    """The rules of a programme from a moment on. Written once, never edited.

    `rules` belongs to the programme's kind, which has the typed form of it.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    effective_from = models.DateTimeField()
    rules: "models.JSONField[Any, dict[str, Any]]" = models.JSONField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = ScopedManager(
        _manager_class=models.Manager.from_queryset(RuleVersionQuerySet), shop="shop"
    )

    class Meta:
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "number"], name="rule_versions_are_numbered"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of programme {self.programme_id}"
