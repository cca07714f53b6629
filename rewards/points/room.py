"""What points answer when the house asks."""

from typing import Any

from django.db.models import OuterRef, QuerySet

from members.ledger import accounts, posting
from members.ledger.models import Account, Operation, Visit
from members.models import Membership, Programme
from members.visits import Purchase
from rewards.points import operations
from rewards.points.scheme import points_scheme


def hears_visits(card: int | OuterRef) -> "QuerySet[Programme]":
    return points_scheme().running()


def visited(op: Operation, visit: Visit, purchase: Purchase) -> list[dict[str, Any]]:
    return operations.follow(op, visit, purchase)


def give_bonus(op: Operation, card: Membership, kind: str, n: int) -> operations.Given | None:
    return operations.bonus_part(op, card, n) if kind == "points" else None


def merged(op: Operation, gone: Membership, kept: Membership) -> None:
    """All points on one card, dates kept."""
    theirs = Account.objects.filter(membership=gone, programme__kind="points")
    for out_of in theirs.select_related("programme", "rule_version"):
        into = accounts.find(op, kept, out_of.programme)
        posting.transfer(op, out_of=out_of, into=into)
