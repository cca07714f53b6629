"""The tables of the ledger. Read the story in `members/ledger/__init__.py` first."""

from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django_scopes import ScopedManager

from loyalty.models import Counter, Location, Shop, StaffMember
from members.models import Membership, Programme, RuleVersion


class Operation(models.Model):
    """One thing somebody asked for once. The same key again gets the same answer."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="operations")
    key = models.UUIDField()
    fingerprint = models.CharField(max_length=64)  # what was asked, so a key can't ask for more
    kind = models.CharField(max_length=30)
    # Plain data or a refusal, set once. NULL only inside the transaction that decides.
    answer: "models.JSONField[Any, dict[str, Any] | None]" = models.JSONField(null=True)
    membership = models.ForeignKey(
        Membership, models.PROTECT, null=True, related_name="operations"
    )  # NULL: the operation that made the membership
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    counter = models.ForeignKey(Counter, models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=10)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    # What it turns out to do while it runs; such things can be halted. Not stored.
    earns = False
    redeems = False
    is_answered = False  # before its end

    objects = ScopedManager(shop="shop")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="operation_once"),
        ]
        indexes = [
            models.Index(fields=["shop", "recorded_at"], name="operations_by_day"),
            models.Index(fields=["counter", "-id"], name="operations_at_a_counter"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Visit(models.Model):
    """One customer at the till."""

    class Kind(models.TextChoices):
        PURCHASE = "purchase"
        ATTENDANCE = "attendance"
        ACTION = "action"  # something the shop likes, and nothing bought: a review, a cup brought

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="visits")
    operation = models.OneToOneField(Operation, models.PROTECT, related_name="visit")
    location = models.ForeignKey(Location, models.PROTECT, null=True, related_name="+")
    counter = models.ForeignKey(Counter, models.PROTECT, null=True, related_name="+")
    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    amount_minor = models.BigIntegerField(null=True)  # minor units of the shop's currency
    at = models.DateTimeField()
    # A voided visit counts nowhere. NULL: it stands.
    voided_by = models.ForeignKey(Operation, models.PROTECT, null=True, related_name="+")

    objects = ScopedManager(shop="shop")

    class Meta:
        indexes = [
            models.Index(fields=["membership", "-at"], name="last_visits"),
            models.Index(fields=["shop", "at"], name="visits_by_day"),
        ]

    def __str__(self) -> str:
        return f"visit {self.pk}"


class Account(models.Model):
    """A membership in a programme: the balance, and where its entries stand.

    Everything here can be rebuilt from the entries; only `posting.py` writes it.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="accounts")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="accounts")
    # The rules of the card in progress: it keeps the version it started with.
    rule_version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="+")
    balance = models.IntegerField(default=0)
    lifetime = models.IntegerField(default=0)  # sum of `qualifying`
    shortfall = models.IntegerField(default=0)  # taken from the next earnings
    cycle = models.PositiveIntegerField(default=0)  # how many cards have been filled
    last_seq = models.PositiveIntegerField(default=0)

    objects = ScopedManager(shop="shop")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "programme"], name="account_once"),
            models.CheckConstraint(condition=Q(balance__gte=0), name="account_never_negative"),
            models.CheckConstraint(condition=Q(shortfall__gte=0), name="shortfall_never_negative"),
        ]

    def __str__(self) -> str:
        return f"account {self.pk}"


class LedgerEntry(models.Model):
    """One fact. Never changed, never deleted."""

    class Kind(models.TextChoices):
        OPENING = "opening"
        EARN = "earn"
        SPEND = "spend"
        EXPIRE = "expire"
        REVERSE = "reverse"
        ADJUST = "adjust"
        TRANSFER = "transfer"

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="entries")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    amount = models.IntegerField()
    qualifying = models.IntegerField(default=0)  # feeds tiers, so spending never costs a tier
    operation = models.ForeignKey(Operation, models.PROTECT, related_name="entries")
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="+")
    reverses = models.ForeignKey("self", models.PROTECT, null=True, related_name="reversed_by")
    rule_version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, blank=True)  # a code from a list, never free text

    objects = ScopedManager(shop="shop")

    class Meta:
        ordering = ["account", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["account", "seq"], name="entry_has_its_own_place"),
            models.UniqueConstraint(fields=["reverses"], name="entry_undone_once"),
            models.CheckConstraint(
                name="entry_sign_fits_its_kind",
                condition=Q(kind__in=["earn", "opening"], amount__gt=0)
                | Q(kind__in=["spend", "expire"], amount__lt=0)
                | (Q(kind__in=["adjust", "transfer"]) & ~Q(amount=0))
                | Q(kind="reverse"),  # may be 0: all of it was spent, all is shortfall
            ),
            models.CheckConstraint(
                name="only_reversals_reverse",
                condition=Q(kind="reverse", reverses__isnull=False)
                | (~Q(kind="reverse") & Q(reverses=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount:+d}"


class LotQuerySet(models.QuerySet["Lot"]):
    def left(self) -> Self:
        return self.filter(remaining__gt=0)

    def usable(self, today: date) -> Self:
        """What may be spent on this day. `expires_on` is the last day; NULL means never."""
        return (
            self.left()
            .filter(Q(expires_on=None) | Q(expires_on__gte=today))
            .filter(Q(usable_from=None) | Q(usable_from__lte=today))
        )

    def lapsed(self, today: date) -> Self:
        return self.left().filter(expires_on__lt=today)

    def soonest_first(self) -> Self:
        return self.order_by(F("expires_on").asc(nulls_last=True), "pk")


class Lot(models.Model):
    """What one earning left to spend, and until when."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="lots")
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="lot")
    amount = models.PositiveIntegerField()
    remaining = models.PositiveIntegerField()
    expires_on = models.DateField(null=True)  # the last good day in shop time; NULL: never
    usable_from = models.DateField(null=True)  # NULL: at once

    objects = ScopedManager(_manager_class=models.Manager.from_queryset(LotQuerySet), shop="shop")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(remaining__gte=0) & Q(remaining__lte=F("amount")),
                name="lot_holds_what_it_got",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "expires_on"],
                condition=Q(remaining__gt=0),
                name="lots_with_something_left",
            ),
        ]

    def __str__(self) -> str:
        return f"lot {self.pk}"


class Allocation(models.Model):
    """How much of a lot a debit ate; negative where an undo gave it back."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    debit = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="allocations")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="allocations")
    amount = models.IntegerField()

    objects = ScopedManager(shop="shop")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="allocation_is_not_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} from lot {self.lot_id}"


def local_day(shop: Shop, moment: datetime) -> date:
    """The day of a moment in the shop's time."""
    return moment.astimezone(shop.zone).date()
