"""A file of opening balances while it is looked at and brought in, and what came of each line."""

from typing import Any, Self, cast

from django.conf import settings
from django.db import models
from django_scopes import ScopedManager

from loyalty import clock
from loyalty.models import Shop
from members.models import Membership

FIRST_NAME = cast(int, Membership._meta.get_field("name").max_length)


class OpeningFile(models.Model):
    """What somebody chose. Looked at only, until `asked_at` says to bring it in."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    read_at = models.DateTimeField(default=clock.now)
    unused: "models.JSONField[Any, list[str]]" = models.JSONField(default=list)  # headings
    asked_at = models.DateTimeField(null=True)  # NULL: not yet
    done_at = models.DateTimeField(null=True)  # every line is decided; NULL: not yet

    objects = ScopedManager(shop="shop")

    class Meta:
        indexes = [
            models.Index(
                fields=["read_at"],
                condition=models.Q(done_at=None),
                name="opening_files_not_done",
            ),
        ]

    def __str__(self) -> str:
        return f"opening file {self.pk}"


class OpeningLineQuerySet(models.QuerySet["OpeningLine"]):
    def waiting(self) -> Self:
        return self.filter(state=OpeningLine.State.WAITING)

    def brought_in(self) -> Self:
        return self.filter(state=OpeningLine.State.BROUGHT_IN)

    def refused(self) -> Self:
        return self.filter(state=OpeningLine.State.REFUSED)


class OpeningLine(models.Model):
    """One line of it. What it says of a person goes when it is decided; see `empty`."""

    class State(models.TextChoices):
        WAITING = "waiting"
        BROUGHT_IN = "brought_in"
        REFUSED = "refused"

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    file = models.ForeignKey(OpeningFile, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()  # where it stands in the file
    name = models.CharField(max_length=FIRST_NAME, blank=True)
    phone = models.CharField(max_length=16, blank=True)  # E.164
    # Kept for a card that was made: whoever proves it, gets the card.
    email = models.CharField(max_length=254, blank=True)
    code = models.CharField(max_length=6, blank=True)
    balances: "models.JSONField[Any, dict[str, int]]" = models.JSONField(default=dict)  # programme
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    refusal: "models.JSONField[Any, dict[str, Any] | None]" = models.JSONField(null=True)
    # While it waits: the card that is here already. NULL: a new one is made.
    membership = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    made = models.BooleanField(default=False)  # the card

    objects = ScopedManager(
        _manager_class=models.Manager.from_queryset(OpeningLineQuerySet), shop="shop"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="opening_line_once_a_file"),
        ]
        indexes = [
            models.Index(
                fields=["shop", "email"],
                condition=models.Q(state="brought_in") & ~models.Q(email=""),
                name="opening_lines_to_claim",
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.number} of opening file {self.file_id}"
