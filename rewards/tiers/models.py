"""The ladder of a shop: what is measured, the levels, what each gives, and who moved when."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from loyalty.models import Shop
from members.ledger.models import Operation
from members.models import Membership
from rewards.models import Claim

PLAIN = 100  # percent: what everybody earns
BEFORE = F("before__threshold")


class LadderQuerySet(models.QuerySet["Ladder"]):
    def on(self) -> Self:
        """Ladders that are climbed. Nobody moves while the shop is on pause."""
        return self.filter(off_since=None, shop__paused_since=None, shop__live_since__isnull=False)


class Ladder(models.Model):
    """How a shop measures its members. One a shop; switched off, everybody keeps their place."""

    class Measure(models.TextChoices):
        SPEND = "spend", _("What they spend")
        VISITS = "visits", _("How often they buy")
        ATTENDANCE = "attendance", _("How often they come by")
        POINTS = "points", _("Points they earn")

    class Window(models.TextChoices):
        ROLLING = "rolling", _("The last 12 months")
        YEAR = "year", _("The calendar year")
        LIFETIME = "lifetime", _("All time")

    shop = models.OneToOneField(Shop, models.PROTECT, related_name="+")
    measure = models.CharField(max_length=10, choices=Measure, default=Measure.VISITS)
    window = models.CharField(max_length=10, choices=Window, default=Window.ROLLING)
    off_since = models.DateTimeField(null=True, editable=False)  # NULL: on
    # How often its rules were changed, and the change by which everybody has found their level.
    version = models.PositiveIntegerField(default=0, editable=False)
    settled = models.PositiveIntegerField(default=0, editable=False)

    objects = ScopedManager(
        _manager_class=models.Manager.from_queryset(LadderQuerySet), shop="shop"
    )

    def __str__(self) -> str:
        return f"levels by {self.get_measure_display()}"


class TierQuerySet(models.QuerySet["Tier"]):
    def standing(self) -> Self:
        """The levels there are, lowest first."""
        return self.filter(retired_at=None).order_by("threshold")


class Tier(models.Model):
    """One level. Everybody starts at the base, whose threshold is 0 and which nobody can lose."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    ladder = models.ForeignKey(Ladder, models.PROTECT, related_name="tiers")
    name = models.CharField(_("name"), max_length=20)
    # Reached with exactly this much: visits, points, or minor units of the shop's currency.
    threshold = models.PositiveBigIntegerField()
    multiplier_percent = models.PositiveSmallIntegerField(default=PLAIN)  # of points; 150: x 1.5
    # Stamps that wait on each new card. With 1 on a card of 5, every fifth is free, not the sixth.
    head_start = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, editable=False)  # NULL: it is one of the levels
    # The next lower one that was left when it was retired: whoever stood on it goes there.
    instead = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    objects = ScopedManager(_manager_class=models.Manager.from_queryset(TierQuerySet), shop="shop")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ladder", "threshold"],
                condition=Q(retired_at=None),
                name="no_two_levels_begin_alike",
            ),
            models.CheckConstraint(
                condition=Q(multiplier_percent__range=(PLAIN, 1000)), name="a_level_never_costs"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TierPerk(models.Model):
    """What a level gives besides: something to have a few times a year, or a word for staff."""

    class Kind(models.TextChoices):
        CLAIM = "claim", _("Something to have")
        TAG = "tag", _("A word for staff")

    class Per(models.TextChoices):
        MONTH = "month", _("a month")
        YEAR = "year", _("a year")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="perks")
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(_("perk"), max_length=50)  # "Health check", "Offer water"
    terms = models.CharField(_("terms"), max_length=200, blank=True)
    value_minor = models.BigIntegerField(default=0)  # what it costs the shop, in minor units
    times = models.PositiveSmallIntegerField(default=1)  # so often `per`; of a claim
    per = models.CharField(max_length=10, choices=Per, default=Per.YEAR)
    retired_at = models.DateTimeField(null=True, editable=False)

    objects = ScopedManager(shop="shop")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(times__gt=0), name="a_perk_is_had_at_all"),
        ]

    def __str__(self) -> str:
        return self.title


class PerkUse(models.Model):
    """A member asked for a perk of their level: which claim it became."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    perk = models.ForeignKey(TierPerk, models.PROTECT, related_name="uses")
    claim = models.OneToOneField(Claim, models.PROTECT, related_name="perk_use")
    at = models.DateTimeField()

    objects = ScopedManager(shop="shop")

    def __str__(self) -> str:
        return f"use of perk {self.perk_id}"


class TierMoveQuerySet(models.QuerySet["TierMove"]):
    def stands(self) -> Self:
        return self.filter(undone_by=None)

    def latest_first(self) -> Self:
        """As they were written: what a till sends late is the latest, and happened earlier."""
        return self.order_by("-pk")

    def up(self) -> Self:
        return self.filter(Q(before=None, tier__threshold__gt=0) | Q(tier__threshold__gt=BEFORE))

    def down(self) -> Self:
        return self.filter(tier__threshold__lt=BEFORE)


class TierMove(models.Model):
    """A member moved to another level, or keeps theirs for another while.

    The log: the latest that stands is where they are. It says what it was judged by, so that a
    refund is measured with the same yardstick, whatever the rules have become since.
    """

    class Why(models.TextChoices):
        REACHED = "reached", _("Reached")
        KEPT = "kept", _("Kept for another period")
        PERIOD_OVER = "period_over", _("The period was over")
        TAKEN_BACK = "taken_back", _("A purchase was taken back")
        RULES = "rules", _("The levels were changed")
        MERGED = "merged", _("Two cards became one")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="tier_moves")
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="moves")
    before = models.ForeignKey(Tier, models.PROTECT, null=True, related_name="+")  # NULL: none yet
    why = models.CharField(max_length=12, choices=Why)
    measured = models.BigIntegerField()  # what the measure said then, in its own unit
    measure = models.CharField(max_length=10, choices=Ladder.Measure)
    window = models.CharField(max_length=10, choices=Ladder.Window)
    threshold = models.PositiveBigIntegerField()  # what the level took then
    at = models.DateTimeField()  # the moment it was measured for
    since = models.DateTimeField()  # and since when they are at that level without a break
    held_until = models.DateField(null=True)  # as in `Standing`
    operation = models.ForeignKey(Operation, models.PROTECT, related_name="+")
    undone_by = models.ForeignKey(Operation, models.PROTECT, null=True, related_name="+")

    objects = ScopedManager(
        _manager_class=models.Manager.from_queryset(TierMoveQuerySet), shop="shop"
    )

    class Meta:
        indexes = [
            models.Index(fields=["membership", "-id"], name="tier_moves_of_a_card"),
            models.Index(fields=["shop", "-at"], name="tier_moves_of_a_shop"),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} to {self.tier_id}"


class Standing(models.Model):
    """Where a member is, for pages and the till: the latest move that stands. None: at the base.

    `held_until` is the last day in shop time on which it cannot be lost; NULL: for good.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    membership = models.OneToOneField(Membership, models.PROTECT, related_name="standing")
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="standings")
    since: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()
    held_until = models.DateField(null=True)
    looked_ahead = models.BooleanField(default=False)  # was told before that day, if there was need

    objects = ScopedManager(shop="shop")

    class Meta:
        indexes = [models.Index(fields=["tier", "held_until"], name="standings_by_level")]

    def __str__(self) -> str:
        return f"{self.membership_id} at {self.tier_id}"
