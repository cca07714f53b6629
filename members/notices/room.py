"""What notices answer when the house asks."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from members.ledger.models import Operation
from members.models import Membership
from members.notices import lots, operations
from members.notices.models import Notice
from members.rooms import RunsOut

SOON = timedelta(days=7)


def running_out(
    memberships: "QuerySet[Membership]", since: date, until: date | None
) -> Iterator[RunsOut]:
    return lots.running_out(memberships, since, until)


def merged(op: Operation, gone: Membership, kept: Membership) -> None:
    operations.hand_on(op, gone, kept)


def personal_data(membership: Membership) -> dict[str, Any] | None:
    told = [
        {_("When"): notice.at, _("Runs out on"): notice.runs_out_on}
        for notice in Notice.objects.filter(membership=membership).order_by("-pk")
    ]
    return {_("Notices of what runs out"): told} if told else None


def forget(op: Operation, membership: Membership, now: datetime) -> None:
    Notice.objects.filter(membership=membership).delete()


def tags(membership: Membership, today: date) -> Iterator[str]:
    this_card = Membership.objects.filter(pk=membership.pk)
    if any(operations.running_out(this_card, today, today + SOON)):
        yield _("Expires soon")


def tick(now: datetime) -> None:
    operations.tell_in_time(now)
