"""The rules of a stamp card, as one version of a programme keeps them."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

MOST_STAMPS = 30
FULL_GRIDS = (4, 5, 7, 8, 9, 11)  # with the reward cell, these fill the grid (P3)
COOLING_MINUTES = 5  # within it, the counter asks before giving one more (CTR-04)
REASON_ABOVE = 5  # more than this at once needs a reason from a short list (S-2)


class Counts(StrEnum):
    """What gives a stamp."""

    PURCHASE = "purchase"  # any, or from `minimum_minor`
    VISIT = "visit"
    WASH = "wash"
    MAIN_COURSE = "main_course"
    CHECK_IN = "check_in"


@dataclass(frozen=True)
class StampRules:
    """What a card promises. Money in minor units of the shop's currency."""

    need: int  # stamps for a full card, 2..30
    reward: str
    reward_value_minor: int  # what the reward is worth
    average_purchase_minor: int  # what a visit brings, for the cost line
    counts: Counts = Counts.PURCHASE
    minimum_minor: int = 0  # 0: any purchase
    wait_minutes: int = 60  # between two stamps; sooner, the counter asks
    expires_months: int | None = 12  # after each stamp; None: never
    welcome: int = 1  # stamps from us, for joining
    extra_for: str = ""  # what gives one stamp more; "": nothing
    most_per_purchase: int = 20  # more at once is refused; many want a reason (REASON_ABOVE)
    most_per_day: int = 10  # on one card, in shop time; over it, the counter asks
    reward_months: int | None = 3  # how long a reward may wait; None: for ever
    starts_on: date | None = None  # first day of stamping in shop time; None: at once
    ends_on: date | None = None  # last day of stamping; None: no end

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "StampRules":
        days = {name: stored.get(name) for name in ("starts_on", "ends_on")}
        read = {name: date.fromisoformat(day) if day else None for name, day in days.items()}
        return cls(**{**stored, **read, "counts": Counts(stored["counts"])})

    def stored(self) -> dict[str, Any]:
        days = {"starts_on": self.starts_on, "ends_on": self.ends_on}
        return {**asdict(self), **{name: day and day.isoformat() for name, day in days.items()}}

    def runs_on(self, day: date) -> bool:
        """May this card be stamped on that day?"""
        started = self.starts_on is None or self.starts_on <= day
        return started and (self.ends_on is None or day <= self.ends_on)

    @property
    def wait(self) -> timedelta:
        """Sooner than this after the last stamp, the counter asks before giving one more."""
        return timedelta(minutes=max(COOLING_MINUTES, self.wait_minutes))

    @property
    def paid_stamps(self) -> int:
        """Purchases a full card takes; the welcome stamps are from us."""
        return self.need - self.welcome

    @property
    def cost_share(self) -> float:
        """What the reward costs, as a share of what members pay for one card.

        reward value / (paid stamps x average purchase). Source: ux-journeys 6.3.
        """
        return self.reward_value_minor / (self.paid_stamps * self.average_purchase_minor)
