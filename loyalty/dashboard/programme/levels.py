"""Levels as their owner sees them: what a shop can give more of, who is where, and who moved."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext as _

from loyalty import clock
from loyalty.models import Shop
from members.ledger import accounts
from members.models import Membership, Programme
from rewards.tiers import telling, words
from rewards.tiers.models import Ladder, Standing, Tier, TierMove
from rewards.tiers.owner_forms import Brings
from rewards.tiers.standing import tier_of
from stampcards.counter.telling import name_of
from stampcards.rules import StampRules
from stampcards.trades import ordinal

MOST_HEAD_START = 3  # stamps
LATEST = 20  # moves


@dataclass(frozen=True)
class OnLevel:
    """How many members stand on a level."""

    name: str
    takes: str
    n: int


@dataclass(frozen=True)
class Move:
    """A line of the log."""

    card: Membership
    name: str
    before: str
    level: str
    why: str
    at: datetime
    undone: bool  # taken back since


def brings(shop: Shop) -> Brings:
    """What levels of a shop can give more of: its points, and the stamps of its first card."""
    running = list(Programme.objects.on().filter(shop=shop).select_related("shop").in_order())
    points = any(programme.kind == "points" for programme in running)
    card = next((programme for programme in running if programme.kind == "stamps"), None)
    return Brings(points, _head_starts(card) if card else ())


def _head_starts(card: Programme) -> tuple[tuple[int, str], ...]:
    """Every 6th free for everybody, every 5th for whoever finds one stamp on each new card."""
    need = StampRules.read(accounts.newest_rules(card, clock.now()).rules).need
    plain = ordinal(need + 1)
    told = [
        _("Every %(nth)s free, not every %(plain)s")
        % {"nth": ordinal(need + 1 - n), "plain": plain}
        for n in range(1, min(MOST_HEAD_START, need - 1) + 1)
    ]
    everybody = _("Every %(nth)s free") % {"nth": plain}
    return tuple(enumerate([everybody, *told]))


def on_levels(ladder: Ladder) -> list[OnLevel]:
    """The levels, highest first, with how many members stand on each. Three queries at most.

    Whoever never climbed is on the first one. Who stands on a level that is no more counts there
    as well, until the worker has been there.
    """
    tiers = list(Tier.objects.standing().filter(ladder=ladder))
    climbed = Standing.objects.filter(
        tier__in=tiers[1:], membership__merged_into=None, membership__leaving_since=None
    )
    counted = climbed.order_by().values_list("tier").annotate(Count("pk"))
    n_of = dict(counted)
    n_of[tiers[0].pk] = Membership.objects.current().count() - sum(n_of.values())
    unit = telling.unit_of(ladder)
    return [
        OnLevel(tier.name, words.takes(ladder, tier, unit), n_of.get(tier.pk, 0))
        for tier in reversed(tiers)
    ]


def latest_moves(ladder: Ladder) -> list[Move]:
    """The log, latest first (TIE-08). Two queries, and one if the shop counted points."""
    base = Tier.objects.standing().filter(ladder=ladder)[0]
    moves = TierMove.objects.filter(shop=ladder.shop).latest_first()
    found = list(moves.select_related("membership", "tier", "before")[:LATEST])
    units = {
        measure: telling.unit_of(Ladder(shop=ladder.shop, measure=measure))
        for measure in {move.measure for move in found}  # as it was counted then
    }
    return [_move(move, base, units[move.measure]) for move in found]


def _move(move: TierMove, base: Tier, unit: list[str]) -> Move:
    return Move(
        card=move.membership,
        name=name_of(move.membership),
        before=(move.before or base).name,
        level=move.tier.name,
        why=words.why(move, unit),
        at=move.at,
        undone=move.undone_by_id is not None,
    )


def level_of(card: Membership) -> str:
    """Gold, since 3 March, until 3 March 2028. "": the shop has no levels. Two queries at most."""
    tier = tier_of(card)
    if tier is None or not tier.threshold:
        return tier.name if tier else ""
    held = Standing.objects.filter(membership=card).first()
    return words.in_full(tier.name, held.since, held.held_until) if held else tier.name
