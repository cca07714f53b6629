"""The rewards a shop offers, each with its price."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from loyalty import clock
from loyalty.models import Shop
from loyalty.pictures.models import Picture
from members.models import Programme


class RewardQuerySet(models.QuerySet["Reward"]):
    def offered(self, today: date) -> Self:
        """What members see on this day, also what is out of stock."""
        return self.filter(
            Q(starts_on=None) | Q(starts_on__lte=today),
            Q(ends_on=None) | Q(ends_on__gte=today),
            retired_at=None,
        )

    def for_everybody(self) -> Self:
        """Without a level or a group that is asked of who chooses it."""
        return self.filter(tier=None, segment="")

    def cheapest_first(self) -> Self:
        return self.order_by(F("cost").asc(nulls_first=True), "pk")


class Reward(models.Model):
    """One offer of the catalogue. A claim to it keeps the promise as it stood on that day."""

    class Behaviour(models.TextChoices):
        PERCENT = "percent", _("Percent off")
        AMOUNT = "amount", _("Amount off")
        THING = "thing", _("A thing or a service")
        BONUS = "bonus", _("Bonus points")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    # What is collected for it: points, or the stamps of a card.
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="rewards")
    cost = models.PositiveIntegerField(null=True)  # in points; NULL: one full card
    name = models.CharField(_("name"), max_length=50)
    text = models.CharField(_("text"), max_length=200, blank=True)
    terms = models.CharField(_("terms"), max_length=200, blank=True)
    picture = models.ForeignKey(Picture, models.PROTECT, null=True, related_name="+")
    behaviour = models.CharField(max_length=10, choices=Behaviour)
    percent = models.PositiveSmallIntegerField(null=True)  # 1..100
    amount_minor = models.BigIntegerField(null=True)  # off the bill
    bonus = models.PositiveIntegerField(null=True)  # in points
    value_minor = models.BigIntegerField(default=0)  # what it costs the shop
    minimum_minor = models.BigIntegerField(default=0)  # least purchase to use it with
    stock = models.PositiveIntegerField(null=True)  # how many are left; NULL: as many as wanted
    per_member = models.PositiveSmallIntegerField(null=True)  # at most so many each; NULL: any
    starts_on = models.DateField(null=True)  # first and last day it can be chosen, in shop time
    ends_on = models.DateField(null=True)
    use_within_days = models.PositiveSmallIntegerField(null=True)  # NULL: no hurry
    # For whom. Who is at this level or above; who is in this group (members.segments) when they
    # choose it. NULL, "": everybody.
    tier = models.ForeignKey("tiers.Tier", models.PROTECT, null=True, related_name="+")
    segment = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    retired_at = models.DateTimeField(null=True, editable=False)  # NULL: on offer

    objects = ScopedManager(
        _manager_class=models.Manager.from_queryset(RewardQuerySet), shop="shop"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reward_is_what_it_says",
                condition=Q(
                    behaviour="percent", percent__range=(1, 100), amount_minor=None, bonus=None
                )
                | Q(behaviour="amount", amount_minor__gt=0, percent=None, bonus=None)
                | Q(behaviour="thing", percent=None, amount_minor=None, bonus=None)
                | Q(behaviour="bonus", bonus__gt=0, percent=None, amount_minor=None),
            ),
            models.CheckConstraint(
                condition=Q(cost=None) | Q(cost__gt=0), name="reward_costs_something"
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="reward_ends_after_it_starts",
            ),
        ]
        indexes = [models.Index(fields=["programme", "cost"], name="rewards_by_price")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_for_everybody(self) -> bool:
        return self.tier_id is None and not self.segment

    @property
    def sold_out(self) -> bool:
        return self.stock == 0

    def is_offered(self, today: date) -> bool:
        """Can it be chosen on this day, as far as its dates say?"""
        started = self.starts_on is None or self.starts_on <= today
        going = self.ends_on is None or self.ends_on >= today
        return started and going and self.retired_at is None
