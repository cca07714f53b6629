"""What bringing a friend answers when the house asks."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from loyalty.models import Shop
from loyalty.prepared import Given
from members.ledger.models import Account, Operation, Visit
from members.models import Membership
from members.rooms import Panel
from members.visits import Purchase
from rewards.friends import invitations, leaving, merging, operations, words
from rewards.friends.models import Inviting, Referral, Thanked, Thanks


def joined(op: Operation, membership: Membership) -> None:
    operations.tie(op, membership)


def hears_visits(card: int | OuterRef) -> QuerySet[Referral]:
    return operations.waiting_for(card)


def visited(op: Operation, visit: Visit, purchase: Purchase) -> list[operations.Came]:
    return operations.buy(op, visit, purchase)


def told_at_the_till(part: dict[str, Any], name: str) -> str:
    return words.told(part) if part["kind"] == operations.CAME else ""


def may_undo(op: Operation, undone: Operation) -> None:
    operations.give_back_first(op, undone)


def undone(op: Operation, undone: Operation) -> bool:
    return operations.took_back(op, undone)


def merged(op: Operation, gone: Membership, kept: Membership) -> dict[str, list[merging.Was]]:
    return {"friends": merging.merged(op, gone, kept)}


def unmerged(op: Operation, undone: Operation, gone: Membership, kept: Membership) -> None:
    answer = undone.answer or {}
    merging.parted(op, answer["moved"].get("friends", []))  # older merges don't know it


def on_card(card: Given, now: Given) -> QuerySet[Inviting]:
    return Inviting.objects.on()


def card_shelf(membership: Membership, accounts: list[Account]) -> Panel | None:
    """The row that leads to the page to share from."""
    if not invitations.worth_it(membership.shop).exists():
        return None
    return Panel("rewards/friends/_row.html", {"membership": membership})


def rules_lines(shop: Shop, now: datetime) -> Iterator[str]:
    if invitation := invitations.scheme_of(shop):
        yield from words.in_the_rules(*invitation)


def benefit(shop: Shop, now: datetime) -> tuple["QuerySet[Thanks]", str]:
    return invitations.worth_it(shop), _("A thank-you when you bring a friend.")


def keeps(shop: Shop) -> Iterator[str]:
    if operations.inviting_of(shop):
        yield _("Who came through whom, where somebody joined with a friend's invitation.")


def personal_data(membership: Membership) -> dict[str, Any] | None:
    return leaving.told(membership)


def forget(op: Operation, membership: Membership, now: datetime) -> None:
    leaving.forget(membership)


def tick(now: datetime) -> None:
    operations.catch_up(now)


def audit() -> Iterator[str]:
    """Thanks stand for what they say; who is rewarded has one, and nobody brings themselves."""
    for thanked in Thanked.objects.exclude(shop=F("referral__shop"), operation__shop=F("shop")):
        yield f"thanks {thanked.pk} reach into another shop"
    strangers = ~Q(friend__shop=F("shop")) | ~Q(member__shop=F("shop"))
    for referral in Referral.objects.filter(strangers):
        yield f"referral {referral.pk} reaches into another shop"
    standing = Count("thanked", filter=Q(thanked__taken_back_by=None, thanked__side="member"))
    unpaid = Q(state="over_cap") | Q(state="taken_back")
    counted: QuerySet[Any] = Referral.objects.annotate(standing=standing)
    for referral in counted.filter(unpaid, standing__gt=0):
        yield f"referral {referral.pk} is {referral.state} and was paid"
