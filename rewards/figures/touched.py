"""Which months something changed in since a moment: late stamps, voids, merged cards, and today's.

What was recorded says so, but for rewards that were taken back, which leave no trace of their own:
of those, each month's number is held against what was counted.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from loyalty.calendar import midnight, months_after
from loyalty.models import Shop
from members.ledger.models import LedgerEntry, Operation, Visit, local_day
from rewards.figures.models import MemberMonth, ShopDay, Watermark
from rewards.models import Claim, HandOver

A_DAY = timedelta(days=1)
# An operation is dated when it begins, and seen when it ends: read a little more than what is new.
OVERLAP = timedelta(hours=1)


def months_since(shop: Shop, mark: Watermark, through: date) -> set[date]:
    """The first days of the months to be counted again, none after `through`."""
    since = mark.read_at - OVERLAP
    found = set(months_between(mark.day + A_DAY, through))
    found |= {first_of(local_day(shop, moment)) for moment in _moments(shop, since)}
    found |= _of_merged_cards(since) | _with_other_rewards(shop, mark.day)
    return {month for month in found if month <= through}


def first_of(day: date) -> date:
    return day.replace(day=1)


def months_between(first: date, last: date) -> Iterable[date]:
    month = first_of(first)
    while month <= last:
        yield month
        month = months_after(month, 1)


def _moments(shop: Shop, since: datetime) -> set[datetime]:
    """When that happened which was recorded since, and when that which it took back."""
    recorded = {"shop": shop, "operation__recorded_at__gte": since}
    taken_back = {"shop": shop, "undone_by__recorded_at__gte": since}
    voided = {"shop": shop, "voided_by__recorded_at__gte": since}
    asked: list[tuple[Any, str]] = [
        (Operation.objects.filter(shop=shop, recorded_at__gte=since), "occurred_at"),
        (
            LedgerEntry.objects.filter(**recorded).exclude(reverses=None),
            "reverses__operation__occurred_at",
        ),
        (Visit.objects.filter(**voided), "at"),
        (HandOver.objects.filter(**taken_back), "at"),
    ]
    return {at for rows, moment in asked for at in rows.order_by().values_list(moment, flat=True)}


def _of_merged_cards(since: datetime) -> set[date]:
    """Every month of a card that became part of another, or that another is no part of any more."""
    done = Operation.objects.filter(recorded_at__gte=since, answer__refused__isnull=True)
    undos = done.filter(kind="undo").values_list("answer__undone", flat=True)
    undone = Operation.objects.filter(kind="merge", key__in=[UUID(key) for key in undos if key])
    cards = {*done.filter(kind="merge").values_list("answer__gone", flat=True)}
    cards |= {*undone.values_list("answer__membership", flat=True)}
    rows = MemberMonth.objects.filter(membership__in=cards)
    return set(rows.values_list("month", flat=True))


def _with_other_rewards(shop: Shop, through: date) -> set[date]:
    """The months whose number of rewards is not what was counted."""
    days = ShopDay.objects.filter(shop=shop, rewards_issued__gt=0)
    by_month = days.annotate(month=TruncMonth("day")).order_by().values_list("month")
    counted = Counter(dict(by_month.annotate(Sum("rewards_issued"))))
    ends = midnight(through + A_DAY, shop.zone)
    issued = Claim.objects.earned().exclude(state=Claim.State.CANCELLED)
    moments = issued.filter(shop=shop, issued_at__lt=ends).values_list("issued_at", flat=True)
    now = Counter(first_of(local_day(shop, moment)) for moment in moments.iterator())
    return {month for month in counted | now if counted[month] != now[month]}
