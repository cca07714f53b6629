"""What the detectors read: visits that stand, whose card they were on, and on which day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncDate

from loyalty.calendar import midnight
from loyalty.models import Shop
from members.family import card_of
from members.ledger.models import LedgerEntry, Visit

A_DAY = timedelta(days=1)


class Rule(StrEnum):
    """What may be worth a look, in the order of a day's page."""

    PAIR = "pair"
    BUSY_CARD = "busy_card"
    BURST = "burst"
    OWN_CARD = "own_card"
    OUTSIDE_HOURS = "outside_hours"
    FAR_ABOVE = "far_above"


@dataclass(frozen=True)
class Finding:
    """Something past a threshold: its day in shop time, its numbers, and which visits show it."""

    rule: Rule
    day: date
    numbers: dict[str, int]
    visits: Q


def visits(since: datetime, until: datetime) -> QuerySet[Any]:
    """What happened and was not undone. `card` is where it stands now: a merged card's visits
    are those of the card it became part of."""
    standing = Visit.objects.filter(voided_by=None, at__gte=since, at__lte=until)
    return standing.annotate(card=card_of("pk"))


def by_day(shop: Shop, since: datetime, until: datetime) -> QuerySet[Any]:
    """The same, each with its `day` in shop time."""
    return visits(since, until).annotate(day=TruncDate("at", tzinfo=shop.zone))


def stamps_of_a_visit() -> Sum:
    """Adds up what visits gave. Counting visits beside it needs `distinct`."""
    entries = "operation__entries__"
    of_this_card = {
        f"{entries}kind": LedgerEntry.Kind.EARN,
        f"{entries}visit__isnull": False,  # what waits on a new card was given by nobody
        f"{entries}account__membership": F("membership"),
        f"{entries}account__programme__kind": "stamps",
    }
    return Sum(f"{entries}amount", filter=Q(**of_this_card), default=0)


def visits_without_stamps() -> Count:
    """How many gave none: points, or something else that is not counted one by one."""
    return Count("pk", filter=~Exists(_stamps_of_that_visit()), distinct=True)


def with_stamps(shown: QuerySet[Visit]) -> QuerySet[Visit]:
    """Each visit with the `stamps` it gave."""
    entries = _stamps_of_that_visit()
    given = entries.order_by().values("operation").annotate(given=Sum("amount")).values("given")
    return shown.annotate(stamps=Coalesce(Subquery(given), 0))


def _stamps_of_that_visit() -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(
        operation=OuterRef("operation"),
        account__membership=OuterRef("membership"),
        account__programme__kind="stamps",
        kind=LedgerEntry.Kind.EARN,
        visit__isnull=False,
    )


def on_day(shop: Shop, day: date) -> Q:
    return Q(at__gte=midnight(day, shop.zone), at__lt=midnight(day + A_DAY, shop.zone))
