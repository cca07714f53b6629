"""The rules of a points scheme, as one version of a programme keeps them."""

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from loyalty.calendar import months_after
from members.visits import Purchase
from rewards.points import units
from rewards.points.units import Unit

MOST_ACTIONS = 5
WARN_PERCENT = 20  # of what members pay, given back: above it the owner is warned (PTS-09)


class Expiry(StrEnum):
    """When points run out."""

    NEVER = "never"
    EARNED = "earned"  # so many months after each was earned
    IDLE = "idle"  # so many months after the last visit or reward


@dataclass(frozen=True)
class Action:
    """Something else the shop likes, with a name: "Own cup"."""

    name: str
    points: int


@dataclass(frozen=True)
class PointRules:
    """What a points scheme promises. Money in minor units of the shop's currency.

    What a purchase earns by amount, item and visit is added up, multiplied, and rounded down
    once; parts of a point are not kept (PTS-02, PTS-06).
    """

    unit: Unit = Unit.POINTS
    unit_one: str = ""  # with Unit.OWN
    unit_many: str = ""
    rate: str = "1"  # points for every `every_minor`, a decimal: "0.5"; "0": amounts earn nothing
    every_minor: int = 1000
    minimum_minor: int = 0  # a smaller purchase earns nothing; exactly this much does
    per_visit: int = 0  # for any purchase
    per_item: int = 0
    item: str = ""  # what is counted, as staff read it: "cups"
    per_attendance: int = 0  # for coming by, once a day, without a purchase
    actions: tuple[Action, ...] = ()
    expiry: Expiry = Expiry.NEVER
    expires_months: int = 12  # unless never
    returns: bool = True  # points come back when a reward chosen with them runs out
    warn_percent: int = WARN_PERCENT

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "PointRules":
        kinds = {"unit": Unit(stored["unit"]), "expiry": Expiry(stored["expiry"])}
        actions = tuple(Action(**action) for action in stored["actions"])
        return cls(**{**stored, **kinds, "actions": actions})

    def stored(self) -> dict[str, Any]:
        return {**asdict(self), "actions": [asdict(action) for action in self.actions]}

    @property
    def by_amount(self) -> bool:
        """Does it earn by how much was paid?"""
        return Fraction(self.rate) > 0

    @property
    def asks_amount(self) -> bool:
        """Does it matter how much was paid?"""
        return self.by_amount or bool(self.minimum_minor)

    @property
    def called(self) -> tuple[Unit, str, str]:
        """What a point is called, as `units.words` takes it; answers keep it."""
        return self.unit, self.unit_one, self.unit_many

    def words(self, n: int) -> str:
        """7 points."""
        return units.words(n, *self.called)

    def points_for(self, purchase: Purchase, *, multiplier: Fraction = Fraction(1)) -> int:
        """What a visit earns, in whole points."""
        earned = self._of_purchase(purchase) * multiplier
        return int(earned) + self._of_visit(purchase)

    def _of_purchase(self, purchase: Purchase) -> Fraction:
        amount = purchase.amount_minor or 0
        if not purchase.bought or amount < self.minimum_minor:
            return Fraction(0)
        by_amount = Fraction(self.rate) * amount / self.every_minor
        return by_amount + self.per_visit + self.per_item * purchase.items

    def _of_visit(self, purchase: Purchase) -> int:
        """What is paid for nothing bought."""
        done = sum(action.points for action in self.actions if action.name in purchase.actions)
        return done + (self.per_attendance if purchase.attended else 0)

    def until(self, day: date) -> date | None:
        """The last good day of points earned on this one. None: they do not run out."""
        if self.expiry == Expiry.NEVER:
            return None
        return months_after(day, self.expires_months)
