"""What a reward gives back of what members paid for it (PTS-09)."""

from decimal import Decimal
from fractions import Fraction
from math import ceil

from babel.numbers import format_decimal
from django.utils.translation import gettext as _

from loyalty import money
from loyalty.models import Shop
from rewards.points.rules import PointRules


def paid_for(rules: PointRules, cost_points: int) -> Fraction:
    """What a member pays, in minor units, until purchases alone have brought so many points.

    0 where amounts earn nothing: then there is no sum to compare with.
    """
    if not rules.by_amount:
        return Fraction(0)
    return Fraction(cost_points * rules.every_minor) / Fraction(rules.rate)


def give_back(rules: PointRules, cost_points: int, value_minor: int) -> Fraction:
    """The share of what members paid that comes back: 80 points = 80 kr, worth 36 kr: 0.45.

    `value_minor` is what the reward costs the shop. 0 where amounts earn nothing. What else earns
    points (a visit, an own cup) is not in it.
    """
    paid = paid_for(rules, cost_points)
    return value_minor / paid if paid else Fraction(0)


def gives_much(rules: PointRules, share: Fraction) -> bool:
    """Is it more than the owner wants to be warned of? Exactly as much is not."""
    return share * 100 > rules.warn_percent


def warning(rules: PointRules) -> str:
    """What is said of what `gives_much`."""
    most = percent(Fraction(rules.warn_percent, 100))
    return _("That is more than %(percent)s of what members pay.") % {"percent": most}


def words(shop: Shop, rules: PointRules, cost_points: int, value_minor: int) -> str:
    """100 points = 1 000 kr of purchases; worth 45 kr = 4.5 % back

    "" where amounts earn nothing.
    """
    paid = paid_for(rules, cost_points)
    if not paid:
        return ""
    return _("%(points)s = %(paid)s of purchases; worth %(worth)s = %(share)s back") % {
        "points": rules.words(cost_points),
        "paid": money.shown(ceil(paid), shop.currency),
        "worth": money.shown(value_minor, shop.currency),
        "share": percent(give_back(rules, cost_points, value_minor)),
    }


def percent(share: Fraction) -> str:
    """4.5 %, as the reader's language writes it. Up, so that a cost is never told too small."""
    number = format_decimal(
        Decimal(ceil(share * 1000)) / 10, format="#,##0.#", locale=money.reader()
    )
    return f"{number}\N{NO-BREAK SPACE}%"
