"""What a card holds and what was done with it, in plain Python. The rules are in `plain_points`."""

from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from loyalty.calendar import months_after

ZONE = ZoneInfo("Europe/Oslo")


class No(Exception):
    """The rules say no."""


def day_of(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()


@dataclass(frozen=True)
class Rules:
    rate: str = "1"  # for every 10 kr
    expiry: str = "never"
    months: int = 1
    returns: bool = True

    def points(self, minor: int) -> int:
        return Fraction(self.rate) * minor // 1000

    def until(self, day: date) -> date | None:
        return None if self.expiry == "never" else months_after(day, self.months)


@dataclass(frozen=True)
class Offer:
    """A reward of the catalogue. `cost` 0: for a full card."""

    cost: int
    days: int | None = None
    stock: int | None = None
    most: int | None = None
    bonus: int = 0


@dataclass(eq=False)
class Lot:
    left: int
    until: date | None
    rules: Rules
    ran_out: int = 0

    def is_good(self, day: date) -> bool:
        return self.left > 0 and (self.until is None or day <= self.until)


@dataclass(eq=False)
class Purse:
    """What a card holds of one thing."""

    card: int
    lots: list[Lot] = field(default_factory=list)
    owes: int = 0
    version: int = 0

    @property
    def balance(self) -> int:
        return sum(lot.left for lot in self.lots)

    def good(self, day: date) -> list[Lot]:
        good = [lot for lot in self.lots if lot.is_good(day)]
        return sorted(good, key=lambda lot: lot.until or date.max)  # stable: the older one first

    def spendable(self, day: date) -> int:
        return sum(lot.left for lot in self.good(day))

    def add(self, n: int, until: date | None, rules: Rules) -> "Entry":
        lot = Lot(n, until, rules)
        self.lots.append(lot)
        return Entry(self, n, lot)

    def take(self, n: int, day: date, *, first: Lot | None = None, owed: bool = False) -> "Entry":
        entry = Entry(self, -n, owed=owed)
        good = self.good(day)
        if first:
            good = [first, *(lot for lot in good if lot is not first)]
        for lot in good:
            bite = min(lot.left, n)
            lot.left, n = lot.left - bite, n - bite
            entry.eaten += [(lot, bite)] if bite else []
        assert n == 0
        return entry

    def pay(self, day: date) -> list["Entry"]:
        """Who owes has nothing to spend."""
        n = min(self.owes, self.spendable(day))
        self.owes -= n
        return [self.take(n, day, owed=True)] if n else []


@dataclass(eq=False)
class Entry:
    purse: Purse
    amount: int
    lot: Lot | None = None
    eaten: list[tuple[Lot, int]] = field(default_factory=list)
    owed: bool = False
    undone_by: int = 0  # the how-manieth step


@dataclass(eq=False)
class Claim:
    card: int
    done: "Done"
    until: date | None = None
    offer: str = ""  # "": what the card brings by itself
    cost: int = 0
    returns: bool = True
    state: str = "ready"
    chose: bool = False
    handed_by: "Done | None" = None

    def is_ready(self, day: date) -> bool:
        return self.state == "ready" and (self.until is None or day <= self.until)


@dataclass(eq=False)
class Done:
    """An operation that could be undone."""

    kind: str
    at: datetime
    step: int
    entries: list[Entry] = field(default_factory=list)
    fills: list[Entry] = field(default_factory=list)  # the debits that turned a card
    undone: bool = False
    gone: int = 0  # of a merge
    kept: int = 0
    moved: list[Claim] = field(default_factory=list)
    debts: dict[str, int] = field(default_factory=dict)
