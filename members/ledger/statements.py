"""The monthly statement: what was earned and used in a programme, month by month.

    opening + earned + restored - redeemed - expired + adjusted = closing

Every entry stands in exactly one column, so this holds to the last stamp; a month opens with what
the month before it closed with, and the last one closes with the sum of the balances (promise A1).

An entry belongs to the month in which it was *booked*, `operation.recorded_at`, and not to the one
in which it happened, `occurred_at`. A stamp given without a connection on 31 May that arrives on
2 June is of June: a month that is over never changes, so nobody has to close it. (What is booked
at midnight itself is of the moment it began, and stands there seconds later.)
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, IntegerField, Min, Q, Sum, Value, When

from loyalty.calendar import midnight, months_after
from loyalty.models import Shop
from members.ledger.models import LedgerEntry, Operation
from members.models import Programme

Kind = LedgerEntry.Kind

EARNED = Q(kind__in=[Kind.EARN, Kind.OPENING])
RESTORED = Q(kind=Kind.REVERSE, reverses__kind__in=[Kind.SPEND, Kind.EXPIRE])
REDEEMED = Q(kind=Kind.SPEND)
EXPIRED = Q(kind=Kind.EXPIRE)
# Corrections, moves between cards, earnings taken back: whatever is in no other column.
ADJUSTED = ~(EARNED | RESTORED | REDEEMED | EXPIRED)

COLUMNS = {
    "booked": Sum("amount"),
    "earned": Sum("amount", filter=EARNED, default=0),
    "restored": Sum("amount", filter=RESTORED, default=0),
    "redeemed": -Sum("amount", filter=REDEEMED, default=0),
    "expired": -Sum("amount", filter=EXPIRED, default=0),
    "adjusted": Sum("amount", filter=ADJUSTED, default=0),
}
NOTHING = dict.fromkeys(COLUMNS, 0)


@dataclass(frozen=True)
class Month:
    """A programme in one month of the shop's time, in whole stamps or points."""

    first_day: date
    opening: int
    earned: int
    restored: int  # given back by undoing what was redeemed or had run out
    redeemed: int
    expired: int
    adjusted: int  # the one column that may be below zero
    closing: int


@dataclass(frozen=True)
class Statement:
    programme: Programme
    months: list[Month]  # newest first, without a gap; the newest is not over yet


def statements_of(shop: Shop, now: datetime) -> list[Statement]:
    """A statement for every programme in which anything was ever booked, in their order.

    Three queries, however many months and entries there are.
    """
    starts = _months_until(shop, now)
    booked = _booked(starts)
    programmes = Programme.objects.filter(pk__in=booked).in_order()
    return [Statement(each, _added_up(starts, booked[each.pk])) for each in programmes]


def _months_until(shop: Shop, now: datetime) -> list[datetime]:
    """The first moment, in shop time, of every month since anything happened in this shop."""
    first = Operation.objects.aggregate(first=Min("recorded_at"))["first"] or now
    month = first.astimezone(shop.zone).date().replace(day=1)
    starts = []
    while (start := midnight(month, shop.zone)) <= now:
        starts.append(start)
        month = months_after(month, 1)
    return starts


def _booked(starts: list[datetime]) -> dict[int, dict[int, dict[str, int]]]:
    """What the columns sum up to: by programme, and by the number of the month."""
    # The boundaries are compared, rather than each entry asked for its month: no database has to
    # know the shop's time zone, and SQLite stays quick.
    number = Case(
        *(When(operation__recorded_at__lt=end, then=Value(n)) for n, end in enumerate(starts[1:])),
        default=Value(len(starts) - 1),
        output_field=IntegerField(),
    )
    entries = LedgerEntry.objects.order_by().annotate(month=number)
    grouped = entries.values_list("account__programme", "month").annotate(**COLUMNS)
    booked: dict[int, dict[int, dict[str, int]]] = defaultdict(dict)
    for programme, month, *sums in grouped:
        booked[programme][month] = dict(zip(COLUMNS, sums, strict=True))
    return dict(booked)


def _added_up(starts: list[datetime], booked: dict[int, dict[str, int]]) -> list[Month]:
    """From the first month with an entry on: each opens with what the one before closed with."""
    months: list[Month] = []
    closing = 0
    for number in range(min(booked), len(starts)):
        sums = dict(booked.get(number, NOTHING))
        opening, closing = closing, closing + sums.pop("booked")
        day = starts[number].date()
        months.append(Month(first_day=day, opening=opening, closing=closing, **sums))
    return months[::-1]
