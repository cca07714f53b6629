"""Whole numbers for the reader's eye."""

from babel.numbers import format_decimal

from loyalty import money

NOTHING = "–"


def figure(n: int) -> str:
    """1 250, 1.250 or 1,250, as the reader's language writes it."""
    return format_decimal(n, format="#,##0", locale=money.reader())


def whole(n: int) -> str:
    """As `figure`; – for nothing."""
    return figure(n) if n else NOTHING


def signed(n: int) -> str:
    """A change: +3, or −1 250 with a true minus; – for none."""
    if not n:
        return NOTHING
    return f"{'+' if n > 0 else '−'}{figure(abs(n))}"
