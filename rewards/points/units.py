"""What one point is called. The usual words are translated; an owner may bring their own two."""

from enum import StrEnum

from babel.numbers import format_decimal
from django.utils.translation import ngettext

from loyalty import money


class Unit(StrEnum):
    POINTS = "points"
    STARS = "stars"
    CLIPS = "clips"
    OWN = "own"


def shown(n: int) -> str:
    """A whole number for the reader's eye: 1 250, 1.250 or 1,250."""
    return format_decimal(n, format="#,##0", locale=money.reader())


def words(n: int, unit: Unit, one: str = "", many: str = "") -> str:
    """7 points, in the reader's language; with a unit of the shop's own, in the shop's.

    All our languages say one thing of exactly one, and another of everything else.
    """
    told = {"n": shown(n)}
    match unit:
        case Unit.POINTS:
            return ngettext("%(n)s point", "%(n)s points", n) % told
        case Unit.STARS:
            return ngettext("%(n)s star", "%(n)s stars", n) % told
        case Unit.CLIPS:
            return ngettext("%(n)s clip", "%(n)s clips", n) % told
        case Unit.OWN:
            return f"{shown(n)} {one if abs(n) == 1 else many}"
