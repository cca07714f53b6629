"""What a member may be worth: the simple formula, as a range, and only where there is enough.

    spend per purchase × purchases a month × months they stay (1 ÷ what is lost in a month)

Spend and purchases are those of the last three months. What was lost differs from month to month,
so the worth has two ends: the month that lost most, and the one that lost least.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from loyalty.calendar import months_after
from rewards.figures.customers import Customers
from rewards.figures.periods import Period, last_month_over, month_of
from rewards.figures.reading import ALL, Months

MONTHS = 3
ENOUGH = timedelta(days=90)


@dataclass(frozen=True)
class Lifetime:
    """What goes into it. Money in minor units."""

    revenue_minor: int
    priced: int
    purchases: int
    buyers: int  # of each month, added up: whoever bought in all three counts three times
    months: tuple[Customers, ...]  # each, with those who were lost from the one before
    enough: bool  # are there amounts, and 90 days of purchases?

    def worth(self, months: Fraction, margin: Fraction = ALL) -> Fraction:
        """Minor units, of a member who stays so long."""
        spend = Fraction(self.revenue_minor, self.priced)
        return spend * Fraction(self.purchases, self.buyers) * months * margin

    def ends(self, margin: Fraction = ALL) -> tuple[Fraction | None, Fraction | None]:
        """The least and the most. None, both: too little is known, or nobody was ever lost. The
        most is None too where a month lost nobody: it has no end."""
        stays = [Fraction(each.before, each.lost) for each in self.months if each.lost]
        if not self.enough or not stays:
            return None, None
        least, most = self.worth(min(stays), margin), self.worth(max(stays), margin)
        return least, most if len(stays) == len(self.months) else None


def months_for(period: Period, through: date) -> list[Period]:
    """The last three months of a period that are over, oldest first."""
    last = min(last_month_over(through).first, months_after(period.after, -1))
    return [month_of(months_after(last, n)) for n in range(1 - MONTHS, 1)]


def lifetime_of(months: Months, three: dict[Period, Customers]) -> Lifetime:
    """From those three months, in their order: what was done, and who did it."""
    first, last = min(each.first for each in three), max(each.after for each in three)
    done = months.within(first, last)
    known = all(each.before for each in three.values()) and months.begun <= last - ENOUGH
    return Lifetime(
        revenue_minor=done.revenue_minor,
        priced=done.priced,
        purchases=done.purchases,
        buyers=sum(each.now for each in three.values()),
        months=tuple(three.values()),
        enough=known and done.priced > 0,
    )


def discounted(
    a_year: Fraction, stay: Fraction, rate: Fraction
) -> tuple[Fraction, Fraction] | tuple[None, None]:
    """What a member may be worth in money of today: from the second year on, and with the first.

    a_year × r ÷ (1 + d − r), and a_year × (1 + d) ÷ (1 + d − r). `a_year`: what one brings in a
    year; `stay`: the share r of them that comes back a year later; `rate`: the discount rate d.
    None, both: all stay and nothing is discounted, so there is no end to it.
    """
    if (lost := 1 + rate - stay) <= 0:
        return None, None
    return a_year * stay / lost, a_year * (1 + rate) / lost
