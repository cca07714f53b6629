"""A ladder as an owner plans it: the one there is, or what a trade usually has.

Thresholds are those of real programmes: a café's regulars come weekly, a salon's every month or
two. What a perk costs the shop is a round sum per currency, not converted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils import translation
from django.utils.translation import gettext_noop

from loyalty.models import Shop, Trade
from loyalty.money import MINOR_PER_UNIT
from rewards.tiers.models import Ladder, Tier, TierPerk
from rewards.tiers.owning import Level, Perk

Measure, Window = Ladder.Measure, Ladder.Window
CURRENCIES = ("NOK", "DKK", "SEK", "EUR", "GBP")
NAMES = (gettext_noop("Regular"), gettext_noop("Silver"), gettext_noop("Gold"))
MULTIPLIERS = (100, 125, 150)  # percent of the points everybody earns
HEAD_STARTS = (0, 0, 1)


@dataclass(frozen=True)
class Plan:
    """What counts, in which time, and the levels, lowest first."""

    measure: Ladder.Measure
    window: Ladder.Window
    levels: Sequence[Level]


@dataclass(frozen=True)
class TradeLevels:
    """What the second and the third level take in 12 months, and what the third one gives."""

    silver: int
    gold: int
    perk: str
    costs: tuple[int, int, int, int, int]  # in whole units, in the order of CURRENCIES
    measure: Ladder.Measure = Measure.VISITS


TRADES: dict[Trade, TradeLevels] = {
    Trade.CAFE: TradeLevels(10, 25, gettext_noop("A bag of coffee"), (60, 45, 60, 6, 5)),
    Trade.SALON: TradeLevels(4, 8, gettext_noop("A hair treatment"), (150, 110, 150, 15, 12)),
    Trade.BAKERY: TradeLevels(12, 30, gettext_noop("A loaf of your choice"), (30, 22, 30, 3, 3)),
    Trade.BARBER: TradeLevels(5, 10, gettext_noop("A beard trim"), (80, 60, 80, 8, 7)),
    Trade.CAR_WASH: TradeLevels(6, 15, gettext_noop("An interior wipe"), (50, 35, 50, 5, 4)),
    Trade.RESTAURANT: TradeLevels(4, 10, gettext_noop("A dessert to share"), (60, 45, 60, 6, 5)),
    Trade.GYM: TradeLevels(
        40, 100, gettext_noop("A health check"), (200, 150, 200, 20, 17), Measure.ATTENDANCE
    ),
    Trade.FLORIST: TradeLevels(4, 8, gettext_noop("A bouquet of the season"), (90, 70, 90, 9, 8)),
}


def ladder_of(shop: Shop) -> Ladder | None:
    """The ladder of a shop, on or off, with its levels and their perks. None: it never had one."""
    perks = Prefetch("perks", TierPerk.objects.filter(retired_at=None).order_by("pk"), "given")
    tiers = Prefetch("tiers", Tier.objects.standing().prefetch_related(perks), "levels")
    found = Ladder.objects.filter(shop=shop).select_related("shop")
    return found.prefetch_related(tiers).first()


def of_ladder(ladder: Ladder) -> Plan:
    """The plan that would change nothing. Needs a ladder of `ladder_of`."""
    levels = [_level(tier) for tier in getattr(ladder, "levels", [])]
    return Plan(Measure(ladder.measure), Window(ladder.window), levels)


def _level(tier: Tier) -> Level:
    return Level(
        name=tier.name,
        threshold=tier.threshold,
        multiplier_percent=tier.multiplier_percent,
        head_start=tier.head_start,
        perks=tuple(_perk(perk) for perk in getattr(tier, "given", [])),
        tier=tier.pk,
    )


def _perk(perk: TierPerk) -> Perk:
    return Perk(
        kind=TierPerk.Kind(perk.kind),
        title=perk.title,
        terms=perk.terms,
        value_minor=perk.value_minor,
        times=perk.times,
        per=TierPerk.Per(perk.per),
        perk=perk.pk,
    )


def proposal(shop: Shop, *, points: bool, stamps: bool) -> Plan:
    """What its trade usually has, in the shop's language. Not stored.

    `points`, `stamps`: the shop has them, so that levels can give more of them.
    """
    trade = TRADES[Trade(shop.trade)]
    with translation.override(shop.language):
        names = [translation.gettext(name) for name in NAMES]
        title = translation.gettext(trade.perk)
    value = trade.costs[CURRENCIES.index(shop.currency)] * MINOR_PER_UNIT
    perk = Perk(TierPerk.Kind.CLAIM, title, value_minor=value)
    levels = [
        Level(
            name=name,
            threshold=threshold,
            multiplier_percent=MULTIPLIERS[place] if points else MULTIPLIERS[0],
            head_start=HEAD_STARTS[place] if stamps else 0,
            perks=(perk,) if threshold == trade.gold else (),
        )
        for place, (name, threshold) in enumerate(
            zip(names, (0, trade.silver, trade.gold), strict=True)
        )
    ]
    return Plan(trade.measure, Window.ROLLING, levels)
