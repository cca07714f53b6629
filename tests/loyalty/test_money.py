"""Money in whole minor units, shown as its reader writes it."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from loyalty import money

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("language", "minor", "currency", "text"),
    [
        ("nb", 2500, "NOK", f"25{NBSP}kr"),
        ("nb", 3950, "NOK", f"39,50{NBSP}kr"),
        ("nb", 123456700, "NOK", f"1{NBSP}234{NBSP}567{NBSP}kr"),
        ("da", 1234500, "DKK", f"12.345{NBSP}kr"),
        ("en-gb", 320, "GBP", "£3.20"),
        ("en-gb", 300, "EUR", "€3"),
        ("en-gb", 2500, "NOK", f"25{NBSP}kr"),
        ("nb", 300, "EUR", f"3{NBSP}€"),
        ("en-gb", 0, "GBP", "£0"),
        ("en-gb", 5, "GBP", "£0.05"),
    ],
)
def test_it_is_shown_as_its_reader_writes_it(language, minor, currency, text):
    with translation.override(language):
        assert money.shown(minor, currency) == text


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("25", 2500),
        ("39,50", 3950),
        ("39.50", 3950),
        ("39,5", 3950),
        (" 1 234,00 ", 123400),
        (f"1{NBSP}234", 123400),
        ("0", 0),
        ("100000", 100_000_00),
    ],
)
def test_it_is_read_as_people_type_it(typed, minor):
    assert money.parse(typed) == minor


@pytest.mark.parametrize(
    "typed",
    [
        *("", "ti", "-1", "-0,01", "1,234", "1.000", "1,000", "0.001", "1.2.3"),
        *("NaN", "sNaN", "Infinity"),
        *("1e3x", "1e99", "-1e999999", "9" * 40, "100000,01", "<b>1</b>", "25 kr"),
    ],
)
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(ValidationError):
        money.parse(typed)


def test_minor_units_are_whole_numbers():
    assert money.parse("0,29") == 29  # 28 in binary fractions
    assert money.parse("1,10") == 110


@pytest.mark.parametrize(("language", "text"), [("nb", "39,50"), ("en-gb", "39.50")])
def test_a_field_shows_what_it_would_read(language, text):
    field = money.MoneyField()
    with translation.override(language):
        assert field.prepare_value(3950) == text
        assert field.clean(text) == 3950


def test_a_field_keeps_what_was_typed():
    assert money.MoneyField().prepare_value("39 øre") == "39 øre"


def test_an_empty_field_is_nothing():
    assert money.MoneyField(required=False).clean("") is None
