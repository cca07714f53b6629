"""The figures of a week, counted straight from the facts. What was undone counts nowhere.

Each has the same stretch of the week before beside it. Nothing here adds up a shop's history: days
are found by the moment of a visit, and what "Came back" asks for is nine weeks old at most.
Source: requirements, KPI-00 and section 7; ux-screens, W14.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from loyalty.calendar import midnight
from loyalty.dashboard.week import weeks
from loyalty.dashboard.week.joining import Joined, joined_in
from loyalty.dashboard.week.weeks import Span, Stretch
from loyalty.models import Shop
from members.family import merged_cards, now_part_of
from members.ledger.models import LedgerEntry, Operation, Visit
from members.models import Programme
from rewards.models import Claim, HandOver
from stampcards.operations import FROM_US

A_DAY = timedelta(days=1)
RECENTLY = 30 * A_DAY  # "Came back": in the last 30 days and in the 30 before
# What a clock that is fast may have written before the moment it happened.
AHEAD = A_DAY

Places = list[int] | None  # pks of locations; None: the whole shop, also what has no place


@dataclass(frozen=True)
class Figure:
    """A count of a week so far, and of the same stretch a week ago. None: no shop then."""

    now: int
    before: int | None

    @property
    def change(self) -> int:
        return self.now - (self.before or 0)


@dataclass(frozen=True)
class Quotient:
    """Two counts, of which the first is measured by the second."""

    part: Figure
    whole: Figure

    @property
    def now(self) -> Fraction | None:
        """None: there is nothing to measure it by (KPI-24)."""
        return Fraction(self.part.now, self.whole.now) if self.whole.now else None

    @property
    def before(self) -> Fraction | None:
        part, whole = self.part.before, self.whole.before
        return Fraction(part, whole) if part is not None and whole else None


@dataclass(frozen=True)
class Week:
    """What an owner looks at on a Monday. Staff see the visits, and nothing else is counted."""

    stretch: Stretch
    compares: bool  # was the shop open the week before?
    visits: Figure
    by_day: dict[date, int]  # visits; of both weeks, where there were any
    came_back: Quotient | None = None
    joined: Joined | None = None  # None: of some places only, and members are the shop's
    stamps: Figure | None = None  # None: no stamp card is on
    points: Figure | None = None  # None: nor are points
    rewards: Quotient | None = None  # handed out, by how many were earned
    never_any: bool = False  # no reward was ever handed out
    spend: Quotient | None = None  # minor units by visits with an amount; None: there are none
    programmes: dict[str, Programme] = field(default_factory=dict)  # the first that is on, by kind

    def of_day(self, day: date) -> Figure:
        ago = day - weeks.A_WEEK
        return Figure(self.by_day.get(day, 0), self.by_day.get(ago, 0) if self.compares else None)


def week_of(
    shop: Shop, now: datetime, *, monday: date | None = None, places: Places = None
) -> Week:
    """The week of this moment, or the one that began on a Monday. One statement for each kind of
    fact, however many there are."""
    count = Counting(shop, weeks.week_of(shop, now, monday), places)
    visits, spend, by_day = count.visits()
    on = {each.kind: each for each in reversed(Programme.objects.on().in_order())}
    given, rewards = count.given(), count.rewards()
    return Week(
        stretch=count.stretch,
        compares=count.compares,
        visits=visits,
        by_day=by_day,
        came_back=count.came_back(),
        joined=joined_in(shop, count.stretch, count.compares) if places is None else None,
        stamps=given["stamps"] if "stamps" in on else None,
        points=given["points"] if "points" in on else None,
        rewards=rewards,
        never_any=not rewards.part.now and not _handed_out(HandOver.objects.all()).exists(),
        spend=spend if spend.whole.now or spend.whole.before else None,
        programmes=on,
    )


def visits_of(shop: Shop, now: datetime, *, monday: date | None, places: Places) -> Week:
    """The visits of a week. One statement."""
    count = Counting(shop, weeks.week_of(shop, now, monday), places)
    visits, _spend, by_day = count.visits()
    return Week(count.stretch, count.compares, visits, by_day)


def has_begun() -> bool:
    """Was anybody ever stamped here?"""
    return Visit.objects.filter(voided_by=None).exists()


@dataclass(frozen=True)
class Counting:
    """What is counted: of which shop, when, and where."""

    shop: Shop
    stretch: Stretch
    places: Places

    @property
    def compares(self) -> bool:
        opened = self.shop.live_since
        return opened is not None and opened < self.stretch.now.start

    def visits(self) -> tuple[Figure, Quotient, dict[date, int]]:
        """How many, what they paid by how many did, and how many on each day."""
        priced = Q(kind=Visit.Kind.PURCHASE, amount_minor__isnull=False)
        found = self._here(Visit.objects, "location").filter(
            self.stretch.either("at"), voided_by=None
        )
        days = found.annotate(day=TruncDate("at", tzinfo=self.shop.zone)).order_by()
        rows = days.values_list("day").annotate(
            n=Count("pk"),
            priced=Count("pk", filter=priced),
            paid=Sum("amount_minor", filter=priced),
        )
        n, with_amount, paid = Counter[date](), Counter[date](), Counter[date]()
        for day, n[day], with_amount[day], minor in rows:
            paid[day] = minor or 0
        spend = Quotient(self._of_days(paid), self._of_days(with_amount))
        return self._of_days(n), spend, dict(n)

    def given(self) -> dict[str, Figure]:
        """Stamps and points that visits earned, by kind of programme."""
        # By the shop of visits their few days are found; by that of entries, all it ever gave.
        earned = self._here(LedgerEntry.objects, "visit__location").filter(
            self.stretch.either("visit__at"),
            visit__shop=self.shop,
            kind=LedgerEntry.Kind.EARN,
            reversed_by=None,
        )
        by_kind = earned.exclude(reason__in=FROM_US).order_by().values("account__programme__kind")
        rows = by_kind.annotate(
            now=Sum("amount", filter=self.stretch.now.within("visit__at"), default=0),
            before=Sum("amount", filter=self.stretch.before.within("visit__at"), default=0),
        )
        found = {row["account__programme__kind"]: row for row in rows}
        none = {"now": 0, "before": 0}
        return {kind: self._figure(found.get(kind, none)) for kind in ("stamps", "points")}

    def rewards(self) -> Quotient:
        """Handed out, by how many became ready."""
        used = _handed_out(self._here(HandOver.objects, "counter__location"))
        ready = Claim.objects.earned().exclude(state=Claim.State.CANCELLED)
        return Quotient(
            self._count(used, "at"),
            self._count(self._here(ready, "operation__counter__location"), "issued_at"),
        )

    def came_back(self) -> Quotient:
        """Members active in the last 30 days and in the 30 before, by those active in the latter.

        Active: came by, bought, or got or used a reward. A card that became part of another one
        is the other's.
        """
        spans = _four_spans(self.stretch)
        merged = merged_cards(self.shop)
        active: list[set[int]] = [set(), set(), set(), set()]
        for card, *times in self._active(spans):
            for among, happened in zip(active, times, strict=True):
                if happened:
                    among.add(now_part_of(card, merged))
        lately, earlier, lately_before, earlier_before = active
        return Quotient(
            self._pair(len(lately & earlier), len(lately_before & earlier_before)),
            self._pair(len(earlier), len(earlier_before)),
        )

    def _active(self, spans: list[Span]) -> Iterator[tuple[int, ...]]:
        """A card, and how often it was active in each of the spans. Three statements."""
        visits = self._here(Visit.objects, "location").filter(voided_by=None)
        # Asked of operations: by what was recorded lately they are found, by a shop's entries all.
        # Where PostgreSQL finds it cheaper to begin with entries, at least with those of the shop.
        spent = Operation.objects.filter(
            entries__shop=self.shop,
            entries__kind=LedgerEntry.Kind.SPEND,
            entries__reversed_by=None,
            recorded_at__gte=_recorded_since(spans),
        )
        used = _handed_out(self._here(HandOver.objects, "counter__location"))
        yield from _by_card(visits, spans, "at", "membership")
        yield from _by_card(
            self._here(spent, "counter__location"),
            spans,
            "occurred_at",
            "entries__account__membership",
        )
        lately = used.filter(operation__recorded_at__gte=_recorded_since(spans))
        yield from _by_card(lately, spans, "at", "claim__membership")

    def _count(self, facts: "QuerySet[Any]", moment: str) -> Figure:
        lately = facts.filter(operation__recorded_at__gte=_recorded_since([self.stretch.before]))
        counted = lately.filter(self.stretch.either(moment)).aggregate(
            now=Count("pk", filter=self.stretch.now.within(moment)),
            before=Count("pk", filter=self.stretch.before.within(moment)),
        )
        return self._figure(counted)

    def _here(self, facts: Any, place: str) -> "QuerySet[Any]":
        ours = facts.filter(shop=self.shop)
        return ours if self.places is None else ours.filter(**{f"{place}__in": self.places})

    def _of_days(self, counted: "Counter[date]") -> Figure:
        return self._pair(
            sum(n for day, n in counted.items() if day >= self.stretch.monday),
            sum(n for day, n in counted.items() if day < self.stretch.monday),
        )

    def _figure(self, counted: dict[str, int]) -> Figure:
        return self._pair(counted["now"], counted["before"])

    def _pair(self, now: int, before: int) -> Figure:
        return Figure(now, before if self.compares else None)


def _handed_out(used: "QuerySet[HandOver]") -> "QuerySet[HandOver]":
    """Rewards that left the shop, and stayed away. What early access brings is none."""
    return used.filter(undone_by=None).exclude(claim__source=Claim.Source.EARLY)


def _recorded_since(spans: list[Span]) -> datetime:
    """Nothing is recorded before it happens; by that moment operations are found quickly."""
    return min(span.start for span in spans) - AHEAD


def _by_card(
    facts: "QuerySet[Any]", spans: list[Span], moment: str, card: str
) -> Iterator[tuple[int, ...]]:
    since, until = min(span.start for span in spans), max(span.end for span in spans)
    cards = facts.filter(Span(since, until).within(moment)).order_by().values_list(card)
    times = {f"n{n}": Count("pk", filter=span.within(moment)) for n, span in enumerate(spans)}
    return cards.annotate(**times).iterator()


def _four_spans(stretch: Stretch) -> list[Span]:
    """The last 30 days, the 30 before; and the same as it was a week ago."""
    ago = stretch.last - weeks.A_WEEK
    return [
        *_spans(stretch.last, stretch.now.end, stretch),
        *_spans(ago, stretch.before.end, stretch),
    ]


def _spans(last: date, end: datetime, stretch: Stretch) -> list[Span]:
    """Thirty days up to a moment of the last one, and the thirty before those."""
    begin = midnight(last - RECENTLY + A_DAY, stretch.zone)
    return [Span(begin, end), Span(begin - RECENTLY, begin)]
