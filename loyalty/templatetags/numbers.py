"""Whole numbers for the reader's eye."""

from babel.numbers import format_decimal
from django import template

from loyalty import money

register = template.Library()

NOTHING = "–"


@register.filter
def whole(n: int) -> str:
    """1 250, 1.250 or 1,250, as the reader's language writes it; – for nothing."""
    return format_decimal(n, format="#,##0", locale=money.reader()) if n else NOTHING


@register.filter
def figure(n: int) -> str:
    """As `whole`; 0 for nothing."""
    return whole(n) if n else "0"


@register.filter
def signed(n: int) -> str:
    """A change: +3, or −1 250 with a true minus; – for none."""
    if not n:
        return NOTHING
    return f"{'+' if n > 0 else '−'}{whole(abs(n))}"
