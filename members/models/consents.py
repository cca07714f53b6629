"""A yes to something nobody needs for their card, and when it was taken back."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from loyalty.models import Shop
from members.models.memberships import Membership


class ConsentQuerySet(models.QuerySet["Consent"]):
    def stands(self) -> Self:
        return self.filter(withdrawn_at=None)


class Consent(models.Model):
    """What was asked, in the words that were read, and the answer yes. Never changed but to end."""

    class Purpose(models.TextChoices):
        NEWS = "news", _("News and early access by e-mail")

    class Way(models.TextChoices):
        CARD = "card"  # on the card's own pages
        MAIL = "mail"  # with the link in a mail
        LEFT = "left"  # by deleting the card
        MERGE = "merge"  # taken back on the other of two cards that became one

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=10, choices=Purpose)
    words = models.CharField(max_length=500)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=10, choices=Way)
    withdrawn_at = models.DateTimeField(null=True)  # NULL: it stands
    withdrawn_by = models.CharField(max_length=10, choices=Way, blank=True)

    objects = ScopedManager(
        _manager_class=models.Manager.from_queryset(ConsentQuerySet), shop="shop"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "purpose"],
                condition=Q(withdrawn_at=None),
                name="one_yes_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} of {self.membership_id}"
