"""A card that comes far more often than nearly all others."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from math import ceil

from django.db.models import Count, Max, Q

from loyalty.models import Shop
from members.family import belongs_to
from members.guard.facts import Finding, Rule, visits
from members.guard.models import GuardSettings
from members.ledger.models import local_day

PERCENTILE = 99
ENOUGH_CARDS = 20  # with fewer, "nearly all others" means nothing


def far_above(
    shop: Shop, since: datetime, until: datetime, settings: GuardSettings
) -> Iterator[Finding]:
    """Cards whose visits went past so many times the 99th percentile, and were not there before."""
    span = timedelta(days=settings.far_days)
    now, before = Q(at__gte=until - span), Q(at__lt=since)
    rows = visits(since - span, until).order_by().values("card")
    counted = list(
        rows.annotate(
            times=Count("pk", filter=now), before=Count("pk", filter=before), latest=Max("at")
        )
    )
    others = nearly_all(row["times"] for row in counted)
    if others is None:
        return
    limit = max(settings.far_times * others, settings.far_least - 1)
    for row in counted:
        if row["times"] > limit >= row["before"] and row["latest"] >= since:
            yield Finding(
                Rule.FAR_ABOVE,
                local_day(shop, row["latest"]),
                {"times": row["times"], "others": others, "days": settings.far_days},
                belongs_to(row["card"]) & Q(at__gte=until - span),
            )


def nearly_all(visits: Iterable[int]) -> int | None:
    """As often as 99 of 100 cards come at most, the topmost card left out. None: too few cards."""
    others = sorted(times for times in visits if times)[:-1]
    if len(others) < ENOUGH_CARDS:
        return None
    return others[ceil(len(others) * PERCENTILE / 100) - 1]
