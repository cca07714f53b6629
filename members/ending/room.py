"""What an end, or a pause, answers when the house asks."""

from datetime import date, datetime

from django.db.models import Q, QuerySet

from loyalty.prepared import Given
from members.ending import operations, telling, words
from members.models import Membership, Programme
from members.rooms import Panel

WORTH_SAYING = (
    Q(collects_until__isnull=False)
    | Q(paused_since__isnull=False)
    | Q(shop__paused_since__isnull=False)
)
# What is off is shown to who has something in it.
SHOWN = Q(programme__off_since=None) | Q(balance__gt=0)


def on_card(card: Given, now: Given) -> "QuerySet[Programme]":
    return Programme.objects.filter(WORTH_SAYING, accounts__membership=card)


def card_panel(membership: Membership, today: date) -> Panel | None:
    """That something ends, or waits."""
    shown = membership.accounts.filter(SHOWN).values("programme")
    programmes = Programme.objects.filter(WORTH_SAYING, pk__in=shown).in_order()
    lines = list(words.on_card(membership.shop, programmes, today))
    return Panel("members/ending/_on_card.html", {"lines": lines}) if lines else None


def tick(now: datetime) -> None:
    operations.pass_time(now)
    telling.tell(now)
