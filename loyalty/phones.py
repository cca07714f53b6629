"""Phone numbers: read as a shop's country writes them, kept as E.164, masked at the till."""

import re
from typing import cast

from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    PhoneNumberType,
    country_code_for_region,
    example_number_for_type,
    format_number,
)
from phonenumbers import PhoneNumber as Number

WRITTEN = re.compile(r"\(?\+?[0-9][0-9 ()./-]*")
# How many a mobile number has, in countries where people write all of them the same way.
DIGITS_OF_A_MOBILE = {"NO": 8, "DK": 8}


class NotAPhone(ValueError):
    """No number of that country can look like this."""

    def __init__(self, country: str) -> None:
        super().__init__(country)
        self.country = country

    def __str__(self) -> str:
        told = {"example": example(self.country)}
        return _("Check the number. It looks like %(example)s.") % told


def read(typed: str, country: str) -> str:
    """The number as E.164 (+4740612345). `country` ("NO") counts for numbers without +.

    Raises NotAPhone.
    """
    written = " ".join(typed.split())
    if not (written.isascii() and WRITTEN.fullmatch(written)):  # no letters, no extensions
        raise NotAPhone(country)
    try:
        number = PhoneNumber.from_string(written, region=country)
    except NumberParseException as unreadable:
        raise NotAPhone(country) from unreadable
    if not number.is_valid():
        raise NotAPhone(country)
    return str(number.as_e164)


def shown(phone: str, country: str) -> str:
    """40 61 23 45 to people of its own country, +47 40 61 23 45 to all others."""
    if not phone:
        return ""
    number = PhoneNumber.from_string(phone)
    at_home = number.country_code == country_code_for_region(country)
    return str(number.as_national if at_home else number.as_international)


def masked(phone: str) -> str:
    """•• •• 23 45: enough to recognise a number one was just told, too little to call it."""
    return f"•• •• {phone[-4:-2]} {phone[-2:]}" if phone else ""


def example(country: str) -> str:
    """How a mobile number of a country is written."""
    number = cast(Number, example_number_for_type(country, PhoneNumberType.MOBILE))
    return format_number(number, PhoneNumberFormat.NATIONAL)
