"""What a member was told."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from loyalty import clock
from loyalty.models import Shop
from loyalty.outbox.models import OutboxMessage
from loyalty.prepared import Given
from members.models import Membership


class MessageQuerySet(models.QuerySet["Message"]):
    def on_card(self, now: datetime | Given) -> Self:
        """What stands on a card at a moment, newest first."""
        stands = self.true().filter(Q(until=None) | Q(until__gt=now), seen_at=None)
        return stands.order_by("-at", "-pk")

    def true(self) -> Self:
        """What was not taken off again."""
        return self.filter(taken_off_at=None)


class Message(models.Model):
    """One thing told to one member: on the card, and by e-mail if they may be mailed about it.

    The sentence is made when it is read: `template` is a prefix, as for the outbox, with
    `_card.txt` for the card and `_subject.txt` and `_message.txt` for the mail. The name of another
    member, where there is one, is the value "friend".
    """

    class Purpose(models.TextChoices):
        SERVICE = "service", _("About their card")
        NEWS = "news", _("News")

    class Mail(models.TextChoices):
        POSTED = "posted", _("By e-mail")
        NO_ADDRESS = "no_address", _("On the card: no e-mail is saved")
        NOT_WANTED = "not_wanted", _("On the card: they want no e-mail about it")
        TOO_LATE = "too_late", _("On the card: it would be over before the morning")
        ENOUGH = "enough", _("On the card: they had two e-mails with news this week")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="messages")
    purpose = models.CharField(max_length=10, choices=Purpose)
    once = models.CharField(max_length=60)  # the same thing is told once: "opening-12"
    template = models.CharField(max_length=80)
    values: "models.JSONField[Any, dict[str, Any]]" = models.JSONField(default=dict)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)  # it leaves the card by itself; NULL: when it is read
    seen_at = models.DateTimeField(null=True)  # its member took it off the card
    taken_off_at = models.DateTimeField(null=True)  # it was not true any more; NULL: it is
    mail = models.CharField(max_length=12, choices=Mail)
    mail_at = models.DateTimeField(null=True)  # when the mail could go first; NULL: there is none
    posted = models.ForeignKey(OutboxMessage, models.SET_NULL, null=True, related_name="+")

    objects = ScopedManager(
        _manager_class=models.Manager.from_queryset(MessageQuerySet), shop="shop"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "once"],
                condition=Q(taken_off_at=None),
                name="told_once",
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-at"], name="messages_of_a_shop"),
            models.Index(
                fields=["membership"], condition=Q(seen_at=None), name="messages_on_a_card"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} to {self.membership_id}"

    @property
    def stands(self) -> bool:
        """Is it on the card now, to be read?"""
        over = self.until is not None and self.until <= clock.now()
        return self.seen_at is None and not over
