"""Rows that were added up from facts. All but `Goal` can be thrown away and made again."""

from django.db import models
from django.db.models import Q
from django_scopes import ScopedManager

from loyalty import clock
from loyalty.models import Location, Shop
from members.models import Membership, Programme


class Watermark(models.Model):
    """How far the rows of a shop go, and what they were made from."""

    shop = models.OneToOneField(Shop, models.PROTECT, related_name="+")
    day = models.DateField()  # the last one that is counted: it was over
    begun = models.DateField()  # the first: somebody joined
    read_at = models.DateTimeField()  # what was recorded since is not in yet
    time_zone = models.CharField(max_length=40)  # whose days they are

    objects = ScopedManager(shop="shop")

    def __str__(self) -> str:
        return f"through {self.day}"


class ShopDay(models.Model):
    """What happened at one place on one day of the shop's time, where anything did."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    location = models.ForeignKey(
        Location, models.PROTECT, null=True, related_name="+"
    )  # NULL: at no place, on an owner's or a member's own page
    day = models.DateField()
    purchases = models.PositiveIntegerField(default=0)
    priced = models.PositiveIntegerField(default=0)  # those with an amount
    revenue_minor = models.BigIntegerField(default=0)  # of them, in minor units
    attendances = models.PositiveIntegerField(default=0)  # visits on which nothing was bought
    rewards_issued = models.PositiveIntegerField(default=0)
    rewards_used = models.PositiveIntegerField(default=0)

    objects = ScopedManager(shop="shop")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "day", "location"],
                condition=Q(location__isnull=False),
                name="a_day_of_a_place_once",
            ),
            models.UniqueConstraint(
                fields=["shop", "day"],
                condition=Q(location=None),
                name="a_day_of_no_place_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} at {self.location_id}"


class ProgrammeDay(models.Model):
    """What became of a programme's stamps or points on one day, each after what was taken back.

    Dated to the day of what was taken back. All three may be below zero; added up over all days,
    issued − redeemed − expired is what members have.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    day = models.DateField()
    issued = models.IntegerField(default=0)
    redeemed = models.IntegerField(default=0)
    expired = models.IntegerField(default=0)

    objects = ScopedManager(shop="shop")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "day"], name="a_day_of_a_programme_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day} of programme {self.programme_id}"


class MembersDay(models.Model):
    """How many became members on one day by one source, and how many of that source left."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    day = models.DateField()
    source = models.CharField(max_length=10, choices=Membership.Source)
    joined = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)

    objects = ScopedManager(shop="shop")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "day", "source"], name="a_day_of_a_source_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} by {self.source}"


class MemberMonth(models.Model):
    """What one member did at one place in one month, where they did anything.

    What was done with a card that became part of another one is of that one.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    location = models.ForeignKey(Location, models.PROTECT, null=True, related_name="+")
    month = models.DateField()  # its first day
    purchases = models.PositiveIntegerField(default=0)
    priced = models.PositiveIntegerField(default=0)
    spent_minor = models.BigIntegerField(default=0)
    visits = models.PositiveIntegerField(default=0)  # purchases, and those without one
    earned = models.PositiveIntegerField(default=0)  # how many times, not how much
    redeemed = models.PositiveIntegerField(default=0)  # times: turned into a reward
    used = models.PositiveIntegerField(default=0)  # rewards handed out

    objects = ScopedManager(shop="shop")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "month", "location"],
                condition=Q(location__isnull=False),
                name="a_month_of_a_member_once",
            ),
            models.UniqueConstraint(
                fields=["membership", "month"],
                condition=Q(location=None),
                name="a_month_of_a_member_at_no_place_once",
            ),
        ]
        indexes = [models.Index(fields=["shop", "month"], name="members_by_month")]

    def __str__(self) -> str:
        return f"membership {self.membership_id} in {self.month}"


class ShopCohort(models.Model):
    """Those who joined in one month: how many of them bought in a month since."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    location = models.ForeignKey(
        Location, models.PROTECT, null=True, related_name="+"
    )  # where they bought; NULL: anywhere
    joined = models.DateField()  # the first day of that month
    month = models.DateField()
    size = models.PositiveIntegerField()  # joined the shop, wherever they buy
    came = models.PositiveIntegerField()

    objects = ScopedManager(shop="shop")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "joined", "month", "location"],
                condition=Q(location__isnull=False),
                name="a_cohort_at_a_place_once",
            ),
            models.UniqueConstraint(
                fields=["shop", "joined", "month"],
                condition=Q(location=None),
                name="a_cohort_once",
            ),
        ]

    def __str__(self) -> str:
        return f"joined {self.joined}, in {self.month}"


class ShopPeriod(models.Model):
    """How many members did what in one period, and in the one before: `customers.Customers`."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    location = models.ForeignKey(
        Location, models.PROTECT, null=True, related_name="+"
    )  # where they did; NULL: anywhere
    span = models.CharField(max_length=10)  # one of periods.Span
    since = models.DateField()  # its first day
    before = models.PositiveIntegerField()
    now = models.PositiveIntegerField()
    again = models.PositiveIntegerField()
    twice = models.PositiveIntegerField()
    first = models.PositiveIntegerField()
    ever = models.PositiveIntegerField()
    came = models.PositiveIntegerField()
    active = models.PositiveIntegerField()
    earned = models.PositiveIntegerField()
    redeemed = models.PositiveIntegerField()

    objects = ScopedManager(shop="shop")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "span", "since", "location"],
                condition=Q(location__isnull=False),
                name="a_period_of_a_place_once",
            ),
            models.UniqueConstraint(
                fields=["shop", "span", "since"],
                condition=Q(location=None),
                name="a_period_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.span} from {self.since}"


class Goal(models.Model):
    """What the owner wants to reach by a day. A shop has one at a time."""

    class What(models.TextChoices):
        MEMBERS = "members"
        VISITS = "visits"

    shop = models.OneToOneField(Shop, models.PROTECT, related_name="goal")
    what = models.CharField(max_length=10, choices=What)
    target = models.PositiveIntegerField()
    until = models.DateField()  # the last day that counts, in shop time
    set_at = models.DateTimeField(default=clock.now)

    objects = ScopedManager(shop="shop")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(target__gte=1), name="a_goal_is_more_than_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.target} {self.what} by {self.until}"
