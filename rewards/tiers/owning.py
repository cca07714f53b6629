"""What an owner does to the ladder: changes it, looks first at who would move, switches it off."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from itertools import accumulate, pairwise

from django.db import transaction
from django.db.models import F
from django_scopes import scope

from loyalty import clock
from loyalty.actors import Actor
from loyalty.journal import operations as journal
from loyalty.models import Shop
from members.ledger.models import local_day
from rewards.tiers import facts, periods
from rewards.tiers import measure as measuring
from rewards.tiers.measure import Yardstick
from rewards.tiers.models import PLAIN, Ladder, Standing, Tier, TierPerk
from rewards.tiers.operations import AT_ONCE, settle
from rewards.tiers.refusals import BaseNotZero, LevelsAlike, LowerAboveHigher, TooFewLevels


@dataclass(frozen=True)
class Perk:
    """Something a level gives besides. `perk`: the pk of one there is; None: a new one."""

    kind: TierPerk.Kind
    title: str
    terms: str = ""
    value_minor: int = 0
    times: int = 1
    per: TierPerk.Per = TierPerk.Per.YEAR
    perk: int | None = None


@dataclass(frozen=True)
class Level:
    """One level as the owner wants it. `tier`: the pk of one there is; None: a new one."""

    name: str
    threshold: int  # visits, points, or minor units of the shop's currency
    multiplier_percent: int = PLAIN
    head_start: int = 0
    perks: tuple[Perk, ...] = field(default=())
    tier: int | None = None


@dataclass(frozen=True)
class Moves:
    """How many members a change moves: up or down at once, and down when their period ends, the
    `first` of them after that day."""

    up: int
    down: int
    later: int
    first: date | None = None


def save_ladder(
    *, measure: Ladder.Measure, window: Ladder.Window, levels: Sequence[Level], actor: Actor
) -> Ladder:
    """Keep the ladder as it is given, lowest level first: new, changed, and without what is not
    among `levels`. A shop's first is on at once. None gives less than the one below it.

    Whoever reaches a higher level by it moves up at once (of very many, the worker moves the
    rest); nobody loses one before its time, but for a level that is removed. Refused:
    TooFewLevels, BaseNotZero, LevelsAlike, LowerAboveHigher.
    """
    check(levels)
    with scope(shop=actor.shop):
        ladder = _keep(actor, measure, window, rising(levels))
        _let_move(ladder)
    return ladder


def switch_off(actor: Actor) -> None:
    """Nobody has a level from now on, and nobody moves. Everybody keeps their place."""
    with scope(shop=actor.shop):
        on = Ladder.objects.filter(shop=actor.shop, off_since=None)
        with transaction.atomic():
            if on.update(off_since=clock.now()):
                journal.write(actor, "levels_off")


def switch_on(actor: Actor) -> None:
    """On again; whoever has reached a higher level meanwhile moves up."""
    with scope(shop=actor.shop):
        off = Ladder.objects.filter(shop=actor.shop).exclude(off_since=None)
        with transaction.atomic():
            was_off = off.update(off_since=None, version=F("version") + 1)
            if was_off:
                journal.write(actor, "levels_on")
        if was_off:
            _let_move(Ladder.objects.select_related("shop").get(shop=actor.shop))


def check(levels: Sequence[Level]) -> None:
    """Refused: as `save_ladder`."""
    if len(levels) < 2:
        raise TooFewLevels
    if levels[0].threshold:
        raise BaseNotZero
    for lower, higher in pairwise(levels):
        named = {"lower": lower.name, "higher": higher.name}
        if higher.threshold == lower.threshold:
            raise LevelsAlike(**named)
        if higher.threshold < lower.threshold:
            raise LowerAboveHigher(**named)


def rising(levels: Sequence[Level]) -> list[Level]:
    """The levels, lowest first, each with at least what the one below it earns and begins with."""
    return list(accumulate(levels, _no_less))


def _no_less(lower: Level, level: Level) -> Level:
    return replace(
        level,
        multiplier_percent=max(lower.multiplier_percent, level.multiplier_percent),
        head_start=max(lower.head_start, level.head_start),
    )


def preview_moves(
    *,
    measure: Ladder.Measure,
    window: Ladder.Window,
    levels: Sequence[Level],
    now: datetime,
    actor: Actor,
) -> Moves:
    """How many members would move by such a ladder, if nobody did anything more. Five queries.

    Refused: as `save_ladder`.
    """
    check(levels)
    with scope(shop=actor.shop):
        return _moves(Yardstick(actor.shop, measure, window), levels, now)


def _moves(yardstick: Yardstick, levels: Sequence[Level], now: datetime) -> Moves:
    wanted: dict[int, int] = {level.tier: place for place, level in enumerate(levels) if level.tier}
    measured = measuring.of_everybody(yardstick, now)
    stand = Standing.objects.filter(membership__merged_into=None, membership__leaving_since=None)
    held = {each.membership_id: each.tier_id for each in stand}
    fits = partial(periods.fitting, yardstick.window, today=local_day(yardstick.shop, now))
    until = {each.membership_id: fits(each.held_until) for each in stand}
    lands = _landing(wanted)
    up = down = 0
    ends: list[date] = []  # of those who would go down then; what is for good has none
    for card in {*measured, *held}:
        n = measured.get(card, 0)
        reached = [place for place, level in enumerate(levels) if level.threshold <= n][-1]
        place = lands.get(held.get(card, 0), 0)
        up += reached > place
        down += card in held and held[card] not in wanted and reached <= place
        if reached < place and (last := until[card]):
            ends.append(last)
    return Moves(up, down, len(ends), min(ends, default=None))


def _landing(wanted: dict[int, int]) -> dict[int, int]:
    """Where those land who stand on a level: on it, or on the next lower one that is left."""
    lands: dict[int, int] = {}
    place = 0
    for tier in Tier.objects.order_by("threshold").values_list("pk", flat=True):
        place = wanted.get(tier, place)
        lands[tier] = place
    return lands


# --- Keeping ----------------------------------------------------------------------------------


def _let_move(ladder: Ladder) -> None:
    """Outside of the transaction that changed it: every member's move is an operation."""
    if Ladder.objects.on().filter(pk=ladder.pk).exists():
        settle(ladder, clock.now(), at_once=AT_ONCE)


