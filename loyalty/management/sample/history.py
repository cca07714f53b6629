"""Who comes when, and what happens then. Made up from a seed; no database in here.

Few shops have most of the customers, and few customers make most of the visits: both follow
Zipf's law, as sizes of towns and shops do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple, Protocol

from loyalty.calendar import midnight
from loyalty.management.demo.shops import CAFE, CAR_WASH, SALON
from loyalty.models import Shop, Trade
from members.models import Membership
from stampcards.rules import StampRules

YEAR = 364  # days, ending yesterday: what was counted stays counted
NAMES = sorted({*CAFE.names, *SALON.names, *CAR_WASH.names})
HOURS = {  # of the shop's day: opens, is busiest, closes
    Trade.CAFE: (7.5, 9, 18),
    Trade.BAKERY: (6.5, 8.5, 16),
    Trade.SALON: (10, 16, 20),
    Trade.BARBER: (9, 16, 18),
    Trade.CAR_WASH: (8, 15, 20),
    Trade.RESTAURANT: (11, 19, 22),
    Trade.FLORIST: (9, 14, 18),
}  # not the gym: its stamps last half a year, and would have to run out on the way
CROWD = (9, 9, 10, 10, 13, 12, 6)  # how full the days are, Monday first
SOURCES = (Membership.Source.POSTER,) * 7 + (Membership.Source.COUNTER,) * 2
TWO, EXTRA, SLIP, AMOUNT, COLLECTS, NAMED = 0.06, 0.10, 0.015, 0.75, 0.85, 0.85  # how often


@dataclass(frozen=True)
class Size:
    members: int
    entries: int  # about


class Visit(NamedTuple):
    """One customer at the till."""

    at: int  # seconds of the epoch
    card: int  # which customer of the shop
    shift: float  # in [0, 1): decides who is on duty, and at which counter
    stamps: int
    extra: bool
    amount_minor: int | None
    slips: bool  # a stamp is given too many, and undone
    collects: bool  # asks for a reward that waits


class Till(Protocol):
    """Where a visit is booked: by the operations, or by `booking.py`. Moments in seconds."""

    def knows(self, card: int) -> bool: ...
    def join(self, at: int, visit: Visit) -> None: ...
    def has_reward(self, at: int, card: int) -> bool: ...
    def hand_over(self, at: int, visit: Visit) -> None: ...
    def could_slip(self, card: int) -> bool: ...
    def slip(self, at: int, visit: Visit) -> None: ...
    def stamp(self, at: int, visit: Visit) -> None: ...


def serve(till: Till, visit: Visit) -> None:
    """One visit: join if new, take a reward that waits, get a stamp."""
    if not till.knows(visit.card):
        till.join(visit.at - 100, visit)
    if visit.collects and till.has_reward(visit.at, visit.card):
        till.hand_over(visit.at, visit)
    if visit.slips and till.could_slip(visit.card):
        till.slip(visit.at + 40, visit)
    till.stamp(visit.at + 90, visit)


def sizes(shops: int, members: int, entries: int) -> list[Size]:
    """How many members and entries each shop has, the largest first. Sums are kept."""
    shares = zipf(shops, shift=0)
    cards = [max(1, round(members * share)) for share in shares]
    cards[0] += members - sum(cards)
    booked = [round(entries * share) for share in shares]
    booked[0] += entries - sum(booked)
    return [Size(*pair) for pair in zip(cards, booked, strict=True)]


def zipf(count: int, *, shift: float) -> list[float]:
    """Shares of so many, the largest first: 1, 1/2, 1/3 … of each other. A shift flattens the top.

    Source: Mandelbrot's form of Zipf's law, with exponent 1.
    """
    weights = [1 / (rank + shift) for rank in range(1, count + 1)]
    total = sum(weights)
    return [weight / total for weight in weights]


def a_year(shop: Shop, rules: StampRules, size: Size, today: date, random: Random) -> list[Visit]:
    """Every visit of a year, in order. `today` in shop time: the year ends on the day before."""
    year = Year.before(today, shop, rules, random)
    often = enumerate(visits_of_each(rules, size, YEAR // (2 * year.step)))
    return sorted(year.visit(card, day) for card, times in often for day in year.some_days(times))


def visits_of_each(rules: StampRules, size: Size, most: int) -> Iterator[int]:
    """How often each customer comes, regulars first; what one can't use is left to the others."""
    full_cards = (1 + TWO + EXTRA) / rules.need
    per_visit = 1 + EXTRA + full_cards + 2 * SLIP  # entries: what is spent is one as well
    left: float = max(size.members, (size.entries - size.members) / per_visit)
    shares = zipf(size.members, shift=3 + size.members / 100)
    unshared = 1.0
    for place, share in enumerate(shares, start=1):
        fair = round(left * share / unshared) if unshared > share else round(left)
        times = max(1, min(most, fair, round(left) - (size.members - place)))
        left, unshared = left - times, unshared - share
        yield times


@dataclass(frozen=True)
class Year:
    """The days of one shop, and how full they are."""

    rules: StampRules
    hours: tuple[float, float, float]  # opens, is busiest, closes
    midnights: list[int]  # seconds of the epoch
    crowd: list[float]  # against the fullest day
    step: int  # days between two visits: sooner, staff would be asked first
    random: Random

    @classmethod
    def before(cls, today: date, shop: Shop, rules: StampRules, random: Random) -> "Year":
        days = [today - timedelta(days=YEAR - n) for n in range(YEAR)]
        return cls(
            rules=rules,
            hours=HOURS[Trade(shop.trade)],
            midnights=[int(midnight(day, shop.zone).timestamp()) for day in days],
            crowd=[CROWD[day.weekday()] / max(CROWD) for day in days],
            step=2 if rules.wait >= timedelta(hours=12) else 1,
            random=random,
        )

    def some_days(self, times: int) -> set[int]:
        """So many different days, from the one on which somebody first came."""
        chance = self.random.random
        first = max(0, int((YEAR - 2 * self.step * times) * chance() ** 2))  # most came early
        found: set[int] = set()
        while len(found) < times:
            day = first + int((YEAR - first) * chance())
            near = self.step == 2 and (day - 1 in found or day + 1 in found)
            if day not in found and not near and chance() < self.crowd[day]:
                found.add(day)
        return found

    def visit(self, card: int, day: int) -> Visit:
        chance = self.random.random
        opens, busiest, closes = self.hours
        hour = self.random.triangular(opens + 0.1, closes - 0.1, busiest)
        average = self.rules.average_purchase_minor
        return Visit(
            at=self.midnights[day] + int(hour * 3600),
            card=card,
            shift=chance(),
            stamps=2 if chance() < TWO else 1,
            extra=bool(self.rules.extra_for) and chance() < EXTRA,
            amount_minor=int(average * (0.5 + chance())) if chance() < AMOUNT else None,
            slips=chance() < SLIP,
            collects=chance() < COLLECTS,
        )
