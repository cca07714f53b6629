"""Emergency switches of whoever runs the platform: what is halted, where and why.

They stand above what an owner can do in her own shop (a pause, a counter switched off), and no
owner can take them back. `members/ledger/posting.py` asks, at the end of every operation.
"""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from loyalty import clock
from loyalty.models import Counter, Shop


class HaltQuerySet(models.QuerySet["Halt"]):
    def standing(self) -> Self:
        return self.filter(ended_at=None)

    def everywhere(self) -> Self:
        return self.filter(shop=None, what=Halt.What.EVERYTHING)

    def concerning(
        self, *, shop: Shop, counter: Counter | None, earns: bool, redeems: bool
    ) -> Self:
        """Those that stop somebody, perhaps at a counter, who does this in a shop."""
        done = {Halt.What.EARNING: earns, Halt.What.REDEEMING: redeems, Halt.What.EVERYTHING: True}
        stops = Q(what__in=[what for what, does in done.items() if does])
        if counter:
            stops |= Q(what=Halt.What.COUNTER, counter=counter)
        return self.standing().filter(stops, Q(shop=None) | Q(shop=shop))


class Halt(models.Model):
    """Something nobody may do for now. A row is ended, never deleted."""

    class What(models.TextChoices):
        EARNING = "earning"
        REDEEMING = "redeeming"
        COUNTER = "counter"  # one of them
        EVERYTHING = "everything"  # in all shops: the platform is read-only

    shop = models.ForeignKey(Shop, models.PROTECT, null=True, related_name="+")  # NULL: all shops
    what = models.CharField(max_length=10, choices=What)
    counter = models.ForeignKey(Counter, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200)  # for those who run the machines; never shown
    since = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)  # NULL: it stands

    objects = HaltQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                # A NULL is like no other, and here it must be like itself.
                Coalesce("shop", 0),
                "what",
                Coalesce("counter", 0),
                condition=Q(ended_at=None),
                name="halted_once",
            ),
            models.CheckConstraint(
                condition=Q(what="counter", counter__isnull=False, shop__isnull=False)
                | ~Q(what="counter") & Q(counter=None),
                name="a_halted_counter_is_one",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_halt_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.what} since {self.since:%Y-%m-%d %H:%M}"
