"""Two cards of one customer, as their shop looks for the other one and makes them one."""

from dataclasses import dataclass
from datetime import datetime

from loyalty.dashboard.members import narrowing
from members.ledger.models import Operation, local_day
from members.merging import UNDOABLE_FOR
from members.models import Membership
from members.refusals import CardDeleted, NotMergeable
from stampcards.counter.merging import SameCard, Side

SHOWN = 10


@dataclass(frozen=True)
class Others:
    """The cards that may be meant, without the one that is open; or why none."""

    sides: list[Side]
    trouble: str = ""


def others_of(card: Membership, typed: str, now: datetime) -> Others:
    """By six digits, a phone number, or how a name begins."""
    found = narrowing.find(card.shop, narrowing.Wanted(typed=typed), now)
    if found.card and (deleted := found.card.leaving_since):
        return Others([], str(CardDeleted(day=local_day(card.shop, deleted).isoformat())))
    cards = [found.card] if found.card else list(found.cards[: SHOWN + 1])
    others = [other for other in cards if other.pk != card.pk][:SHOWN]
    if others:
        return Others([side_of(other, card, now) for other in others])
    if found.card:
        already = Membership.objects.filter(merged_into=card).exists() and not _own(card, typed)
        return Others([], str(NotMergeable() if already else SameCard()))
    return Others([], found.trouble or str(SameCard()))


def _own(card: Membership, typed: str) -> bool:
    return "".join(filter(str.isdigit, typed)) == card.short_code


def side_of(card: Membership, beside: Membership, now: datetime) -> Side:
    card.shop = beside.shop
    return Side.of(card, now)


@dataclass(frozen=True)
class Part:
    """A card that became part of this one. `undo`: what did it, while it can be taken back."""

    card: Membership
    undo: Operation | None


def parts_of(card: Membership, now: datetime) -> list[Part]:
    """Every card that this one was made of directly, in the order they were made."""
    since = now - UNDOABLE_FOR
    merges = Operation.objects.filter(membership=card, kind="merge", occurred_at__gte=since)
    by_gone = {(merge.answer or {}).get("gone"): merge for merge in merges.order_by("pk")}
    parts = Membership.objects.filter(merged_into=card).order_by("pk")
    return [Part(part, by_gone.get(part.pk)) for part in parts]
