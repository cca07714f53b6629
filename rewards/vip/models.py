"""Something that opens to some before it opens to all, and who has reserved it."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from loyalty import clock
from loyalty.models import Person, Shop
from loyalty.pictures.models import Picture
from loyalty.prepared import Given
from members.ledger.models import Operation
from members.models import Membership
from rewards.models import Claim
from rewards.tiers.models import Tier


class DropQuerySet(models.QuerySet["Drop"]):
    def current(self, now: datetime | Given) -> Self:
        """What is announced or open at a moment: neither closed nor over."""
        over = Q(over_at__isnull=False, over_at__lte=now)
        return self.exclude(over).filter(closed_at=None, scheduled_at__isnull=False)

    def with_some_left(self) -> Self:
        return self.filter(Q(left=None) | Q(left__gt=0))


class Drop(models.Model):
    """A product, a sale or an evening. Its openings say who may have it from when."""

    class Kind(models.TextChoices):
        PRODUCT = "product", _("A product")
        LIMITED = "limited", _("A limited edition")
        SALE = "sale", _("A sale")
        SHOWING = "showing", _("A showing before the sale")
        EVENT = "event", _("An event by invitation")

    class Others(models.TextChoices):
        TEASER = "teaser", _("They see it locked, with the day it opens to everyone")
        NOTHING = "nothing", _("They see nothing")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=50)
    text = models.CharField(_("text"), max_length=300, blank=True)
    price = models.CharField(_("price"), max_length=50, blank=True)  # "49 kr each", as it is said
    picture = models.ForeignKey(Picture, models.PROTECT, null=True, related_name="+")
    # How many there are, and how many nobody has reserved. NULL: as many as wanted.
    quantity = models.PositiveIntegerField(null=True)
    left = models.PositiveIntegerField(null=True)
    per_member = models.PositiveSmallIntegerField(default=1)
    others = models.CharField(max_length=10, choices=Others, default=Others.TEASER)
    # Reserved things are kept so many hours, and no longer than `collect_by`. NULL: no such limit.
    hold_hours = models.PositiveSmallIntegerField(null=True)
    collect_by = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)  # from then on it is history; NULL: until closed
    # Of a showing or an event.
    place = models.CharField(_("place"), max_length=80, blank=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    reply_by = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    scheduled_at = models.DateTimeField(null=True, editable=False)  # NULL: a draft nobody sees
    closed_at = models.DateTimeField(null=True, editable=False)  # by the owner, before its time

    objects = ScopedManager(_manager_class=models.Manager.from_queryset(DropQuerySet), shop="shop")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity=None, left=None)
                | Q(quantity__isnull=False, left__isnull=False, left__lte=F("quantity")),
                name="a_drop_is_never_oversold",
            ),
            models.CheckConstraint(condition=Q(per_member__gt=0), name="a_drop_is_for_somebody"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(starts_at=None) | Q(ends_at__gt=F("starts_at")),
                name="an_event_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_event(self) -> bool:
        """Is it replied to, rather than reserved?"""
        return self.kind in (self.Kind.SHOWING, self.Kind.EVENT)

    @property
    def is_reserved(self) -> bool:
        """Can it be reserved? A sale is only open."""
        return self.kind in (self.Kind.PRODUCT, self.Kind.LIMITED)

    @property
    def held(self) -> int:
        """How many are reserved or handed out, where they are counted."""
        return (self.quantity or 0) - (self.left or 0)

    @property
    def answer_by(self) -> datetime | None:
        """Until when one can say yes or no. NULL: it is no event."""
        return (self.reply_by or self.starts_at) if self.is_event else None

    def is_over(self, now: datetime) -> bool:
        """Is it history: closed by its owner, or by time?"""
        return self.closed_at is not None or self.has_ended(now)

    def has_ended(self, now: datetime) -> bool:
        return self.over_at is not None and self.over_at <= now


class Opening(models.Model):
    """From this moment, these people may. Whoever is in any opening that has come may."""

    class Audience(models.TextChoices):
        TIER = "tier", _("A level, and those above it")
        PICKED = "picked", _("People you picked")
        TOP = "top", _("Your best customers")
        SEGMENT = "segment", _("A group of members")
        EVERYBODY = "everybody", _("Everyone")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    drop = models.ForeignKey(Drop, models.CASCADE, related_name="openings")
    at = models.DateTimeField()
    audience = models.CharField(max_length=10, choices=Audience)
    tier = models.ForeignKey(Tier, models.PROTECT, null=True, related_name="+")
    segment = models.CharField(max_length=20, blank=True)  # a key of members.segments.SEGMENTS
    top = models.PositiveSmallIntegerField(null=True)  # so many, by what they spent in `top_days`
    top_days = models.PositiveSmallIntegerField(null=True)
    told_at = models.DateTimeField(null=True)  # when its members were told; NULL: not yet

    objects = ScopedManager(shop="shop")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="an_opening_says_for_whom",
                condition=Q(audience="tier", tier__isnull=False)
                | Q(audience="segment") & ~Q(segment="")
                | Q(audience="top", top__gt=0, top_days__gt=0)
                | Q(audience__in=["picked", "everybody"]),
            ),
            models.UniqueConstraint(
                fields=["drop"],
                condition=Q(audience="everybody"),
                name="it_opens_to_everybody_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audience} at {self.at:%Y-%m-%d %H:%M}"


class Vip(models.Model):
    """Hand-picked by the owner. The row stays when it ends, with who granted it and ended it."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="picked")
    since = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    until = models.DateTimeField(null=True)  # NULL: still
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    objects = ScopedManager(shop="shop")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership"], condition=Q(until=None), name="picked_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} picked"


class ReservationQuerySet(models.QuerySet["Reservation"]):
    def held(self) -> Self:
        """What takes one of the drop's places: reserved, or handed out already."""
        return self.filter(claim__state__in=[Claim.State.READY, Claim.State.HANDED_OVER])

    def ready(self) -> Self:
        """What is kept for its member."""
        return self.filter(claim__state=Claim.State.READY)

    def waiting(self) -> Self:
        """For a place, longest first."""
        return self.filter(state=Reservation.State.WAITING).order_by("asked_at", "pk")


class Reservation(models.Model):
    """One member and one piece, or one seat. Where it is held, its claim says what became of it."""

    class State(models.TextChoices):
        HELD = "held", _("Reserved")
        WAITING = "waiting", _("On the waiting list")
        DECLINED = "declined", _("Said no")
        OVER = "over", _("Left the waiting list")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    drop = models.ForeignKey(Drop, models.PROTECT, related_name="reservations")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="reservations")
    state = models.CharField(max_length=10, choices=State)
    claim = models.OneToOneField(Claim, models.PROTECT, null=True, related_name="reservation")
    why = models.CharField(max_length=60, blank=True)  # by what right: the name of a level, ...
    asked_at = models.DateTimeField()
    operation = models.ForeignKey(Operation, models.PROTECT, related_name="+")

    objects = ScopedManager(
        _manager_class=models.Manager.from_queryset(ReservationQuerySet), shop="shop"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="held", claim__isnull=False) | ~Q(state="held") & Q(claim=None),
                name="what_is_held_has_a_claim",
            ),
            models.UniqueConstraint(
                fields=["drop", "membership"],
                condition=Q(state="waiting"),
                name="one_waits_in_one_place",
            ),
        ]
        indexes = [
            models.Index(fields=["membership", "drop"], name="reservations_of_a_card"),
            models.Index(
                fields=["drop", "asked_at"], condition=Q(state="waiting"), name="who_waits_longest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} for {self.drop_id}"
