"""What points look like on a card: numbers go in, a picture comes out. No database, no clock."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from loyalty.numbers import figure

AT_ONCE = 2  # rewards named on the card; all of them stand below it


@dataclass(frozen=True)
class Goal:
    """A reward points are collected for. `price` is its `cost` in words: 100 points."""

    name: str
    cost: int
    price: str


@dataclass(frozen=True)
class PointsFace:
    """Somebody's points as they see them. `amount` is the balance in words: 64 points.

    `goals`: everything on offer, cheapest first. `new` points just landed. `words` replaces the
    sentence, as on the join page. `owed`: what a correction still takes, in a sentence.
    """

    name: str
    shop: str
    balance: int
    amount: str
    goals: tuple[Goal, ...] = ()
    new: int = 0
    words: str = ""
    owed: str = ""
    level: str = ""
    id: str = "card"

    @property
    def number(self) -> str:
        """The figure of the amount, to be shown large."""
        return figure(self.balance)

    @property
    def unit(self) -> str:
        """What stands beside the figure."""
        return self.amount.replace(self.number, "", 1).strip()

    @property
    def landed(self) -> str:
        """+7"""
        return f"+{figure(self.new)}" if self.new else ""

    @property
    def next(self) -> Goal | None:
        """The cheapest reward there are not enough points for. None: there are for all."""
        return next((goal for goal in self.goals if goal.cost > self.balance), None)

    @property
    def reached(self) -> Goal | None:
        """The dearest reward there are enough points for."""
        return next((goal for goal in reversed(self.goals) if goal.cost <= self.balance), None)

    @property
    def nearest(self) -> list[Goal]:
        """The rewards on either side of the balance, cheapest first."""
        enough = sum(goal.cost <= self.balance for goal in self.goals)
        start = max(0, min(enough - 1, len(self.goals) - AT_ONCE))
        return list(self.goals[start : start + AT_ONCE])

    @property
    def have(self) -> int:
        """How far the bar goes, of `need`; never above it."""
        return min(max(self.balance, 0), self.need)

    @property
    def need(self) -> int:
        """How long the bar is. 0: there is nothing to collect for."""
        goal = self.next or self.reached
        return goal.cost if goal else 0

    @property
    def sentence(self) -> str:
        """The line under the number."""
        if self.words:
            return self.words
        if self.balance <= 0:
            return _("Show your code when you pay.")
        if self.reached:
            return _("Enough for: %(reward)s.") % {"reward": self.reached.name}
        return f"{to_go(self.next, self.balance)}." if self.next else ""


def to_go(goal: Goal, balance: int) -> str:
    """36 to go: Free lunch"""
    missing = figure(goal.cost - balance)
    return _("%(n)s to go: %(reward)s") % {"n": missing, "reward": goal.name}
