"""The till: a paired device of one location, and who stands behind it."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from loyalty import clock
from loyalty.models.shops import Location, Role, Shop


class StaffMember(models.Model):
    """Somebody who stands at the counter. They may have no sign-in of their own."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="staff")
    name = models.CharField(_("first name"), max_length=40)
    role = models.OneToOneField(Role, models.PROTECT, null=True, blank=True, related_name="staff")
    active = models.BooleanField(default=True)
    # Asked for when they go on the till. Four to six digits are few, so wrong ones are counted.
    pin_hash = models.CharField(max_length=128, blank=True)  # "": no PIN
    pin_misses = models.PositiveSmallIntegerField(default=0)
    pin_locked_until = models.DateTimeField(null=True)  # NULL: may be tried

    objects = ScopedManager(shop="shop")

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "name"],
                condition=Q(active=True),
                name="staff_names_tell_people_apart",
                violation_error_message=_("Somebody here has that name. Add a letter."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in words[:2]).upper() if len(words) > 1 else self.name[:2]


class CounterQuerySet(models.QuerySet["Counter"]):
    def lock(self, counter: "Counter") -> None:
        """Let the requests of one device come one after the other, until the transaction ends."""
        mine = self.select_for_update(no_key=True, of=("self",)).filter(pk=counter.pk)
        list(mine.values_list("pk"))

    def usable(self) -> Self:
        return self.filter(revoked_at=None)

    def waiting_to_pair(self, now: datetime) -> Self:
        return self.usable().filter(pairing_ends__gt=now)


class Counter(models.Model):
    """A device with counter rights only. Its secrets are stored as hashes."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="counters")
    location = models.ForeignKey(Location, models.PROTECT, related_name="counters")
    name = models.CharField(_("name"), max_length=60)
    # Who is on the till now. NULL: nobody has said so yet.
    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    pairing_hash = models.CharField(max_length=64, null=True, unique=True)  # NULL: used up
    pairing_ends = models.DateTimeField(null=True)
    device_hash = models.CharField(max_length=64, null=True, unique=True)  # NULL: not paired yet
    paired_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)  # NULL: in use
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = ScopedManager(
        _manager_class=models.Manager.from_queryset(CounterQuerySet), shop="shop"
    )

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name
