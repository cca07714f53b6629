"""What early access keeps of a member, and what is left of it when their card is erased."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from members.models import Membership
from rewards.models import Claim
from rewards.vip import places
from rewards.vip.models import Reservation, Vip


def told(membership: Membership) -> dict[str, Any] | None:
    """For their own eyes. None: nothing."""
    asked = Reservation.objects.filter(membership=membership).select_related("drop")
    picked = Vip.objects.filter(membership=membership)
    found = {
        _("Early access"): [
            {
                _("When"): one.asked_at,
                _("What"): one.drop.name,
                _("Answer"): one.get_state_display(),
                _("By what right"): one.why,
            }
            for one in asked.order_by("-pk")
        ],
        _("Picked by the shop for early access"): [
            {_("From"): vip.since, _("Until"): vip.until} for vip in picked.order_by("-pk")
        ],
    }
    return {heading: lines for heading, lines in found.items() if lines} or None


def forget(membership: Membership, now: datetime) -> None:
    """Somebody else can have what was kept for them; the worker gives it to who waits longest."""
    kept = Reservation.objects.ready().filter(membership=membership)
    for one in kept.select_related("drop", "claim").order_by("pk"):
        if one.claim:
            places.free(places.lock(one.drop), one.claim, Claim.State.EXPIRED)
    waiting = Reservation.objects.filter(membership=membership).waiting()
    waiting.update(state=Reservation.State.OVER)
    Vip.objects.filter(membership=membership, until=None).update(until=now)
