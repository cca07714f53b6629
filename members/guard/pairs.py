"""One person who gives most of one card's stamps, and far more than they give other cards.

Where one or two people stand at the till, most cards are stamped by one of them; and customers
come at their hours and meet who works then. Neither is worth a look. So what counts is the
distance to the other cards, measured in what chance and habits do in this very shop.
"""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from math import ceil, log, sqrt
from statistics import fmean

from django.db.models import Count, Max, Min, Q

from loyalty.models import Shop
from members.family import belongs_to
from members.guard.facts import (
    Finding,
    Rule,
    stamps_of_a_visit,
    visits,
    visits_without_stamps,
)
from members.guard.models import GuardSettings
from members.ledger.models import local_day

FAR_OFF = 3.0  # standard deviations: by chance, one card in 740 is that far off
A_HABIT = 2  # visits from which another card says something about habits
ALWAYS_THERE = timedelta(days=14)  # whoever came within them is no new colleague
ENOUGH = 10  # visits with other cards: with fewer, there is nothing to compare with


@dataclass(frozen=True)
class Given:
    """What one person gave one card. `staff` None: nobody was chosen on the till."""

    card: int
    staff: int | None
    visits: int
    stamps: int
    bare: int  # visits without a stamp
    first: datetime
    latest: datetime

    @property
    def things(self) -> int:
        """Stamps; a visit that gave points instead is one thing, however many points."""
        return self.stamps + self.bare


def pairs(
    shop: Shop, since: datetime, until: datetime, settings: GuardSettings
) -> Iterator[Finding]:
    """The pairs that stand out now and did not before `since`, or whose stamps doubled since.

    The same honest pair would otherwise be here every week.
    """
    span = timedelta(days=settings.pair_days)
    now = Table(until - span, until)
    found = [pair for pair in now.given if pair.latest >= since and now.level(pair, settings)]
    if not found:
        return
    before = Table(since - span, since)
    known = {(pair.card, pair.staff): before.level(pair, settings) for pair in before.given}
    for pair in found:
        if now.level(pair, settings) > known.get((pair.card, pair.staff), 0):
            yield Finding(
                Rule.PAIR,
                local_day(shop, pair.latest),
                {**now.counted(pair), "days": settings.pair_days},
                belongs_to(pair.card) & Q(staff=pair.staff, at__gte=until - span),
            )


Visits = dict[int | None, Tally[int]]  # by person, then card


class Table:
    """Who stamped which card how often, from one moment to another."""

    def __init__(self, since: datetime, until: datetime) -> None:
        self.until = until
        rows = visits(since, until).order_by().values("card", "staff")
        counted = rows.annotate(
            visits=Count("pk", distinct=True),
            stamps=stamps_of_a_visit(),
            bare=visits_without_stamps(),
            first=Min("at"),
            latest=Max("at"),
        )
        self.given = [Given(**row) for row in counted.values(*Given.__annotations__)]
        self.visits: Tally[int] = Tally()  # by card
        self.stamps: Tally[int] = Tally()
        self.things: Tally[int] = Tally()
        self.begun: dict[int | None, datetime] = {}  # by person: when they gave their first
        for pair in self.given:
            self.visits[pair.card] += pair.visits
            self.stamps[pair.card] += pair.stamps
            self.things[pair.card] += pair.things
            self.begun[pair.staff] = min(pair.first, self.begun.get(pair.staff, pair.first))
        self._since_begun: dict[int | None, Visits] = {}

    def level(self, pair: Given, settings: GuardSettings) -> int:
        """0: nothing. 1: it stands out; 2: with twice the least stamps; 3: with four times."""
        enough = pair.things // settings.pair_least
        most = pair.things * 100 >= self.things[pair.card] * settings.pair_share
        if pair.staff is None or not (enough and most and self._is_far_off(pair)):
            return 0
        return enough.bit_length()

    def counted(self, pair: Given) -> dict[str, int]:
        """What the owner is told: stamps out of all; visits, where not every one gave a stamp."""
        if self.things[pair.card] == self.stamps[pair.card]:
            return {"stamps": pair.stamps, "of": self.things[pair.card]}
        return {"visits": pair.visits, "of": self.visits[pair.card]}

    def _is_far_off(self, pair: Given) -> bool:
        """The more cards there are, the further off one of them may be by chance."""
        far = max(FAR_OFF, sqrt(2 * log(len(self.visits))))
        since = self._since_they_began(pair.staff)
        share = _share_elsewhere(since, pair)
        if share is None:
            return False
        above = _deviation(pair.visits - 0.5, _on_card(since, pair.card), share)
        return above >= far and above >= far * _spread(since, pair, share)

    def _since_they_began(self, staff: int | None) -> Visits:
        """Everybody's visits since one of them began: a new colleague's regulars are only new."""
        begun = self.begun[staff]
        if begun - min(self.begun.values()) < ALWAYS_THERE:
            return self._visits_with
        if staff not in self._since_begun:
            rows = visits(begun, self.until).order_by().values("staff", "card")
            tallies: Visits = defaultdict(Tally)
            for row in rows.annotate(n=Count("pk", distinct=True)):
                tallies[row["staff"]][row["card"]] += row["n"]
            self._since_begun[staff] = tallies
        return self._since_begun[staff]

    @cached_property
    def _visits_with(self) -> Visits:
        tallies: Visits = defaultdict(Tally)
        for pair in self.given:
            tallies[pair.staff][pair.card] += pair.visits
        return tallies


def _share_elsewhere(since: Visits, pair: Given) -> float | None:
    """This person's share of the visits with other cards, never quite 0 or 1. None: too few."""
    others = sum(cards.total() for cards in since.values()) - _on_card(since, pair.card)
    if others < ENOUGH:
        return None
    theirs = since[pair.staff]
    return (theirs.total() - theirs[pair.card] + 1) / (others + 2)


def _spread(since: Visits, pair: Given, share: float) -> float:
    """How much further the other cards are from that share than by chance. 1: not at all.

    Large where customers always meet the same person. A tenth of the cards, the furthest
    off, are left out: they may be what we look for.
    """
    cards = {card for theirs in since.values() for card in theirs} - {pair.card}
    times = {card: _on_card(since, card) for card in cards}
    others = sorted(
        _deviation(since[pair.staff][card], n, share) ** 2
        for card, n in times.items()
        if n >= A_HABIT
    )
    usual = others[: ceil(len(others) * 0.9)]
    return max(1.0, sqrt(fmean(usual))) if usual else 1.0


def _on_card(since: Visits, card: int) -> int:
    return sum(theirs[card] for theirs in since.values())


def _deviation(times: float, of: int, share: float) -> float:
    """How many standard deviations `times` is above its `share` of so many visits."""
    return (times - of * share) / sqrt(of * share * (1 - share))
