"""What one point is called. The usual words are translated; an owner may bring their own two."""

from enum import StrEnum

from django.utils.translation import ngettext

from loyalty.numbers import figure


class Unit(StrEnum):
    POINTS = "points"
    STARS = "stars"
    CLIPS = "clips"
    OWN = "own"


def words(n: int, unit: Unit, one: str = "", many: str = "") -> str:
    """7 points, in the reader's language; with a unit of the shop's own, in the shop's.

    All our languages say one thing of exactly one, and another of everything else.
    """
    return pattern(n, unit, one, many) % {"n": figure(n)}


def pattern(n: int, unit: Unit, one: str = "", many: str = "") -> str:
    """The words for so many, with %(n)s where the number goes."""
    match unit:
        case Unit.POINTS:
            return ngettext("%(n)s point", "%(n)s points", abs(n))
        case Unit.STARS:
            return ngettext("%(n)s star", "%(n)s stars", abs(n))
        case Unit.CLIPS:
            return ngettext("%(n)s clip", "%(n)s clips", abs(n))
        case Unit.OWN:
            return "%(n)s " + (one if abs(n) == 1 else many).replace("%", "%%")
