"""What stands on a Danish page: the words of the catalogue, not a copy of them."""

from django.utils import translation

from loyalty import money
from loyalty.models import Shop
from rewards.points import units
from rewards.points.units import Unit


def da(text, plural="", **values):
    """The Danish for a text, with its values; of a `plural`, the form for `n`."""
    with translation.override("da"):
        if plural:
            return translation.ngettext(text, plural, values["n"]) % values
        return translation.gettext(text) % values if values else translation.gettext(text)


def points(n):
    with translation.override("da"):
        return units.words(n, Unit.POINTS)


def kroner(amount):
    with translation.override("da"):
        return money.shown(round(amount * 100), Shop.Currency.DKK)
