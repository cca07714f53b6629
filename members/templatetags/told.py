"""What members were told, in the words of whoever reads it."""

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from loyalty import clock
from members.messages import reading
from members.messages.models import Message
from members.models import Membership

register = template.Library()


@register.simple_tag
def told(message: Message, card: Membership) -> SafeString:
    """The one sentence for a card."""
    return conditional_escape(reading.sentence(message, "card", card.shop.name))


@register.simple_tag
def unread_count(card: Membership) -> int:
    """How many messages stand on a card."""
    return len(reading.unread(card, clock.now()))
