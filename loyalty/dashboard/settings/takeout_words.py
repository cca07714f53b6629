"""What the file with everything says of itself, in the language of the shop."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import formats
from django.utils.translation import gettext as _

from loyalty.dashboard.settings.takeout import FILES
from loyalty.models import Shop
from loyalty.numbers import figure


def readme(shop: Shop, at: datetime, lines: dict[str, int]) -> str:
    """What is in it, how it is written, and what is not in it."""
    return "\r\n".join([*_begins(shop, at), "", *_files(lines), "", *_ends(shop), ""])


def _begins(shop: Shop, at: datetime) -> Iterator[str]:
    told = {
        "shop": shop.name,
        "day": formats.date_format(at),
        "time": formats.time_format(at, "TIME_FORMAT"),
    }
    yield _("Everything that is stored about %(shop)s, as it was on %(day)s at %(time)s.") % told
    yield _("Whoever has this file has all of it: keep it safe, and delete it when you are done.")


def _files(lines: dict[str, int]) -> Iterator[str]:
    about = {
        **{each.name: each.about for each in FILES},
        "programmes.json": _("Your programmes, and every version of their rules."),
        "settings.json": _("Your shop, its places, staff, counters, levels and other settings."),
        "pictures": _("Pictures of rewards and openings, and your logo, by their number."),
    }
    for name, words in about.items():
        yield f"{name} ({figure(lines[name])})"
        yield f"    {words}"


def _ends(shop: Shop) -> Iterator[str]:
    yield _("In brackets: how many lines or things.")
    yield _("A column named after another file holds the id of a line there.")
    told = {"zone": shop.time_zone, "currency": shop.currency}
    yield _("Moments are in the time of %(zone)s, with their distance to UTC.") % told
    yield _("A column ending in “_minor” is money in hundredths of %(currency)s.") % told
    yield _(
        "A ' before =, +, - or @ keeps a spreadsheet from calculating what somebody typed as a "
        "formula."
    )
    yield _("Not in here: links and codes that open a card, PINs, and whatever signs somebody in.")
