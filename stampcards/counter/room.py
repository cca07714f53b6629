"""What the till answers when the house asks."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from members.ledger.models import Operation
from members.models import Membership, RetiredCode
from stampcards.counter.models import LateAction


def personal_data(membership: Membership) -> dict[str, Any] | None:
    saved = LateAction.objects.filter(_of(membership)).select_related("counter__location")
    told = [
        {_("When"): action.happened_at, _("Where"): action.counter.location.name}
        for action in saved.order_by("pk")
    ]
    return {_("Saved at a counter without a connection"): told} if told else None


def forget(op: Operation, membership: Membership, now: datetime) -> None:
    """What came late stays on the manager's list, without the code of the card."""
    LateAction.objects.filter(_of(membership)).update(code="")


def _of(membership: Membership) -> Q:
    """What was scanned or typed: the codes the card has, and those it had."""
    own = (membership.counter_code, membership.short_code)
    retired = RetiredCode.objects.filter(membership=membership)
    had = retired.values_list("counter_code", "short_code")
    return Q(code__in=[code for pair in (own, *had) for code in pair])
