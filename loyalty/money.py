"""Money in whole minor units (øre, pence). Never a binary fraction."""

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from babel.numbers import format_decimal
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext_lazy as _

MINOR_PER_UNIT = 100  # all our currencies: NOK, DKK, SEK, EUR, GBP
SYMBOLS = {"NOK": "kr", "DKK": "kr", "SEK": "kr", "EUR": "€", "GBP": "£"}
# Above it a finger may have slipped at the till (ux-screens W8), so it asks.
HIGH_MINOR = {"NOK": 500_000, "DKK": 500_000, "SEK": 500_000, "EUR": 50_000, "GBP": 50_000}
MOST_MINOR = 100_000 * MINOR_PER_UNIT  # above it somebody slipped on a key (CTR-06)


def shown(amount_minor: int, currency: str) -> str:
    """An amount for the reader's eye: `25 kr`, `39,50 kr`, `£3.20`."""
    whole = amount_minor % MINOR_PER_UNIT == 0
    number = format_decimal(
        Decimal(amount_minor) / MINOR_PER_UNIT,
        format="#,##0" if whole else "#,##0.00",
        locale=reader(),
    )
    symbol = SYMBOLS[currency]
    if symbol in "£€" and reader() == "en_GB":
        return f"{symbol}{number}"
    return f"{number}\N{NO-BREAK SPACE}{symbol}"


def half_up(minor: Fraction) -> int:
    """Whole minor units, rounded at the end, and only here (requirements 7.1)."""
    return (2 * minor.numerator + minor.denominator) // (2 * minor.denominator)


def beside(currency: str) -> tuple[str, str]:
    """What stands before a field for an amount, and what after it: £ before, kr after."""
    symbol = SYMBOLS[currency]
    return (symbol, "") if symbol in "£€" else ("", symbol)


def parse(typed: str) -> int:
    """`39,50` and `39.50` are 3950. ValidationError: letters, below zero, three decimals."""
    tidy = typed.replace("\N{NO-BREAK SPACE}", "").replace(" ", "").replace(",", ".")
    try:
        amount = Decimal(tidy)
        # Zeros count too: `1.000` is a thousand where people write it so, and one elsewhere.
        decimals = -int(amount.as_tuple().exponent) if amount.is_finite() else 3
        whole_minor = decimals <= 2 and amount == amount.quantize(Decimal("0.01"))
    except InvalidOperation:  # no number, or one of astronomers: 1e99
        raise ValidationError(_("Type an amount, like 25 or 39,50."), code="money") from None
    if not whole_minor:
        raise ValidationError(_("Type an amount with two decimals at most."), code="money")
    if amount < 0:
        raise ValidationError(_("Type an amount of zero or more."), code="money")
    minor = int(amount * MINOR_PER_UNIT)
    if minor > MOST_MINOR:
        raise ValidationError(_("That is a lot. Type a smaller amount."), code="money")
    return minor


class MoneyField(forms.CharField):
    """An amount as people type it; minor units come out."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 20)
        super().__init__(**options)
        self.widget.attrs["inputmode"] = "decimal"

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value  # what somebody typed stays as they typed it
        whole = value % MINOR_PER_UNIT == 0
        pattern = "0" if whole else "0.00"
        return format_decimal(Decimal(value) / MINOR_PER_UNIT, format=pattern, locale=reader())

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        return parse(typed) if typed else None


def reader() -> str:
    """The reader's language and country, as numbers are written there."""
    return {"nb": "nb_NO", "da": "da_DK"}.get(translation.get_language() or "", "en_GB")
