"""Which notices have gone out."""

from django.db import models
from django.db.models import Q
from django_scopes import ScopedManager

from loyalty.models import Shop
from members.models import Membership

DAYS_BEFORE = (1, 7, 30)


class Notice(models.Model):
    """Somebody was told, in good time, what runs out on a day."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="notices")
    runs_out_on = models.DateField()  # the last good day, in shop time
    days_before = models.PositiveSmallIntegerField()  # which notice; it may have gone out late
    at = models.DateTimeField()

    objects = ScopedManager(shop="shop")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "runs_out_on", "days_before"], name="each_notice_once"
            ),
            models.CheckConstraint(
                condition=Q(days_before__in=DAYS_BEFORE), name="notices_come_30_7_and_1_day_before"
            ),
        ]

    def __str__(self) -> str:
        return f"notice {self.days_before} before {self.runs_out_on}"
