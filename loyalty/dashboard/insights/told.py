"""What only an owner knows, and the figures that take it. Nothing of it is kept."""

from dataclasses import dataclass
from fractions import Fraction

from loyalty.dashboard.insights.reading import Insights
from rewards.figures import reading
from rewards.figures.reading import ALL, Figure
from rewards.figures.words import Name


@dataclass(frozen=True)
class Told:
    """As typed. None: nothing, or nothing sensible, was."""

    margin: Fraction = ALL  # the share of what they pay that is worth something; all: none is known
    discount: Fraction | None = None  # the share by which money of next year is worth less
    customers: int | None = None
    orders: int | None = None  # at the till in the period, by members and others
    redeemed: int | None = None  # in percent, one day, of all that is collected


def purchases(found: Insights, told: Told) -> list[Figure]:
    """How often, and for how much; what it came to so far, where there are amounts."""
    if not found.counted or not found.lifetime:
        return found.purchases
    so_far = reading.paid_so_far(found.counted, found.months, found.choice.period, told.margin)
    return [*found.purchases, so_far]


def rewards(found: Insights, told: Told) -> list[Figure]:
    """What became of rewards, and what may become of what is collected."""
    return [*found.rewards, reading.expected_breakage(told.redeemed)] if found.rewards else []


def members(found: Insights, told: Told) -> list[Figure]:
    """Participation: of members, of all customers, and of all purchases."""
    if not found.members:
        return []
    figures = list(found.members)
    if found.whole:
        at_end = found.members[0].whole or 0
        figures.append(reading.of_those_told(Name.ENROLMENT, at_end, told.customers))
    bought = found.done.purchases
    return [*figures, reading.of_those_told(Name.ORDERS, bought, told.orders)]
