"""Who asked to be forgotten: all that is needed to do so again."""

import secrets
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django_scopes import ScopedManager

from loyalty.models import Shop
from members.models import Membership
from members.models.memberships import COMES_BACK_WITHIN


def new_pseudonym() -> str:
    """What a card is called once nobody knows whose it was: 96 random bits."""
    return secrets.token_hex(12)


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def stands(self) -> Self:
        """Asked for and not taken back."""
        return self.filter(called_off_at=None)

    def due(self, now: datetime) -> Self:
        """Their 14 days are over, and nothing was erased yet."""
        over = now - COMES_BACK_WITHIN
        return self.stands().filter(erased_at=None, asked_at__lte=over)

    def to_note(self) -> Self:
        """What the journal beside the backups does not know yet."""
        return self.filter(noted_at=None)


class Erasure(models.Model):
    """A card was deleted by its owner. It names nobody, and outlives the data."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="erasures")
    pseudonym = models.CharField(max_length=24, unique=True, default=new_pseudonym, editable=False)
    # The card and those that had become part of it, each by pk and the moment it was made: an
    # older database has them apart, and a pk that was lost with a restore is given once more.
    cards: "models.JSONField[Any, list[list[Any]]]" = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True)  # brought back; NULL: it stands
    erased_at = models.DateTimeField(null=True)  # NULL: it can still be brought back
    # Which address said yes to mail, once it is gone: who knows the address can prove it.
    contact_proof = models.CharField(max_length=64, blank=True)
    noted_at = models.DateTimeField(null=True)  # NULL: the journal does not know it as it is now

    objects = ScopedManager(
        _manager_class=models.Manager.from_queryset(ErasureQuerySet), shop="shop"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(called_off_at=None),
                name="a_card_is_deleted_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=Q(erased_at=None, called_off_at=None),
                name="cards_to_erase",
            ),
            models.Index(fields=["shop"], condition=Q(noted_at=None), name="erasures_to_note"),
        ]

    def __str__(self) -> str:
        return self.pseudonym
