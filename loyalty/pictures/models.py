"""The pictures of a shop."""

import secrets
from base64 import b32encode

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django_scopes import ScopedManager

from loyalty import clock
from loyalty.models import Shop
from loyalty.pictures.encoding import LONGEST_SIDE


def random_name() -> str:
    """Nobody guesses it, and another picture never has it: 120 random bits."""
    return b32encode(secrets.token_bytes(15)).decode().lower()


class Picture(models.Model):
    """A WebP of our own making, of at most 100 kB.

    It is kept in the database: a backup holds it, every machine serves it, and nothing else has
    to be shared, copied or cleaned up. It never changes, so browsers may keep it for ever.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    name = models.CharField(max_length=24, unique=True, default=random_name, editable=False)
    data = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField(default=clock.now, editable=False)

    objects = ScopedManager(shop="shop")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(width__range=(1, LONGEST_SIDE), height__range=(1, LONGEST_SIDE)),
                name="a_picture_is_small",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        return reverse("picture", args=[self.name])
