"""The stamp card once more, in plain Python without a database: what the ledger must agree with.

Written from the promises, not from the ledger's code. One card of the shop's rules; lots in the
order of their making; a refusal is the word "no".
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count

from loyalty.calendar import months_after

NEED, MONTHS, REWARD_MONTHS, GRACE = 5, 1, 1, timedelta(days=14)
PARTED_WITHIN = timedelta(hours=24)


class No(Exception):
    """The rules say no."""


@dataclass(eq=False)
class Lot:
    number: int
    left: int
    until: date
    welcome: bool = False
    ran_out: int = 0

    def is_good(self, today: date) -> bool:
        return self.left > 0 and today <= self.until


@dataclass(eq=False)
class Claim:
    until: date
    state: str = "ready"


@dataclass(eq=False)
class Fill:
    """A card that got full: which lots it ate, and the reward it made."""

    eaten: list[tuple[Lot, int]]
    claim: Claim
    undone: bool = False


@dataclass(eq=False)
class Done:
    """Something that could be undone."""

    card: "Card"
    lots: list[tuple[Lot, int]] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    handed: Claim | None = None
    undone: bool = False


@dataclass(eq=False)
class Merge:
    """Two cards that became one: what left which lots, and which lots it made over there."""

    gone: "Card"
    kept: "Card"
    at: datetime
    left: list[tuple[Lot, int]]
    arrived: list[tuple[Lot, int]]
    claims: list[Claim]
    used: list[Claim]  # handed over before; of these nobody is asked later
    fills: list[Fill] = field(default_factory=list)
    undone: bool = False


@dataclass(eq=False)
class Card:
    numbers: count
    lots: list[Lot] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    gone: bool = False

    @property
    def balance(self) -> int:
        return sum(lot.left for lot in self.lots)

    @property
    def cycle(self) -> int:
        return sum(not fill.undone for fill in self.fills)

    def earn(self, amount: int, until: date, *, welcome: bool = False) -> Lot:
        lot = Lot(next(self.numbers), amount, until, welcome)
        self.lots.append(lot)
        return lot

    def eat(self, amount: int, today: date) -> list[tuple[Lot, int]]:
        eaten = []
        good = [lot for lot in self.lots if lot.is_good(today)]
        for lot in sorted(good, key=lambda lot: (lot.until, lot.number)):
            bite = min(lot.left, amount)
            if bite:
                lot.left -= bite
                amount -= bite
                eaten.append((lot, bite))
        return eaten

    def fill(self, today: date) -> list[Fill]:
        fills = []
        while sum(lot.left for lot in self.lots if lot.is_good(today)) >= NEED:
            claim = Claim(months_after(today, REWARD_MONTHS))
            fills.append(Fill(self.eat(NEED, today), claim))
            self.claims.append(claim)
        self.fills += fills
        return fills

    def stamp(self, amount: int, extra: bool, today: date) -> Done:
        if self.gone:
            raise No
        until = months_after(today, MONTHS)
        earned = [amount, 1] if extra else [amount]
        done = Done(self, [(self.earn(n, until), n) for n in earned])
        done.fills = self.fill(today)
        return done

    def hand_over(self, claim: Claim, today: date) -> Done:
        if claim.state != "ready" or claim.until < today:
            raise No
        claim.state = "handed_over"
        return Done(self, handed=claim)

    def expire(self, today: date) -> None:
        for lot in self.lots:
            if lot.until < today:
                lot.ran_out += lot.left
                lot.left = 0
        for claim in self.claims:
            if claim.state == "ready" and claim.until < today:
                claim.state = "expired"

    def become(self, kept: "Card", today: date, now: datetime) -> Merge:
        if self is kept or self.gone or kept.gone:
            raise No
        welcome = next((lot for lot in self.lots if lot.welcome and lot.is_good(today)), None)
        dropped = self.eat(welcome.left, today) if welcome else []
        left = [(lot, lot.left) for lot in self.lots if lot.left]
        left.sort(key=lambda pair: (pair[0].until, pair[0].number))
        arrived = [(kept.earn(amount, lot.until), amount) for lot, amount in left]
        for lot, _amount in left:
            lot.left = 0
        used = [claim for claim in self.claims if claim.state == "handed_over"]
        merge = Merge(self, kept, now, dropped + left, arrived, self.claims, used)
        kept.claims += self.claims
        self.claims, self.gone = [], True
        merge.fills = kept.fill(today)
        return merge


def part(merge: Merge, today: date, now: datetime) -> None:
    """As if it had never been: no lot gets grace, and what came since stays with the card."""
    if merge.undone or not may_be_parted(merge, now):
        raise No
    merge.undone = True
    for fill in merge.fills:
        fill.undone, fill.claim.state = True, "cancelled"
        for lot, amount in fill.eaten:
            lot.left += amount
    for lot, _amount in merge.arrived:
        lot.left = 0
    for lot, amount in merge.left:
        lot.left += amount
    merge.gone.gone, merge.gone.claims = False, merge.claims
    merge.kept.claims = [claim for claim in merge.kept.claims if claim not in merge.claims]
    merge.kept.fill(today)


def may_be_parted(merge: Merge, now: datetime) -> bool:
    if merge.kept.gone or now > merge.at + PARTED_WITHIN:
        return False
    given = merge.claims + [fill.claim for fill in merge.fills]
    if any(claim.state == "handed_over" for claim in given if claim not in merge.used):
        return False
    if any_later(merge.kept, merge.fills):
        return False
    back = {id(lot): lot.left + lot.ran_out for lot, _amount in merge.arrived}
    for fill in merge.fills:
        for lot, amount in fill.eaten:
            back[id(lot)] = back.get(id(lot), 0) + amount
    return all(back[id(lot)] == amount for lot, amount in merge.arrived)


def any_later(card: Card, fills: list[Fill]) -> bool:
    """Has the card been full again since?"""
    if not fills:
        return False
    latest = card.fills.index(fills[-1])
    return any(not fill.undone for fill in card.fills[latest + 1 :])


def undo(done: Done, today: date) -> None:
    """All of it or nothing."""
    if done.undone or not may_be_undone(done, today):
        raise No
    done.undone = True
    if done.handed:
        done.handed.state = "ready"
        return
    for fill in reversed(done.fills):
        fill.undone, fill.claim.state = True, "cancelled"
        lapsed = 0
        for lot, amount in fill.eaten:
            if lot.until < today:
                lapsed += amount
            else:
                lot.left += amount
        if lapsed:
            done.card.earn(lapsed, today + GRACE)
    for lot, _amount in done.lots:
        lot.left = 0
    done.card.fill(today)


def may_be_undone(done: Done, today: date) -> bool:
    if done.handed:
        return True
    if done.card.gone or any(fill.claim.state == "handed_over" for fill in done.fills):
        return False
    if any_later(done.card, done.fills):
        return False
    back = {id(lot): 0 for lot, _amount in done.lots}
    for fill in done.fills:
        for lot, amount in fill.eaten:
            back[id(lot)] = back.get(id(lot), 0) + amount
    return all(
        lot.left + back[id(lot)] == amount and today <= lot.until for lot, amount in done.lots
    )
