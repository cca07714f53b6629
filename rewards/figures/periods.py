"""Whole months in shop time: one, a quarter, twelve, a year. And what lies directly before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from loyalty.calendar import months_after

MONTHS_OFFERED, QUARTERS_OFFERED, YEARS_OFFERED = 24, 8, 5


class Span(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    TWELVE = "12-months"  # the last twelve that are over
    YEAR = "year"  # from January on

    @property
    def months(self) -> int:
        return {Span.MONTH: 1, Span.QUARTER: 3}.get(self, 12)


@dataclass(frozen=True)
class Period:
    """From the first day of a month to the last of one, both included. It may not be over yet."""

    span: Span
    first: date

    @property
    def after(self) -> date:
        """The first day that is none of it."""
        return months_after(self.first, self.span.months)

    @property
    def last(self) -> date:
        return self.after - timedelta(days=1)

    @property
    def before(self) -> "Period":
        """As many months, directly before it."""
        return Period(self.span, months_after(self.first, -self.span.months))

    @property
    def key(self) -> str:
        """How an address names it: 2026-10, 2026-q4, 12-months, 2026."""
        match self.span:
            case Span.MONTH:
                return f"{self.first:%Y-%m}"
            case Span.QUARTER:
                return f"{self.first.year}-q{self.first.month // 3 + 1}"
            case Span.YEAR:
                return str(self.first.year)
        return self.span.value

    def is_over(self, through: date) -> bool:
        """Are all its days counted?"""
        return self.last <= through


def month_of(day: date) -> Period:
    return Period(Span.MONTH, day.replace(day=1))


def last_month_over(through: date) -> Period:
    """The latest month all days of which are counted."""
    month = month_of(through)
    return month if month.is_over(through) else month.before


def offered(begun: date, through: date) -> list[Period]:
    """What can be looked at, newest first: every month, quarter and year with a day that is
    counted, not too far back; and the twelve months that are over."""
    newest = month_of(through)
    quarter = Period(Span.QUARTER, date(through.year, (through.month - 1) // 3 * 3 + 1, 1))
    year = Period(Span.YEAR, date(through.year, 1, 1))
    twelve = Period(Span.TWELVE, months_after(last_month_over(through).first, -11))
    return [
        *_back_to(begun, newest, MONTHS_OFFERED),
        *_back_to(begun, quarter, QUARTERS_OFFERED),
        *_back_to(begun, twelve, 1),
        *_back_to(begun, year, YEARS_OFFERED),
    ]


def _back_to(begun: date, newest: Period, most: int) -> Iterator[Period]:
    period = newest
    for _each in range(most):
        if period.last < begun:
            return
        yield period
        period = period.before


def chosen(key: str, periods: list[Period], through: date) -> Period:
    """The one an address names; else the last month that is over, or what there is of the first."""
    named = [period for period in periods if period.key == key]
    over = [period for period in periods if period == last_month_over(through)]
    return next(iter([*named, *over, *periods]))
