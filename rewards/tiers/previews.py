"""What customers and staff will read, and whom it moves, before an owner keeps a ladder."""

from dataclasses import dataclass
from datetime import datetime

from loyalty.actors import Actor
from rewards.tiers import telling, words
from rewards.tiers.models import Ladder, Tier, TierPerk
from rewards.tiers.owning import Level, Perk, check, preview_moves, rising
from rewards.tiers.plans import Plan, of_ladder

MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class LevelPreview:
    """One level as its members meet it, on the day they reach it."""

    name: str
    line: str  # Silver. 15 visits to Gold.
    gives: list[str]
    staff: list[str]  # what staff read of its members


@dataclass(frozen=True)
class LevelsPreview:
    levels: list[LevelPreview]
    cost: list[str]  # whom it moves, and what it may cost


def of_plan(plan: Plan, was: Ladder | None, now: datetime, actor: Actor) -> LevelsPreview:
    """The plan as members would meet it. Refused: as `save_ladder`.

    `was`: the ladder there is. Five queries, and one if the shop counts points.
    """
    check(plan.levels)
    drawn = Ladder(shop=actor.shop, measure=plan.measure, window=plan.window)
    unit = telling.unit_of(drawn)
    tiers = [_tier(level) for level in rising(plan.levels)]
    above: list[Tier | None] = [*tiers[1:], None]
    levels = [
        LevelPreview(
            name=tier.name,
            line=words.line(tier.name, following, tier.threshold, unit),
            gives=[*telling.gives(tier), *_to_have(level)],
            staff=[perk.title for perk in level.perks if perk.kind == TierPerk.Kind.TAG],
        )
        for level, tier, following in zip(plan.levels, tiers, above, strict=True)
    ]
    return LevelsPreview(levels, [*_moves(plan, was, now, actor), *_costs(plan, actor)])


def _moves(plan: Plan, was: Ladder | None, now: datetime, actor: Actor) -> list[str]:
    """Nothing is said while nothing changes for members."""
    if was and _same(plan, of_ladder(was)):
        return []
    shop = actor.shop
    runs = not (was and was.off_since) and not shop.paused_since and shop.live_since is not None
    moves = preview_moves(
        measure=plan.measure, window=plan.window, levels=plan.levels, now=now, actor=actor
    )
    return words.moves_lines(moves, runs=runs)


def _same(plan: Plan, other: Plan) -> bool:
    """Does everybody stand where they stand?"""
    steps = [[(level.tier, level.threshold) for level in each.levels] for each in (plan, other)]
    rules = [(each.measure, each.window) for each in (plan, other)]
    return steps[0] == steps[1] and rules[0] == rules[1]


def _costs(plan: Plan, actor: Actor) -> list[str]:
    top = plan.levels[-1]
    minor = sum(_a_year(perk) for level in plan.levels for perk in level.perks)
    return [words.cost_line(top.name, minor, actor.shop.currency)] if minor else []


def _a_year(perk: Perk) -> int:
    """What one member's perk costs in a year, in minor units. Words for staff cost nothing."""
    periods = MONTHS_A_YEAR if perk.per == TierPerk.Per.MONTH else 1
    return perk.value_minor * perk.times * periods


def _tier(level: Level) -> Tier:
    return Tier(
        name=level.name,
        threshold=level.threshold,
        multiplier_percent=level.multiplier_percent,
        head_start=level.head_start,
    )


def _to_have(level: Level) -> list[str]:
    things = [perk for perk in level.perks if perk.kind == TierPerk.Kind.CLAIM]
    return [
        telling.often(TierPerk(kind=perk.kind, title=perk.title, times=perk.times, per=perk.per))
        for perk in things
    ]
