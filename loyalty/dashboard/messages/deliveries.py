"""What members were told, and how each of it reached them."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from loyalty import clock
from loyalty.models import Shop
from loyalty.models.people import masked
from loyalty.outbox.models import OutboxMessage
from members.messages import reading
from members.messages.models import Message
from members.templatetags.days import day
from stampcards.counter.telling import name_of

ROWS_A_PAGE = 50
Mail, State = Message.Mail, OutboxMessage.State
NO_SUCH_ADDRESS = re.compile(r"\b5\d\d\b|\b5\.\d\.\d")  # what a mail server says when it never will
NO_CONNECTION = re.compile(r"connect|timed out|refused|unreachable|resolv|name or service", re.I)


@dataclass(frozen=True)
class Delivery:
    """One message to one member."""

    message: Message
    name: str
    subject: str  # in the shop's language
    how: str
    tone: str  # "good", "bad" or ""
    to: str  # maja@…; "": by the card alone


def page_of(told: "QuerySet[Message]", shop: Shop, number: str) -> tuple[Page, list[Delivery]]:
    """One page of them, newest first. Two queries, whatever the number of rows."""
    newest = told.select_related("membership__person", "posted").order_by("-at", "-pk")
    page = Paginator(newest, ROWS_A_PAGE).get_page(number)
    return page, [_delivery(message, shop) for message in page]


def _delivery(message: Message, shop: Shop) -> Delivery:
    with translation.override(shop.language):
        subject = reading.sentence(message, "subject", shop.name)
    how, tone = _how(message)
    return Delivery(
        message=message,
        name=name_of(message.membership),
        subject=subject,
        how=how,
        tone=tone,
        to=masked(message.posted.to) if message.posted else "",
    )


def _how(message: Message) -> tuple[str, str]:
    """In words, and whether that is good or bad."""
    mail = message.posted
    if mail is None:
        return message.get_mail_display(), ""
    match mail.state:
        case State.SENT:
            return _("Sent on %(day)s at %(time)s") % _moment(mail.sent_at), "good"
        case State.GIVEN_UP:
            return _("Given up. %(why)s") % {"why": trouble(mail.last_error)}, "bad"
        case State.CALLED_OFF:
            return _called_off(message), ""
    return _waiting(mail), ""


def _called_off(message: Message) -> str:
    if message.taken_off_at:
        return _("Not sent: it was not true any more")
    if message.membership.merged_into_id:
        return _("Not sent: their two cards became one")
    return _("Not sent: they stopped these e-mails")


def _waiting(mail: OutboxMessage) -> str:
    then = _moment(mail.next_try_at)
    if mail.attempts:
        told = {"why": trouble(mail.last_error), **then}
        return _("Not sent yet. %(why)s The next try is at %(time)s.") % told
    if mail.next_try_at > clock.now():
        return _("Waiting until %(day)s at %(time)s: no e-mail at night") % _moment(
            mail.next_try_at
        )
    return _("On its way")


def _moment(at: datetime | None) -> dict[str, str]:
    local = timezone.localtime(at)
    return {"day": day(local), "time": formats.time_format(local, "TIME_FORMAT")}


def trouble(error: str) -> str:
    """What a mail server or the network said, without the address it was about."""
    if NO_SUCH_ADDRESS.search(error):
        return _("The address takes no e-mail.")
    if NO_CONNECTION.search(error):
        return _("The mail server could not be reached.")
    return _("The mail server did not take it.")
