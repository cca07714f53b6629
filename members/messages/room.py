"""What messages answer when the house asks."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from loyalty import clock
from loyalty.models import Shop
from loyalty.prepared import Given
from members.ledger.models import Operation
from members.messages import merging, operations, reading
from members.messages.models import Message
from members.models import Membership
from members.rooms import Panel

ON_CARD = 3  # more would push the card itself off the screen


def on_card(card: Given, now: Given) -> "QuerySet[Message]":
    return Message.objects.filter(membership=card).on_card(now)


def card_panel(membership: Membership, today: date) -> Panel | None:
    """What was told and not read yet, newest first."""
    told = reading.unread(membership, clock.now())
    if not told:
        return None
    needs = {"membership": membership, "told": told[:ON_CARD], "more": len(told[ON_CARD:])}
    return Panel("members/messages/_on_card.html", needs)


def merged(op: Operation, gone: Membership, kept: Membership) -> dict[str, Any]:
    return merging.hand_on(op, gone, kept)


def unmerged(op: Operation, undone: Operation, gone: Membership, kept: Membership) -> None:
    merging.hand_back(op, undone, gone, kept)


def keeps(shop: Shop) -> Iterator[str]:
    yield _("What you were told on your card or by e-mail, for two years, so that you can read it.")


def personal_data(membership: Membership) -> dict[str, Any] | None:
    told = [
        {
            _("When"): message.at,
            _("What"): reading.sentence_without_others(message, membership.shop.name),
            _("E-mail"): message.get_mail_display(),
        }
        for message in Message.objects.filter(membership=membership).order_by("-pk")
    ]
    return {_("Messages"): told} if told else None


def forget(op: Operation, membership: Membership, now: datetime) -> None:
    operations.forget(membership)


def tick(now: datetime) -> None:
    operations.forget_old(now)
