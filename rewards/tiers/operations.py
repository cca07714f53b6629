"""Who moves on the ladder when somebody buys, when time passes, and when the rules change."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from django.db.models import F, Max, Q, QuerySet
from django_scopes import scope, scopes_disabled

from loyalty import keys
from loyalty.actors import Actor, Channel
from loyalty.models import Shop
from members.ledger import posting
from members.ledger.models import Operation, Visit, local_day
from members.models import Membership
from rewards.tiers import measure
from rewards.tiers.climbing import Climber, Steps
from rewards.tiers.measure import Yardstick
from rewards.tiers.models import Ladder, Standing, Tier, TierMove

Why = TierMove.Why
LEVEL = "level"  # the kind of part that says where a visit led
AT_ONCE = 200  # whoever is moved while the owner waits; the worker does the others


class Looked(TypedDict):
    tier: int  # where they are now; 0: the shop has no levels


def climb(op: Operation, visit: Visit) -> list[dict[str, Any]]:
    """Move up at once to what a visit reached, exactly the threshold included, and say so."""
    climber = Climber.find(op, visit.membership)
    if climber is None or not climber.climbs:
        return []
    if climber.was_warned:
        climber.warn_no_more()  # less is missing now
    moved = climber.climb()
    return [{"kind": LEVEL, "level": moved.tier.name}] if moved else []


@posting.operation("look_at_level")
def look_again(op: Operation, *, membership: Membership, key: UUID, actor: Actor) -> Looked:
    """Let a member be where they belong: by a period that is over, or by rules that have changed.

    Nobody loses a level before its time, but for one that is no more. Twice changes nothing.
    """
    climber = Climber.find(op, membership)
    if climber is None:
        return {"tier": 0}
    climber.leave_retired()
    climber.fit_window()
    down = climber.close_periods()
    climber.climb(Why.REACHED if down else Why.RULES)
    return {"tier": climber.level.pk}


# --- Time ------------------------------------------------------------------------------------


def pass_time(now: datetime) -> int:
    """Look again at everybody whose period is over in their shop's time, or whose shop has changed
    its levels. Twice changes nothing. Counts members."""
    with scopes_disabled():
        ladders = list(Ladder.objects.on().select_related("shop"))
    return sum(_pass_time(ladder, now) for ladder in ladders)


def _pass_time(ladder: Ladder, now: datetime) -> int:
    with scope(shop=ladder.shop):
        over = Q(held_until__lt=local_day(ladder.shop, now)) | Q(tier__retired_at__isnull=False)
        due = Standing.objects.filter(
            over, membership__merged_into=None, membership__leaving_since=None
        )
        looked = _look_at(due.order_by("pk").values_list("membership", flat=True), ladder, now)
        return looked + settle(ladder, now)


def look_at_everybody(shop: Shop) -> None:
    """Nobody climbed while the shop was on pause: the worker makes up for it, as for new rules."""
    Ladder.objects.filter(shop=shop, off_since=None).update(version=F("version") + 1)


def settle(ladder: Ladder, now: datetime, *, at_once: int | None = None) -> int:
    """Let everybody find their level under rules that were changed, or `at_once` of them.

    What is left is done by the worker. Counts members.
    """
    if ladder.settled == ladder.version:
        return 0
    moving = out_of_place(ladder, now)
    looked = _look_at(moving[:at_once], ladder, now)
    if looked == len(moving):
        Ladder.objects.filter(pk=ladder.pk, version=ladder.version).update(settled=ladder.version)
    return looked


def out_of_place(ladder: Ladder, now: datetime) -> list[int]:
    """The cards (pks) that would move if they were looked at now, or be held until another day.
    Four queries."""
    steps = Steps(ladder, list(Tier.objects.filter(ladder=ladder).standing()))
    measured = measure.of_everybody(Yardstick.of(ladder), now)
    in_use = Standing.objects.filter(membership__merged_into=None, membership__leaving_since=None)
    stand = in_use.select_related("tier")
    held = {standing.membership_id: standing for standing in stand}
    today = local_day(ladder.shop, now)
    off = {card for card, standing in held.items() if not steps.fits(standing, today)}
    for card, n in measured.items():
        at = held[card].tier if card in held else steps.base
        if steps.reached(n).threshold > at.threshold:
            off.add(card)
    return sorted(off)


def _look_at(cards: "Iterable[int] | QuerySet[Any, int]", ladder: Ladder, now: datetime) -> int:
    """A key of its own for each state of a member, so that whatever is tried again is one thing.

    A state is never the same again: taking a move back leads to another one, not to an earlier.
    """
    found = Membership.objects.filter(pk__in=list(cards)).order_by("pk")
    members = found.annotate(moved=Max("tier_moves"), back=Max("tier_moves__undone_by"))
    for member in members:
        look_again(
            membership=member,
            key=keys.derived("level", member.pk, member.moved, member.back, ladder.version),
            actor=Actor(ladder.shop, Channel.JOB, at=now),
        )
    return len(members)
