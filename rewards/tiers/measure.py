"""How much a member did in a window of time: never what they have left (B15, B16).

Money in minor units of the shop's currency; visits, and points, in whole ones. What was done with
a card that became part of another one counts for that one. What was voided counts nowhere.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from django.db.models import Count, Q, QuerySet, Sum

from loyalty.models import Shop
from members.family import now_part_of
from members.ledger.models import LedgerEntry, Visit, local_day
from members.models import Membership
from rewards.tiers import periods
from rewards.tiers.models import Ladder, TierMove

Measure = Ladder.Measure
VISITS = {Measure.VISITS: Visit.Kind.PURCHASE, Measure.ATTENDANCE: Visit.Kind.ATTENDANCE}


@dataclass(frozen=True)
class Yardstick:
    """What a shop measures, and in which window."""

    shop: Shop
    measure: str  # of Ladder.Measure
    window: str  # of Ladder.Window

    @classmethod
    def of(cls, rules: Ladder | TierMove) -> Self:
        return cls(rules.shop, rules.measure, rules.window)

    def day(self, at: datetime) -> tuple[datetime | None, datetime]:
        """The first moment that counts, and the first that does not: that day counts in full."""
        first, last = periods.days_measured(self.window, local_day(self.shop, at))
        zone, next_day = self.shop.zone, last + timedelta(days=1)
        since = periods.begins(first, zone) if first else None
        return since, periods.begins(next_day, zone)


def of_card(yardstick: Yardstick, cards: Iterable[int], at: datetime) -> int:
    """What these cards (pks, of one member) did in the window through the day of a moment.

    One query.
    """
    done, sum_of, card = _done(yardstick, at)
    found: int | None = done.filter(**{f"{card}__in": list(cards)}).aggregate(n=sum_of)["n"]
    return found or 0


def of_everybody(yardstick: Yardstick, at: datetime) -> dict[int, int]:
    """The same for every card in use that did anything, by its pk. Two queries."""
    done, sum_of, card = _done(yardstick, at)
    became, deleted = _out_of_use()
    measured: dict[int, int] = defaultdict(int)
    for own, n in done.order_by().values(card).annotate(n=sum_of).values_list(card, "n"):
        measured[now_part_of(own, became)] += n or 0
    return {card: n for card, n in measured.items() if card not in deleted}


def measured(shop: Shop, at: datetime) -> dict[int, int]:
    """What the members of a shop did, by the pk of their card, as its ladder measures it."""
    ladder = Ladder.objects.select_related("shop").filter(shop=shop).first()
    return of_everybody(Yardstick.of(ladder), at) if ladder else {}


def _done(yardstick: Yardstick, at: datetime) -> tuple[QuerySet[Any], Sum | Count, str]:
    """The rows that count, how they add up, and where the card stands in one."""
    since, before = yardstick.day(at)
    if yardstick.measure == Measure.POINTS:
        return _earned(_between("operation__occurred_at", since, before))
    visits = Visit.objects.filter(_between("at", since, before), voided_by=None)
    if yardstick.measure == Measure.SPEND:
        return visits, Sum("amount_minor"), "membership"
    return visits.filter(kind=VISITS[Measure(yardstick.measure)]), Count("pk"), "membership"


def _earned(within: Q) -> tuple[QuerySet[Any], Sum | Count, str]:
    """Points by the day they were earned. What was reversed is left out with its reversal, or a
    refund in January would be taken from a year that never had the purchase."""
    points = LedgerEntry.objects.filter(within, account__programme__kind="points")
    standing = points.filter(reversed_by=None).exclude(kind=LedgerEntry.Kind.REVERSE)
    return standing, Sum("qualifying"), "account__membership"


def _between(field: str, since: datetime | None, before: datetime) -> Q:
    after = Q(**{f"{field}__gte": since}) if since else Q()
    return after & Q(**{f"{field}__lt": before})


def _out_of_use() -> tuple[dict[int, int], set[int]]:
    """Which card became part of which, and which were deleted by their owner."""
    cards = Membership.objects.exclude(merged_into=None, leaving_since=None)
    found = list(cards.values_list("pk", "merged_into", "leaving_since"))
    became = {gone: kept for gone, kept, _left in found if kept}
    return became, {card for card, _kept, left in found if left}
