"""Whole numbers for the reader's eye."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

from babel.numbers import format_decimal

from loyalty import money

NOTHING = "–"


def figure(n: int) -> str:
    """1 250, 1.250 or 1,250, as the reader's language writes it."""
    return _written(n, "#,##0", money.reader())


def whole(n: int) -> str:
    """As `figure`; – for nothing."""
    return figure(n) if n else NOTHING


def signed(n: int) -> str:
    """A change: +3, or −1 250 with a true minus; – for none."""
    if not n:
        return NOTHING
    return f"{'+' if n > 0 else '−'}{figure(abs(n))}"


def percent(part: int | Fraction, of: int | Fraction) -> str:
    """61,5 %: a share with one decimal, rounded half up; – of nothing (KPI-24)."""
    return NOTHING if not of else f"{ratio(Fraction(part) / Fraction(of) * 100, places=1)} %"


def ratio(value: Fraction, *, places: int = 2) -> str:
    """2,52: rounded half up, and only here, at the end (requirements 7.1)."""
    step = Decimal(1).scaleb(-places)
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    rounded = exact.quantize(step, ROUND_HALF_UP)
    return _written(rounded, f"#,##0.{'0' * places}", money.reader())


@lru_cache(maxsize=4096)
def _written(value: int | Decimal, pattern: str, reader: str) -> str:
    """A page of figures has hundreds, and most of them are shares between 0.0 and 100.0 %."""
    return format_decimal(value, format=pattern, locale=reader)
