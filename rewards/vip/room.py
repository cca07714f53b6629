"""What early access answers when the house asks."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, cast

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from loyalty import clock
from loyalty.models import Shop
from loyalty.prepared import Given
from members.ledger.models import Account, Operation
from members.models import Membership
from members.rooms import HistoryLine, Panel
from rewards.models import Claim
from rewards.vip import history as told
from rewards.vip import lapsing, leaving, merging, rules, shelf, telling, undoing, waiting
from rewards.vip.models import Drop, Opening, Reservation, Vip


def may_undo(op: Operation, undone: Operation) -> None:
    undoing.give_back(op, undone)
    lapsing.keep_once_more(op, undone)


def undone(op: Operation, undone: Operation) -> bool:
    return undoing.was_reserved_by(undone)


def merged(op: Operation, gone: Membership, kept: Membership) -> merging.Moved:
    return merging.follow(op, gone, kept)


def unmerged(op: Operation, undone: Operation, gone: Membership, kept: Membership) -> None:
    moved = (undone.answer or {})["moved"]
    if "reservations" in moved:  # older merges don't know it
        merging.part(undone, cast(merging.Moved, moved), gone, kept)


def history(
    membership: Membership, *, since: datetime | None, until: datetime | None
) -> Iterator[HistoryLine]:
    return told.lines(membership, since, until)


def on_card(card: Given, now: Given) -> QuerySet[Membership]:
    return shelf.with_something(card, now)


def card_shelf(membership: Membership, accounts: list[Account]) -> Panel | None:
    """What opens to them, above what can be chosen."""
    found = shelf.shelf_of(membership, clock.now())
    if found.is_empty:
        return None
    return Panel("rewards/vip/_shelf.html", {"shelf": found, "membership": membership})


def benefit(shop: Shop, now: datetime) -> tuple["QuerySet[Opening]", str]:
    return rules.early(now), _("Early access to what is new, for some members.")


def keeps(shop: Shop) -> Iterator[str]:
    if Drop.objects.filter(shop=shop).exists():
        yield _("What you reserve or answer, and whether the shop picked you for early access.")


def personal_data(membership: Membership) -> dict[str, Any] | None:
    return leaving.told(membership)


def forget(op: Operation, membership: Membership, now: datetime) -> None:
    leaving.forget(membership, now)


def tags(membership: Membership, today: date) -> Iterator[str]:
    """The shop's own, as staff are to know."""
    if Vip.objects.filter(membership=membership, until=None).exists():
        yield _("VIP")


def rules_lines(shop: Shop, now: datetime) -> Iterator[str]:
    return rules.lines(now)


def tick(now: datetime) -> None:
    lapsing.lapse(now)
    waiting.fill_places(now)
    telling.tell_openings(now)
    telling.tell_lapses(now)


def audit() -> Iterator[str]:
    """What is left of a drop and what is held of it are all there are; each belongs to a card."""
    taken = Q(reservations__claim__state__in=Claim.STANDING)
    counted = Drop.objects.filter(quantity__isnull=False)
    wrong = counted.annotate(n=Count("reservations", filter=taken))
    for drop in wrong.exclude(quantity=F("left") + F("n")):
        yield f"drop {drop.pk}: {drop.left} left and {drop.n} held of {drop.quantity}"
    for claim in Claim.objects.reserved().filter(reservation=None):
        yield f"claim {claim.pk} is reserved of nothing"
    of_one_card = Q(claim__membership=F("membership"), claim__source=Claim.Source.EARLY)
    of_one_shop = Q(drop__shop=F("shop"), membership__shop=F("shop"))
    strange = Q(claim__isnull=False) & ~of_one_card | ~of_one_shop
    for reservation in Reservation.objects.filter(strange):
        yield f"reservation {reservation.pk} stands for claim {reservation.claim_id}"
