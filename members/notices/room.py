"""What notices answer when the house asks."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import QuerySet

from members.ledger.models import Operation
from members.models import Membership
from members.notices import lots, operations
from members.rooms import RunsOut


def running_out(
    memberships: "QuerySet[Membership]", since: date, until: date | None
) -> Iterator[RunsOut]:
    return lots.running_out(memberships, since, until)


def merged(op: Operation, gone: Membership, kept: Membership) -> None:
    operations.hand_on(op, gone, kept)


def tick(now: datetime) -> None:
    operations.tell_in_time(now)
