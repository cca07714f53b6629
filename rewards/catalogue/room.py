"""What the catalogue answers when the house asks."""

from datetime import datetime, timedelta

from loyalty.pictures.operations import forget_unused
from members.ledger.models import Account, Operation
from members.models import Membership
from members.rooms import Panel
from rewards.catalogue import operations, shelves

LEFT_LYING = timedelta(days=2)  # pictures chosen on a page that was never saved
ON_THE_CARD = 4  # the nearest; all of them have a page of their own


def card_shelf(membership: Membership, accounts: list[Account]) -> Panel | None:
    """The rewards that are nearest, below the points they are chosen for."""
    points = [account for account in accounts if account.programme.kind == "points"]
    offers = shelves.offers(membership, points)
    if not offers:
        return None
    needs = {"offers": offers[:ON_THE_CARD], "more": len(offers) > ON_THE_CARD}
    return Panel("rewards/catalogue/_shelf.html", {**needs, "membership": membership})


def undone(op: Operation, undone: Operation) -> bool:
    return operations.unchoose(undone)


def tick(now: datetime) -> None:
    operations.lapse_claims(now)
    forget_unused(now - LEFT_LYING)
