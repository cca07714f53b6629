"""A member's right to a reward, and that it was handed over."""

from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from loyalty.models import Counter, Shop, StaffMember
from members.ledger.models import Account, Operation
from members.models import Membership
from rewards.catalogue.models import Reward

HONOURED = "account__programme__honoured_until"  # of where it was earned


def _between(field: str, since: date, until: date | None) -> Q:
    within = Q(**{f"{field}__gte": since})
    return within & Q(**{f"{field}__lte": until}) if until else within


class ClaimQuerySet(models.QuerySet["Claim"]):
    def ready(self, today: date) -> Self:
        """What can be handed over on this day: as long as `expires_on` and the end of the
        programme say; NULL: for ever."""
        own = Q(expires_on=None) | Q(expires_on__gte=today)
        honoured = Q(**{f"{HONOURED}": None}) | Q(**{f"{HONOURED}__gte": today})
        return self.filter(own, honoured, state=Claim.State.READY).order_by("pk")

    def lapsed(self, today: date) -> Self:
        over = Q(expires_on__lt=today) | Q(**{f"{HONOURED}__lt": today})
        return self.filter(over, state=Claim.State.READY)

    def last_days(self, since: date, until: date | None) -> Self:
        """What has its last day within these; None: no limit."""
        own, end = _between("expires_on", since, until), _between(HONOURED, since, until)
        return self.filter(own | end)

    def standing(self) -> Self:
        """What a member has or had: neither taken back nor run out."""
        return self.filter(state__in=Claim.STANDING)

    def reserved(self) -> Self:
        """Things and seats that were reserved: kept for a price, and nothing a shop gives away."""
        return self.filter(source=Claim.Source.EARLY)

    def earned(self) -> Self:
        """All others: rewards."""
        return self.exclude(source=Claim.Source.EARLY)


class Claim(models.Model):
    """One member's right to one reward: the promise as it stood when it was earned."""

    class State(models.TextChoices):
        READY = "ready", _("Ready")
        HANDED_OVER = "handed_over", _("Handed out")
        CANCELLED = "cancelled", _("Taken back")
        EXPIRED = "expired", _("Run out")

    class Source(models.TextChoices):
        CARD = "card", _("A full card")
        POINTS = "points", _("Points")
        BIRTHDAY = "birthday", _("Birthday")
        LEVEL = "level", _("A level")
        EARLY = "early", _("Early access")
        FRIEND = "friend", _("Bringing a friend")

    STANDING = (State.READY, State.HANDED_OVER)

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="claims")
    source = models.CharField(max_length=10, choices=Source)
    title = models.CharField(_("reward"), max_length=50)
    terms = models.CharField(_("terms"), max_length=200, blank=True)
    value_minor = models.BigIntegerField(default=0)  # what it costs the shop, in minor units
    minimum_minor = models.BigIntegerField(default=0)  # least purchase to use it with
    percent = models.PositiveSmallIntegerField(null=True)  # off the bill
    off_minor = models.BigIntegerField(null=True)  # off the bill, in minor units
    # Where it was earned. The card that was filled is the how-manieth of that account.
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="claims")
    cycle = models.PositiveIntegerField(null=True)
    # What was chosen in the catalogue. NULL: what the card or the birthday brings by itself.
    reward = models.ForeignKey(Reward, models.PROTECT, null=True, related_name="claims")
    cost = models.PositiveIntegerField(default=0)  # points that were spent for it
    # What stood on a full card before its member chose otherwise.
    instead_of: "models.JSONField[Any, dict[str, Any] | None]" = models.JSONField(null=True)
    operation = models.ForeignKey(Operation, models.PROTECT, related_name="claims")
    state = models.CharField(max_length=12, choices=State, default=State.READY)
    issued_at = models.DateTimeField()
    expires_on = models.DateField(null=True)  # the last good day in shop time; NULL: never
    # The moment on that day after which it is too late. NULL: the day ends it.
    use_by = models.DateTimeField(null=True)

    objects = ScopedManager(_manager_class=models.Manager.from_queryset(ClaimQuerySet), shop="shop")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "cycle"],
                condition=~Q(state="cancelled"),
                name="one_reward_per_full_card",
            ),
        ]
        indexes = [models.Index(fields=["membership", "state"], name="claims_of_a_card")]

    def __str__(self) -> str:
        return self.title

    @property
    def last_day(self) -> date | None:
        """Its own last day, or that of its programme's announced end. None: neither.

        Needs account and its programme.
        """
        end = self.account.programme.honoured_until if self.account else None
        return min(filter(None, [self.expires_on, end]), default=None)

    def can_be_used(self, now: datetime) -> bool:
        """Is it ready, and not too late by the minute? The day is `ready`'s business."""
        return self.state == self.State.READY and not self.is_late(now)

    def is_late(self, now: datetime) -> bool:
        return self.use_by is not None and self.use_by < now


class HandOver(models.Model):
    """A reward left the shop. Undone, it may leave it once more."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="hand_overs")
    operation = models.OneToOneField(Operation, models.PROTECT, related_name="hand_over")
    at = models.DateTimeField()
    counter = models.ForeignKey(Counter, models.PROTECT, null=True, related_name="+")
    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    # NULL: it stands.
    undone_by = models.ForeignKey(Operation, models.PROTECT, null=True, related_name="+")

    objects = ScopedManager(shop="shop")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(undone_by=None),
                name="a_reward_is_handed_over_once",
            ),
        ]

    def __str__(self) -> str:
        return f"hand-over of claim {self.claim_id}"