@transaction.atomic
def _keep(actor: Actor, measure: str, window: str, levels: Sequence[Level]) -> Ladder:
    shop = actor.shop
    before = facts.of_ladder(shop)
    _first_for(shop, measure, window)
    ladder = Ladder.objects.select_for_update(of=("self",)).select_related("shop").get(shop=shop)
    ladder.measure, ladder.window = measure, window
    ladder.version += 1
    ladder.save(update_fields=["measure", "window", "version"])
    there = list(Tier.objects.filter(ladder=ladder).order_by("threshold"))
    left = [tier for tier in there if tier.retired_at is None]
    # Two may swap what they take, so none counts as a level while they do.
    Tier.objects.filter(ladder=ladder).standing().update(retired_at=clock.now())
    meant = _meant(levels, there)
    Standing.objects.filter(tier__in=there, looked_ahead=True).update(looked_ahead=False)
    kept = [_keep_level(ladder, *pair) for pair in zip(levels, meant, strict=True)]
    _lead_down(left, kept)
    journal.write(actor, "levels", before=before, after=facts.of_ladder(shop))
    return ladder


def _meant(levels: Sequence[Level], there: Sequence[Tier]) -> list[Tier | None]:
    """Which of the levels there are each of these is, and none of them twice. None: a new one.

    One without a pk that stands already was made by the first of a double tap.
    """
    free = {tier.pk: tier for tier in there}
    named = [free.pop(level.tier or 0, None) for level in levels]
    alike = {(tier.name, tier.threshold): tier for tier in free.values() if not tier.retired_at}
    return [
        tier or alike.pop((level.name, level.threshold), None)
        for level, tier in zip(levels, named, strict=True)
    ]


def _first_for(shop: Shop, measure: str, window: str) -> None:
    """A double tap makes one."""
    Ladder.objects.bulk_create(
        [Ladder(shop=shop, measure=measure, window=window)], ignore_conflicts=True
    )


def _keep_level(ladder: Ladder, level: Level, tier: Tier | None) -> Tier:
    tier = tier or Tier(shop=ladder.shop, ladder=ladder)
    tier.name, tier.threshold = level.name, level.threshold
    tier.multiplier_percent, tier.head_start = level.multiplier_percent, level.head_start
    tier.retired_at = tier.instead = None
    tier.save()
    perks = {perk.pk: perk for perk in tier.perks.all()}
    tier.perks.filter(retired_at=None).update(retired_at=clock.now())
    for perk in level.perks:
        _keep_perk(tier, perk, perks.get(perk.perk or 0))
    return tier


def _keep_perk(tier: Tier, wanted: Perk, perk: TierPerk | None) -> None:
    perk = perk or TierPerk(shop=tier.shop, tier=tier)
    for name in ("kind", "title", "terms", "value_minor", "times", "per"):
        setattr(perk, name, getattr(wanted, name))
    perk.retired_at = None
    perk.save()


def _lead_down(before: Sequence[Tier], kept: Sequence[Tier]) -> None:
    """From a level that is no more, to the next lower one that was left."""
    staying, lower = {tier.pk for tier in kept}, kept[0]
    for tier in before:
        if tier.pk in staying:
            lower = tier
        else:
            Tier.objects.filter(pk=tier.pk).update(instead=lower)
