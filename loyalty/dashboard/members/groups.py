"""The groups above the list of members: the segments, whose reward waits, whose birthday it is."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import get_scope

from loyalty.models import Shop
from members.family import Cards
from members.ledger.models import local_day
from members.models import Membership
from members.segments import SEGMENTS, Segment
from rewards.birthday import days
from rewards.models import Claim

WAITS_FOR = timedelta(days=7)


def _reward_waiting(cards: Cards, now: datetime) -> Q:
    """Something they earned could be used all week, and still can."""
    ready = Claim.objects.earned().ready(_today(now)).filter(issued_at__lte=now - WAITS_FOR)
    not_late = ready.filter(Q(use_by=None) | Q(use_by__gte=now))
    return Q(pk__in=not_late.order_by().values("membership"))


def _birthday(cards: Cards, now: datetime) -> Q:
    """This week, Monday to Sunday."""
    monday = _today(now) - timedelta(days=_today(now).weekday())
    return days.between(monday, monday + timedelta(days=6))


def _today(now: datetime) -> date:
    return local_day(cast(Shop, get_scope()["shop"]), now)


REWARD_WAITING = Segment(
    "reward_waiting",
    _("Reward waiting"),
    _("Has a reward that nobody has used for 7 days or more."),
    _reward_waiting,
)
BIRTHDAY = Segment(
    "birthday", _("Birthday"), _("Has a birthday this week, Monday to Sunday."), _birthday
)
# What an opening or a reward may be for are the segments; these two are for the owner's eyes.
GROUPS = {
    group.key: group
    for group in (
        SEGMENTS["new"],
        SEGMENTS["regulars"],
        SEGMENTS["nearly_there"],
        REWARD_WAITING,
        SEGMENTS["gone_quiet"],
        BIRTHDAY,
    )
}


@dataclass(frozen=True)
class Group:
    """A group, and how many are in it now."""

    segment: Segment
    n: int


def groups(now: datetime) -> list[Group]:
    """All of them, counted. A handful of queries, however many members."""
    cards = Membership.objects.current()
    return [
        Group(each, cards.filter(among(key, cards, now)).count()) for key, each in GROUPS.items()
    ]


def among(key: str, cards: Cards, now: datetime) -> Q:
    """Which of the cards are in a group at a moment, within the scope of their shop."""
    return GROUPS[key].among(cards, now)
