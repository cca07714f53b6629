"""The rules of a stamp card, as one version of a programme keeps them."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

MOST_STAMPS = 30
FULL_GRIDS = (4, 5, 7, 8, 9, 11)  # with the reward cell, these fill the grid (P3)
COOLING_MINUTES = 5  # within it, the counter asks before giving one more (CTR-04)


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
    most_per_purchase: int = 5
    reward_months: int | None = 3  # how long a reward may wait; None: for ever

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "StampRules":
        return cls(**{**stored, "counts": Counts(stored["counts"])})

    def stored(self) -> dict[str, Any]:
        return asdict(self)

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
