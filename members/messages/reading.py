"""What was told, in the words of whoever reads it now."""

from datetime import datetime, timedelta

from django.db.models import Prefetch, prefetch_related_objects
from django.template import Context, Engine

from members.messages.models import Message
from members.models import Membership

READ_FOR = timedelta(days=365)


def unread(card: Membership, now: datetime) -> list[Message]:
    """What stands on a card, newest first. One query for a page, however often it asks."""
    standing = Prefetch("messages", Message.objects.on_card(now), to_attr="unread")
    prefetch_related_objects([card], standing)
    return list(card.unread)  # type: ignore[attr-defined]


def keep_none(card: Membership) -> None:
    """It is known that nothing is unread: whoever asks for a page is told so without a query."""
    card.unread = []  # type: ignore[attr-defined]


def of_last_year(card: Membership, now: datetime) -> list[Message]:
    """All that is true of the last twelve months, newest first."""
    told = Message.objects.true().filter(membership=card, at__gte=now - READ_FOR)
    return list(told.order_by("-at", "-pk"))


def sentence_without_others(message: Message, shop: str) -> str:
    """The same line, without the name of anybody else: "friend" among the values."""
    message.values = {**message.values, "friend": ""}
    return sentence(message, "card", shop)


def sentence(message: Message, part: str, shop: str) -> str:
    """One line of a message: the "card" or the "subject" of its template."""
    template = Engine.get_default().get_template(f"{message.template}_{part}.txt")
    words = template.render(Context({**message.values, "shop": shop}, autoescape=False))
    return " ".join(words.split())
