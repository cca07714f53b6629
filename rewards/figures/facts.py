"""Adding up the facts of some months, as they stand now. What was taken back never happened.

Sums are keyed by what makes a row one of a kind, and the rows come in the order of their keys, so
that the same facts always give the same rows.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from loyalty.calendar import midnight, months_after
from loyalty.models import Shop
from members.family import merged_cards, now_part_of
from members.ledger.models import LedgerEntry, Visit, local_day
from rewards.figures.models import MemberMonth, ProgrammeDay, ShopDay
from rewards.models import Claim, HandOver

Kind = LedgerEntry.Kind
# What a clock that is fast may have written before the moment it happened.
AHEAD = timedelta(days=1)
# Where an entry counts, and its sign there. What moves between two cards comes to nothing, but for
# what ran out on one of them and, since they are two again, runs out on the other.
COLUMNS = {
    Kind.EARN: ("issued", 1),
    Kind.OPENING: ("issued", 1),
    Kind.ADJUST: ("issued", 1),
    Kind.SPEND: ("redeemed", -1),
    Kind.EXPIRE: ("expired", -1),
    Kind.TRANSFER: ("expired", -1),
}

Place = int | None  # pk of a location


@dataclass
class Rows:
    """Rows of some months, not saved yet."""

    days: list[ShopDay]
    programmes: list[ProgrammeDay]
    members: list[MemberMonth]


@dataclass
class Sums:
    """What was added up so far."""

    shop: Shop
    months: frozenset[date]
    through: date
    merged: dict[int, int]
    days: dict[tuple[date, Place], Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    programmes: dict[tuple[int, date], Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    members: dict[tuple[date, int, Place], Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )

    @property
    def since(self) -> datetime:
        return midnight(min(self.months), self.shop.zone)

    @property
    def until(self) -> datetime:
        """The first moment that is none of theirs."""
        next_month = months_after(max(self.months), 1)
        day = min(next_month, self.through + timedelta(days=1))
        return midnight(day, self.shop.zone)

    def between(self, moment: str) -> Q:
        return Q(**{f"{moment}__gte": self.since, f"{moment}__lt": self.until})

    def recorded(self, operation: str = "operation") -> Q:
        """Nothing is recorded before it happens; by that moment operations are found quickly."""
        return Q(**{f"{operation}__recorded_at__gte": self.since - AHEAD})

    def day(self, moment: datetime) -> date | None:
        """Its day in shop time; None: of a month that is not asked for."""
        day = local_day(self.shop, moment)
        return day if day.replace(day=1) in self.months else None

    def of_day(self, day: date, place: Place) -> Counter[str]:
        return self.days[day, place]

    def of_member(self, day: date, card: int, place: Place) -> Counter[str]:
        return self.members[day.replace(day=1), now_part_of(card, self.merged), place]


def add_up(shop: Shop, months: Collection[date], through: date) -> Rows:
    """The rows of these months (their first days), of days up to `through`. Six queries."""
    sums = Sums(shop, frozenset(months), through, merged_cards(shop))
    for count in (_visits, _entries, _rewards_issued, _rewards_used):
        count(sums)
    return _rows(sums)


def _visits(sums: Sums) -> None:
    standing = Visit.objects.filter(sums.between("at"), shop=sums.shop, voided_by=None)
    fields = ("membership", "location", "kind", "amount_minor", "at")
    for card, place, kind, amount, at in standing.values_list(*fields).iterator():
        if day := sums.day(at):
            of_day, of_member = sums.of_day(day, place), sums.of_member(day, card, place)
            of_member["visits"] += 1
            if kind != Visit.Kind.PURCHASE:  # they came, or did what the shop likes
                of_day["attendances"] += 1
                continue
            for counted in (of_day, of_member):
                counted["purchases"] += 1
                counted["priced"] += amount is not None
            of_day["revenue_minor"] += amount or 0
            of_member["spent_minor"] += amount or 0


def _entries(sums: Sums) -> None:
    """Each with what was taken back of it, whenever that was: both on the day of the first."""
    happened = sums.between("operation__occurred_at") & sums.recorded()
    facts = LedgerEntry.objects.filter(happened, shop=sums.shop).exclude(kind=Kind.REVERSE)
    found = facts.order_by().values_list(
        *("pk", "kind", "amount", "visit"),
        *("account__programme", "account__membership"),
        *("operation__occurred_at", "operation__counter__location"),
    )
    back = _taken_back(sums)
    for entry, kind, amount, visit, programme, card, at, place in found.iterator():
        if day := sums.day(at):
            column, sign = COLUMNS[Kind(kind)]
            sums.programmes[programme, day][column] += sign * (amount + back.get(entry, 0))
            if entry not in back and kind == Kind.EARN and visit:  # a welcome is a present
                sums.of_member(day, card, place)["earned"] += 1
            if entry not in back and kind == Kind.SPEND:
                sums.of_member(day, card, place)["redeemed"] += 1


def _taken_back(sums: Sums) -> dict[int, int]:
    """How much of which entry (pk). Asked for by itself: they are few, and a database that knows
    of none may look for each through the whole ledger."""
    happened = sums.between("reverses__operation__occurred_at")
    facts = LedgerEntry.objects.filter(happened, sums.recorded(), shop=sums.shop)
    found = facts.exclude(reverses=None).order_by().values_list("reverses", "amount")
    return {entry: amount for entry, amount in found if entry}


def _rewards_issued(sums: Sums) -> None:
    issued = Claim.objects.earned().filter(sums.between("issued_at"), sums.recorded())
    stand = issued.filter(shop=sums.shop).exclude(state=Claim.State.CANCELLED)
    for at, place in stand.values_list("issued_at", "operation__counter__location").iterator():
        if day := sums.day(at):
            sums.of_day(day, place)["rewards_issued"] += 1


def _rewards_used(sums: Sums) -> None:
    used = HandOver.objects.filter(sums.between("at"), sums.recorded(), shop=sums.shop)
    stand = used.filter(undone_by=None).exclude(claim__source=Claim.Source.EARLY)
    fields = ("at", "counter__location", "claim__membership")
    for at, place, card in stand.values_list(*fields).iterator():
        if day := sums.day(at):
            sums.of_day(day, place)["rewards_used"] += 1
            sums.of_member(day, card, place)["used"] += 1


def _rows(sums: Sums) -> Rows:
    shop = sums.shop
    return Rows(
        [ShopDay(shop=shop, day=d, location_id=at, **n) for (d, at), n in _filled(sums.days)],
        [
            ProgrammeDay(shop=shop, programme_id=p, day=d, **n)
            for (p, d), n in _filled(sums.programmes)
        ],
        [
            MemberMonth(shop=shop, month=m, membership_id=card, location_id=at, **n)
            for (m, card, at), n in _filled(sums.members)
        ],
    )


def _filled(sums: dict[Any, Counter[str]]) -> list[tuple[Any, Counter[str]]]:
    """In the order of the keys, without what came to nothing."""
    something = [(key, counted) for key, counted in sums.items() if any(counted.values())]
    return sorted(something, key=lambda row: tuple((part is not None, part) for part in row[0]))
