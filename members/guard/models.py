"""What a shop finds worth a look."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django_scopes import ScopedManager

from loyalty.models import Shop


def threshold(default: int, *, least: int = 1, most: int = 500) -> Any:
    """One number of the rules. Its default is the one of the promises, 3.7."""
    limits = [MinValueValidator(least), MaxValueValidator(most)]
    return models.PositiveSmallIntegerField(default=default, validators=limits)


class GuardSettings(models.Model):
    """Every threshold of a shop, each with its default. A row exists once something was changed."""

    shop = models.OneToOneField(Shop, models.PROTECT, related_name="+")
    on = models.BooleanField(default=True)
    # One card on one day: more than this
    visits_a_day = threshold(5)
    stamps_a_day = threshold(10)
    # One person at one till: so many visits within so many minutes
    burst_visits = threshold(10, least=2)
    burst_minutes = threshold(5, most=60)
    # One's own card: from this time on
    own_a_day = threshold(2)
    # Minutes before opening and after closing
    hours_grace = threshold(30, least=0, most=720)
    # One person and one card: this share in per cent, at least so many stamps, in so many days
    pair_share = threshold(40, most=100)
    pair_least = threshold(10, least=2)
    pair_days = threshold(90, least=7, most=366)
    # Visits with one card: so many times the 99th percentile, at least so many, in so many days
    far_times = threshold(5, least=2, most=50)
    far_least = threshold(20)
    far_days = threshold(30, least=7, most=366)

    objects = ScopedManager(shop="shop")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(pair_share__gte=1, pair_share__lte=100),
                name="pair_share_is_a_percentage",
            ),
        ]

    def __str__(self) -> str:
        return f"guard of shop {self.shop_id}"

    @classmethod
    def of(cls, shop: Shop) -> "GuardSettings":
        """The shop's own, or the defaults. Reading them writes nothing."""
        return cls.objects.filter(shop=shop).first() or cls(shop=shop)
