"""Tell a member something, and take it off the card when it is not true any more."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django_scopes import scopes_disabled

from loyalty import clock
from loyalty.calendar import by_day
from loyalty.outbox import operations as outbox
from loyalty.outbox.models import OutboxMessage
from members.messages import mailing
from members.messages.models import Message
from members.models import Consent, Membership

Purpose = Message.Purpose
KEPT_FOR = timedelta(days=730)  # two years


@transaction.atomic(savepoint=False)
def tell(
    card: Membership,
    *,
    template: str,
    values: dict[str, Any],
    purpose: Message.Purpose,
    once: str,
    at: datetime,
    until: datetime | None = None,
) -> Message | None:
    """Let a message stand on a card, and mail it where that is allowed, in one transaction.

    None: it was told before, under the same `once`. It stands there until it is read, or `until`;
    `until=at` is for what the card shows anyway. At night the mail waits for the morning, unless
    it would come too late.
    """
    card = locked(card)
    if Message.objects.true().filter(membership=card, once=once).exists():
        return None
    now = max(at, clock.now())  # what a counter sent late happened earlier
    goes_at = by_day(now, card.shop.zone)
    message = Message(
        shop=card.shop,
        membership=card,
        purpose=purpose,
        once=once,
        template=template,
        values=values,
        at=at,
        until=until,
    )
    message.mail = mailing.how(message, goes_at)
    if message.mail == Message.Mail.POSTED:
        message.mail_at = goes_at
        message.posted = mailing.post(message, now=now)
    message.save(force_insert=True)
    return message


def locked(card: Membership) -> Membership:
    """The card under its lock, read again; of a card that was merged, the one it became.

    Whoever stops the mail takes the same lock: after that nothing is posted any more.
    """
    cards = Membership.objects.filter(pk=card.pk)
    list(cards.select_for_update(no_key=True).values_list("pk"))  # read after it, not with it
    found = cards.select_related("shop", "person", "merged_into").get()
    return found if found.merged_into is None else locked(found.merged_into)


def take_off(card: Membership, once: str) -> None:
    """What was told under `once` is not true any more; a mail that waits does not go out.

    If it becomes true again, it can be told again.
    """
    told = Message.objects.true().filter(membership=card.became, once=once)
    posted = list(told.values_list("posted", flat=True))
    if any(posted):
        outbox.call_off(OutboxMessage.objects.filter(pk__in=posted))
    if posted:
        told.update(taken_off_at=clock.now())


def got_it(message: Message) -> None:
    """Its member took it off the card."""
    Message.objects.filter(pk=message.pk, seen_at=None).update(seen_at=clock.now())


def forget(card: Membership) -> None:
    """What a card was told is kept no longer, nor mail about it; and nobody says yes to any."""
    told = Message.objects.filter(membership=card)
    link = settings.PUBLIC_URL + reverse("card:card", args=[card.private])
    posted = Q(pk__in=told.exclude(posted=None).values("posted")) | Q(values__link=link)
    OutboxMessage.objects.filter(posted | _went_out_as_it_was_made(card)).delete()
    told.delete()
    yes = Consent.objects.filter(membership=card).stands()
    yes.update(withdrawn_at=clock.now(), withdrawn_by=Consent.Way.LEFT)


def _went_out_as_it_was_made(card: Membership) -> Q:
    """The mail with its link, to an address a customer told at the counter and nobody kept.

    What has gone out, or was called off, does not say any more whose it was; what waits does.
    """
    soon = card.joined_at + timedelta(minutes=1)
    made = Q(created_at__gte=card.joined_at, created_at__lt=soon)
    its_own = Q(values__card=card.pk) | Q(values__card__isnull=True)
    return made & its_own & Q(template="members/joining/mail/your_card")


def forget_old(now: datetime) -> None:
    """What was told two years ago is not kept any longer."""
    with scopes_disabled():
        Message.objects.filter(at__lt=now - KEPT_FOR).delete()
