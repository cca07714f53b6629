"""What everything a shop gives would cost it in a month, before anybody has come.

Cautious on purpose: every stamp ends in a reward and every point is spent, so what it truly costs
is that or less. Money in minor units of the shop's currency, at cost price; nothing is rounded.
"""

from dataclasses import dataclass
from fractions import Fraction

from members.kinds import Busy, Giving


@dataclass(frozen=True)
class Month:
    """A month as the owner expects it."""

    members: int
    visits: Fraction  # of a member
    basket_minor: int  # what a visit brings
    joining: int = 0  # new members
    friends: int = 0  # of them, brought by a member, and bought
    margin_percent: int | None = None  # of a sale, after what the goods cost; None: not told

    @property
    def busy(self) -> Busy:
        return Busy(self.members * self.visits, self.basket_minor, self.joining)

    @property
    def sales_minor(self) -> Fraction:
        """What members pay."""
        return self.busy.purchases * self.basket_minor


@dataclass(frozen=True)
class Forecast:
    """Everything that is given, one on top of the other."""

    month: Month
    givings: list[Giving]

    @property
    def cost_minor(self) -> Fraction:
        return sum((giving.minor for giving in self.givings), Fraction())

    @property
    def share(self) -> Fraction | None:
        """Of what members pay. None: they pay nothing."""
        sales = self.month.sales_minor
        return self.cost_minor / sales if sales else None

    @property
    def left_minor(self) -> Fraction | None:
        """What is left of the margin. Below zero: it costs more than members bring."""
        if self.month.margin_percent is None:
            return None
        return self.month.sales_minor * self.month.margin_percent / 100 - self.cost_minor

    @property
    def more_visits(self) -> Fraction | None:
        """By how much members must come more often for it to pay for itself: cost / what is left.

        With u more visits, sales and cost grow alike: (1 + u) x left = margin, so u = cost / left.
        None: it never does, or no margin was told.
        """
        left = self.left_minor
        return self.cost_minor / left if left is not None and left > 0 else None
