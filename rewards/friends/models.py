"""What a shop gives for bringing a friend, and who came through whom."""

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from loyalty.models import Shop
from members.ledger.models import Operation
from members.merging import UNDOABLE_FOR
from members.models import Membership, Programme
from rewards.models import Claim


class InvitingQuerySet(models.QuerySet["Inviting"]):
    def on(self) -> Self:
        return self.filter(off_since=None, shop__paused_since=None, shop__live_since__isnull=False)


class Inviting(models.Model):
    """How bringing a friend works in a shop. One a shop."""

    class Pays(models.TextChoices):
        PURCHASE = "purchase", _("At the friend's first purchase")
        JOINING = "joining", _("When the friend joins")

    shop = models.OneToOneField(Shop, models.PROTECT, related_name="+")
    pays = models.CharField(max_length=10, choices=Pays, default=Pays.PURCHASE)
    minimum_minor = models.BigIntegerField(default=0)  # of that purchase; 0: any
    most_a_month = models.PositiveSmallIntegerField(default=5)  # friends that pay, per member
    off_since = models.DateTimeField(null=True, editable=False)  # NULL: on

    objects = ScopedManager(
        _manager_class=models.Manager.from_queryset(InvitingQuerySet), shop="shop"
    )

    def __str__(self) -> str:
        return f"bringing a friend to {self.shop_id}"


class ThanksQuerySet(models.QuerySet["Thanks"]):
    def possible(self, today: date) -> Self:
        """What can be given on a day: stamps and points need a programme that is on."""
        on = Programme.objects.on().goes_on(today).filter(shop=OuterRef("shop"))
        stamps, points = Exists(on.filter(kind="stamps")), Exists(on.filter(kind="points"))
        on_a_card = Q(behaviour=Thanks.Behaviour.STAMPS) & stamps
        in_points = Q(behaviour=Thanks.Behaviour.BONUS) & points
        collected = [Thanks.Behaviour.STAMPS, Thanks.Behaviour.BONUS]
        return self.filter(on_a_card | in_points | ~Q(behaviour__in=collected))


class Thanks(models.Model):
    """What one side gets. No row: nothing."""

    class Side(models.TextChoices):
        MEMBER = "member", _("Who brings a friend")
        FRIEND = "friend", _("The friend")

    class Behaviour(models.TextChoices):
        STAMPS = "stamps", _("Stamps")
        BONUS = "bonus", _("Points")
        PERCENT = "percent", _("Percent off")
        AMOUNT = "amount", _("Amount off")
        THING = "thing", _("A thing or a service")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    inviting = models.ForeignKey(Inviting, models.CASCADE, related_name="thanks")
    side = models.CharField(max_length=10, choices=Side)
    behaviour = models.CharField(max_length=10, choices=Behaviour)
    n = models.PositiveIntegerField(null=True)  # stamps or points
    percent = models.PositiveSmallIntegerField(null=True)  # 1..100, off one purchase
    amount_minor = models.BigIntegerField(null=True)  # off one purchase
    title = models.CharField(_("reward"), max_length=50, blank=True)  # of a thing
    terms = models.CharField(_("terms"), max_length=200, blank=True)
    value_minor = models.BigIntegerField(default=0)  # what it costs the shop, in minor units
    use_within_days = models.PositiveSmallIntegerField(null=True)  # NULL: no hurry

    objects = ScopedManager(
        _manager_class=models.Manager.from_queryset(ThanksQuerySet), shop="shop"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inviting", "side"], name="each_side_is_thanked_once"),
            models.CheckConstraint(
                name="thanks_are_what_they_say",
                condition=Q(behaviour__in=["stamps", "bonus"], n__gt=0)
                | Q(behaviour="percent", percent__range=(1, 100))
                | Q(behaviour="amount", amount_minor__gt=0)
                | Q(behaviour="thing") & ~Q(title=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.behaviour} for the {self.side}"


class ReferralQuerySet(models.QuerySet["Referral"]):
    def waiting(self) -> Self:
        """Nothing was bought yet."""
        return self.filter(bought=None).exclude(state=Referral.State.REFUSED)

    def to_pay(self) -> Self:
        """The friend did their part; who brought them waits for theirs."""
        return self.filter(state=Referral.State.BOUGHT)


class Referral(models.Model):
    """One member came through another: written when they join, and never for somebody else."""

    class State(models.TextChoices):
        JOINED = "joined", _("Joined")  # pays when they buy
        BOUGHT = "bought", _("Bought")  # the friend has theirs; the other side follows at once
        REWARDED = "rewarded", _("Rewarded")
        OVER_CAP = "over_cap", _("Over the limit of the month")
        REFUSED = "refused", _("Not a new customer")
        TAKEN_BACK = "taken_back", _("Taken back")  # the shop took the reward back by itself

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    friend = models.ForeignKey(Membership, models.PROTECT, related_name="came_through")
    member = models.ForeignKey(Membership, models.PROTECT, related_name="brought")
    pays = models.CharField(max_length=10, choices=Inviting.Pays)  # as on the day they joined
    state = models.CharField(max_length=10, choices=State, default=State.JOINED)
    joined_at = models.DateTimeField()
    # The first purchase. NULL: none yet, or it was taken back.
    bought_at = models.DateTimeField(null=True)
    bought = models.ForeignKey(Operation, models.PROTECT, null=True, related_name="+")

    objects = ScopedManager(
        _manager_class=models.Manager.from_queryset(ReferralQuerySet), shop="shop"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(friend=F("member")), name="nobody_brings_themselves"
            ),
            models.UniqueConstraint(
                fields=["friend"],
                condition=~Q(state="refused"),
                name="a_friend_comes_through_one_member",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "state"], name="friends_of_a_member"),
            models.Index(fields=["shop"], condition=Q(state="bought"), name="friends_that_pay_now"),
        ]

    def __str__(self) -> str:
        return f"{self.friend_id} through {self.member_id}"


class ThankedQuerySet(models.QuerySet["Thanked"]):
    def standing(self) -> Self:
        return self.filter(taken_back_by=None)

    def to_take_back(self, now: datetime) -> Self:
        """What they have, and was not earned after all.

        As long as two cards that became one can be two again, nothing is taken for that: it would
        come off stamps that go back to the other card.
        """
        can_part = Q(
            asked_back_by__kind="merge", asked_back_by__occurred_at__gte=now - UNDOABLE_FOR
        )
        return self.standing().filter(asked_back_by__isnull=False).exclude(can_part)


class Thanked(models.Model):
    """What one side of a referral got. Taken back, that side may get it once more."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="thanked")
    side = models.CharField(max_length=10, choices=Thanks.Side)
    operation = models.ForeignKey(Operation, models.PROTECT, related_name="+")
    claim = models.OneToOneField(
        Claim, models.PROTECT, null=True, related_name="thanked"
    )  # NULL: stamps or points
    at = models.DateTimeField()
    # What showed that it was not earned: the friend's purchase was undone, two cards became one.
    asked_back_by = models.ForeignKey(Operation, models.PROTECT, null=True, related_name="+")
    taken_back_by = models.ForeignKey(
        Operation, models.PROTECT, null=True, related_name="+"
    )  # NULL: it stands

    objects = ScopedManager(
        _manager_class=models.Manager.from_queryset(ThankedQuerySet), shop="shop"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "side"],
                condition=Q(taken_back_by=None),
                name="one_referral_reward_per_side",
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop"],
                condition=Q(asked_back_by__isnull=False, taken_back_by=None),
                name="thanks_to_take_back",
            ),
        ]

    def __str__(self) -> str:
        return f"thanks to the {self.side} of referral {self.referral_id}"
