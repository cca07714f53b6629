"""What levels answer when the house asks."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext as _

from loyalty.models import Shop
from loyalty.prepared import Given
from members.ledger.models import Operation, Visit
from members.models import Membership
from members.visits import Purchase
from rewards.tiers import ahead, operations, perks, proving, showing, taking_back, telling
from rewards.tiers.models import Ladder, TierMove

rules_lines, told_at_the_till = telling.rules_lines, telling.told
card_shelf, history, marks = showing.card_shelf, showing.history, showing.marks
tags, counter_panel = showing.tags, showing.counter_panel


def hears_visits(card: int | OuterRef) -> "QuerySet[Ladder]":
    return Ladder.objects.on()


def on_card(card: Given, now: Given) -> "QuerySet[Ladder]":
    return Ladder.objects.filter(off_since=None)


def visited(op: Operation, visit: Visit, purchase: Purchase) -> list[dict[str, Any]]:
    return operations.climb(op, visit)


def undone(op: Operation, undone: Operation) -> bool:
    taking_back.undo(op, undone)
    return perks.took_back(undone)


def merged(op: Operation, gone: Membership, kept: Membership) -> None:
    taking_back.merge(op, gone, kept)


def unmerged(op: Operation, undone: Operation, gone: Membership, kept: Membership) -> None:
    taking_back.unmerge(op, undone, gone, kept)


def benefit(shop: Shop, now: datetime) -> tuple["QuerySet[Ladder]", str]:
    return Ladder.objects.filter(shop=shop, off_since=None), _("Levels: regulars get more.")


def keeps(shop: Shop) -> Iterator[str]:
    if Ladder.objects.filter(shop=shop, off_since=None).exists():
        yield _("Your level, and by what you reached it.")


def personal_data(membership: Membership) -> dict[str, Any] | None:
    moves = TierMove.objects.stands().filter(membership=membership).latest_first()
    told = [
        {_("When"): move.at, _("Level"): move.tier.name, _("Why"): move.get_why_display()}
        for move in moves.select_related("tier")
    ]
    return {_("Levels"): told} if told else None


def resumed(shop: Shop) -> None:
    operations.look_at_everybody(shop)


def tick(now: datetime) -> None:
    operations.pass_time(now)
    ahead.tell_ahead(now)


def audit() -> Iterator[str]:
    yield from proving.disagreements()
