"""The lock of an operation: whoever else touches the same cards waits for its commit."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet, UUIDField

from loyalty.actors import Channel
from loyalty.prepared import Given, Prepared
from members.ledger.models import Operation, local_day
from members.models import Membership
from members.refusals import CardDeleted


def _locked() -> "QuerySet[Membership, Any]":
    card = Membership.objects.select_for_update(no_key=True, of=("self",)).filter(pk=Given("pk"))
    return card.values(deleted=F("leaving_since"))


def _known() -> "QuerySet[Operation]":
    known = Operation.objects.select_related("membership").filter(key=Given("key", UUIDField()))
    return known.select_for_update(no_key=True, of=("self",))


LOCKED = Prepared(_locked)
KNOWN = Prepared(_known)


def lock(memberships: Iterable[Membership]) -> datetime | None:
    """Make everyone else who touches these memberships wait for our commit.

    Two tills read one balance and both spend it: that is the race. Ids in order, so two
    operations can never wait for each other. Returns when one of them was deleted by its owner.
    """
    ids = sorted(membership.pk for membership in memberships)
    found = [row for pk in ids for row in LOCKED.values(pk=pk)]
    return next((row["deleted"] for row in found if row["deleted"]), None)


def locked_under(key: UUID) -> Operation | None:
    """What a key stands for already, and its lock. None: nothing."""
    return KNOWN.first(key=key)


def is_locked_by_itself() -> bool:
    """SQLite's transactions wait for each other as they begin: there a lock only reads."""
    return not connection.features.has_select_for_update


def refuse_deleted(op: Operation, deleted: datetime | None) -> None:
    """Whoever deleted a card can bring it back; until then only time touches it.

    Refused: CardDeleted.
    """
    if deleted and op.channel != Channel.JOB:
        raise CardDeleted(day=local_day(op.shop, deleted).isoformat())
