"""What opening balances answer when the house asks."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from loyalty.models.people import masked
from members.ledger.models import Operation
from members.models import Membership
from members.opening import claiming, operations
from members.opening.models import OpeningLine


def personal_data(membership: Membership) -> dict[str, Any] | None:
    lines = OpeningLine.objects.brought_in().filter(membership=membership, made=True)
    told = [
        {_("When"): line.file.asked_at, _("E-mail"): masked(line.email) if line.email else ""}
        for line in lines.select_related("file").order_by("pk")
    ]
    return {_("Brought over from the shop's own list"): told} if told else None


def forget(op: Operation, membership: Membership, now: datetime) -> None:
    claiming.forget(membership)


def tick(now: datetime) -> None:
    operations.pass_time(now)
