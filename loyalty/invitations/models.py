"""Who was invited to work in a shop, and what became of it."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_scopes import ScopedManager

from loyalty.models import Location, Role, Shop, StaffMember

LIFE = timedelta(days=7)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def unanswered(self) -> Self:
        """Neither accepted nor withdrawn. Their week may be over: they can be sent again."""
        return self.filter(accepted_at=None, withdrawn_at=None)


class Invitation(models.Model):
    """A role that waits for whoever reads the mail at this address."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    email = models.EmailField()
    name = models.CharField(max_length=40)  # at the counter
    # Stands at the counter already, and gets a sign-in by this. NULL: somebody new.
    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    level = models.PositiveSmallIntegerField(choices=Role.Level)
    locations = models.ManyToManyField(Location, related_name="+")  # none: everywhere
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    secret_hash = models.CharField(max_length=64, unique=True)  # of the link that was sent last
    sent_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)

    objects = ScopedManager(
        _manager_class=models.Manager.from_queryset(InvitationQuerySet), shop="shop"
    )

    class Meta:
        ordering = ["-sent_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "email"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="one_unanswered_invitation_per_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} in shop {self.shop_id}"

    @property
    def ends_at(self) -> datetime:
        return self.sent_at + LIFE

    def has_run_out(self, now: datetime) -> bool:
        return now >= self.ends_at
