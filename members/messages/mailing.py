"""Whether a message may go by mail, and when. Nothing is sent to somebody who did not choose it."""

from datetime import datetime, timedelta
from typing import cast

from allauth.account.models import EmailAddress
from django.conf import settings
from django.urls import reverse

from loyalty.models import Person
from loyalty.outbox import operations as outbox
from loyalty.outbox.models import OutboxMessage
from members.messages import links
from members.messages.models import Message
from members.models import Consent, Membership

WEEK = timedelta(days=7)
NEWS_A_WEEK = 2

Purpose = Message.Purpose


def how(message: Message, goes_at: datetime) -> Message.Mail:
    """By mail, or why by the card alone. The caller holds the card's lock, so it stays true."""
    card, purpose = message.membership, Purpose(message.purpose)
    if not has_proved_address(card):
        return Message.Mail.NO_ADDRESS
    if not wants(card, purpose):
        return Message.Mail.NOT_WANTED
    if message.until and message.at < message.until <= goes_at:
        return Message.Mail.TOO_LATE
    if purpose == Purpose.NEWS and _had_enough(card, goes_at):
        return Message.Mail.ENOUGH
    return Message.Mail.POSTED


def has_proved_address(card: Membership) -> bool:
    if card.person is None or not card.person.email:
        return False
    proved = EmailAddress.objects.filter(user=card.person_id, verified=True)
    return proved.filter(email=card.person.email).exists()


def wants(card: Membership, purpose: Message.Purpose) -> bool:
    """Has the owner of a card chosen this kind of mail, and not taken it back, nor left?"""
    if card.leaving_since:
        return False
    if purpose == Purpose.SERVICE:
        return card.service_mail
    news = Consent.objects.filter(membership=card, purpose=Consent.Purpose.NEWS)
    return news.stands().exists()


def _had_enough(card: Membership, goes_at: datetime) -> bool:
    posted = Message.objects.filter(membership=card, purpose=Purpose.NEWS, mail=Message.Mail.POSTED)
    went = posted.exclude(posted__state=OutboxMessage.State.CALLED_OFF)
    return went.filter(mail_at__gt=goes_at - WEEK).count() >= NEWS_A_WEEK


def post(message: Message, *, now: datetime) -> OutboxMessage:
    """The mail itself, with one tap to stop it in the mail and in the mail program."""
    card, goes_at = message.membership, cast(datetime, message.mail_at)
    stop = links.stop_link(card, Purpose(message.purpose))
    return outbox.post(
        to=cast(str, cast(Person, card.person).email),  # `how` saw it
        template=message.template,
        values={**message.values, **about(card), "purpose": message.purpose, "stop_link": stop},
        language=card.language,
        headers={
            "Reply-To": card.shop.contact_email,
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        not_before=goes_at if goes_at > now else None,
        by_day_in=card.shop.time_zone,
    )


def about(card: Membership) -> dict[str, str]:
    """What every mail about a card may say: the shop, whom to answer, and the card itself."""
    return {
        "shop": card.shop.name,
        "answer_to": card.shop.contact_email,
        "link": settings.PUBLIC_URL + reverse("card:card", args=[card.private]),
        "settings_link": settings.PUBLIC_URL + reverse("card:settings", args=[card.private]),
    }


def call_off(card: Membership, purpose: Message.Purpose) -> None:
    """Mail of a purpose that still waits does not go out."""
    of_this = Message.objects.filter(membership=card, purpose=purpose, posted__isnull=False)
    outbox.call_off(OutboxMessage.objects.filter(pk__in=of_this.values("posted")))
