"""Levels in words: how far it is, what each gives, and what the club rules say."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty import money
from loyalty.models import Shop
from loyalty.numbers import figure
from members.models import Programme
from rewards.points import units
from rewards.points.rules import PointRules
from rewards.points.units import Unit
from rewards.tiers.models import PLAIN, Ladder, Tier, TierPerk
from rewards.tiers.operations import LEVEL

Measure, Window = Ladder.Measure, Ladder.Window


def unit_of(ladder: Ladder) -> list[str]:
    """What the ladder counts, as plain data for `amount`. A query, where it counts points."""
    if ladder.measure == Measure.SPEND:
        return [Measure.SPEND, ladder.shop.currency]
    if ladder.measure != Measure.POINTS:
        return [ladder.measure]
    programme = Programme.objects.filter(kind="points").in_order().first()
    newest = programme.versions.order_by("-number").first() if programme else None
    rules = PointRules.read(newest.rules) if newest else PointRules()
    return [Measure.POINTS, rules.unit, rules.unit_one, rules.unit_many]


def amount(n: int, unit: list[str]) -> str:
    """2 visits; 300 kr; 64 points."""
    match unit:
        case [Measure.SPEND, currency]:
            return money.shown(n, currency)
        case [Measure.POINTS, word, one, many]:
            return units.words(n, Unit(word), one, many)
    return ngettext("%(n)s visit", "%(n)s visits", n) % {"n": figure(n)}


def told(part: dict[str, Any], name: str) -> str:
    """What a visit led to, for staff: Maja is Gold now. "": it is another room's to tell."""
    if part["kind"] != LEVEL:
        return ""
    return _("%(name)s is %(level)s now.") % {"name": name, "level": part["level"]}


def gives(tier: Tier) -> list[str]:
    """What a level itself gives: 1.5 times the points. Its perks are told apart."""
    lines = []
    if tier.multiplier_percent != PLAIN:
        lines.append(_("%(n)s times the points") % {"n": times(tier.multiplier_percent)})
    if n := tier.head_start:
        lines.append(
            ngettext("%(n)d stamp waits on each new card", "%(n)d stamps wait on each new card", n)
            % {"n": n}
        )
    return lines


def often(perk: TierPerk) -> str:
    """Health check, 1 time a year."""
    if perk.kind == TierPerk.Kind.TAG:
        return perk.title
    if perk.per == TierPerk.Per.MONTH:
        words = ngettext("%(what)s, once a month", "%(what)s, %(n)d times a month", perk.times)
    else:
        words = ngettext("%(what)s, once a year", "%(what)s, %(n)d times a year", perk.times)
    return words % {"what": perk.title, "n": perk.times}


def rules_lines(shop: Shop, now: datetime) -> Iterator[str]:
    """What everybody may know before they join: what each level takes, and how long it lasts."""
    ladder = Ladder.objects.filter(shop=shop, off_since=None).select_related("shop").first()
    if ladder is None:
        return
    base, *higher = Tier.objects.filter(ladder=ladder).standing()
    unit = unit_of(ladder)
    yield _("Everyone begins at %(level)s.") % {"level": base.name}
    for tier in higher:
        yield _takes(ladder) % {"level": tier.name, "amount": amount(tier.threshold, unit)}
    yield _lasts(ladder)
    yield _("Using points or rewards never costs a level. A refund may.")


def _takes(ladder: Ladder) -> str:
    if ladder.window == Window.ROLLING:
        return _("%(level)s from %(amount)s in 12 months.")
    if ladder.window == Window.YEAR:
        return _("%(level)s from %(amount)s in a calendar year.")
    return _("%(level)s from %(amount)s in all.")


def _lasts(ladder: Ladder) -> str:
    if ladder.window == Window.ROLLING:
        return _("A level is yours for 12 months from the day you reach it. Then we look again.")
    if ladder.window == Window.YEAR:
        return _("A level is yours until the end of the next year. Then we look again.")
    return _("A level is yours for good.")


def times(percent: int) -> str:
    """150 percent, as the reader writes it: 1.5."""
    return format_decimal(Decimal(percent) / PLAIN, format="#,##0.##", locale=money.reader())
