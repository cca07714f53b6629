"""What a shop gives for a birthday, and the treats that were given."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from loyalty.models import Shop
from members.models import Membership
from rewards.birthday.days import Birthday, Window, in_year
from rewards.models import Claim

A_WEEK = 7
MOST_DAYS = 30  # on either side: two windows of one birthday never meet


def days_field() -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        default=A_WEEK, validators=[MaxValueValidator(MOST_DAYS)]
    )


class BirthdayTreatQuerySet(models.QuerySet["BirthdayTreat"]):
    def on(self) -> Self:
        """What is given by shops that are open for it. Somebody's treat waits with the shop."""
        return self.filter(off_since=None, shop__paused_since=None, shop__live_since__isnull=False)


class BirthdayTreat(models.Model):
    """What a shop gives: something staff hand out, named in its title, or points.

    "10 % that week" is a title as good as "A bun": staff take it off the bill by hand, as they do
    with any discount here, so a percentage of its own would decide nothing.
    """

    shop = models.OneToOneField(Shop, models.PROTECT, related_name="+")
    title = models.CharField(_("treat"), max_length=50)
    terms = models.CharField(_("terms"), max_length=200, blank=True)
    value_minor = models.BigIntegerField(default=0)  # what it costs the shop, in minor units
    # Points that arrive by themselves on the first day. NULL: staff hand the treat out.
    bonus = models.PositiveIntegerField(null=True)
    days_before = days_field()
    days_after = days_field()
    off_since = models.DateTimeField(null=True, editable=False)  # NULL: on

    objects = ScopedManager(
        _manager_class=models.Manager.from_queryset(BirthdayTreatQuerySet), shop="shop"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(days_before__lte=MOST_DAYS, days_after__lte=MOST_DAYS),
                name="birthday_window_is_short",
            ),
            models.CheckConstraint(
                condition=Q(bonus=None) | Q(bonus__gt=0), name="birthday_bonus_is_something"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def window(self, birthday: Birthday, year: int) -> Window:
        """The days round the birthday of a year, in shop time."""
        day = in_year(birthday, year)
        before, after = timedelta(days=self.days_before), timedelta(days=self.days_after)
        return Window(day, day - before, day + after)

    def windows_from(self, today: date, birthday: Birthday) -> Iterator[Window]:
        """The window that is open or comes next, and the two after it."""
        years = range(today.year - 1, today.year + 4)
        windows = (self.window(birthday, year) for year in years)
        yield from [window for window in windows if window.last >= today][:3]

    def window_on(self, today: date, birthday: Birthday) -> Window | None:
        """The window this day is in. None: it is in none."""
        window = next(self.windows_from(today, birthday))
        return window if today in window else None


class BirthdayGiftQuerySet(models.QuerySet["BirthdayGift"]):
    def of(self, membership: Membership) -> Self:
        """What a card was given, and the cards that became part of it: claims move with them."""
        return self.filter(claim__membership=membership)


class BirthdayGift(models.Model):
    """A treat was given for the birthday of one year. Taken back, the year stays used."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="birthday_gifts")
    year = models.PositiveSmallIntegerField()  # of the birthday, not of the day it was given
    claim = models.OneToOneField(Claim, models.PROTECT, related_name="birthday_gift")

    objects = ScopedManager(
        _manager_class=models.Manager.from_queryset(BirthdayGiftQuerySet), shop="shop"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "year"], name="one_birthday_treat_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"birthday treat of {self.year}"
