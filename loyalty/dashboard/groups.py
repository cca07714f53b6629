"""The groups above the list of members, and who is in one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator

from loyalty.dashboard.register import SHOWN, Row, rows_of
from loyalty.models import Shop
from members.models import Membership, Programme
from members.segments import SEGMENTS, Segment, within
from stampcards.counter.searching import latest_first


@dataclass(frozen=True)
class Group:
    """A segment, and how many are in it now."""

    segment: Segment
    n: int


@dataclass(frozen=True)
class Shown:
    """One page of a group, those who were here last first."""

    segment: Segment
    page: "Page[Any]"
    rows: list[Row]
    only_stamps: bool  # is there nothing to collect but stamps?


def groups(now: datetime) -> list[Group]:
    """All of them, counted. A handful of queries, however many members."""
    cards = Membership.objects.current()
    return [Group(each, within(key, cards, now).count()) for key, each in SEGMENTS.items()]


def shown(shop: Shop, key: str, number: str, now: datetime) -> Shown:
    """A page of a group by its number; what is no number shows the first."""
    cards = latest_first(within(key, Membership.objects.select_related("person"), now))
    page = Paginator(cards, SHOWN).get_page(number)
    return Shown(
        SEGMENTS[key],
        page,
        rows_of(shop, list(page.object_list)),
        only_stamps=Programme.objects.on().only_stamps(),
    )
