"""What is kept of somebody's friends, and what is left of it when their card is erased."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from members.messages.models import Message
from members.models import Membership
from rewards.friends.models import Referral, Thanked
from rewards.friends.thanking import NEWS, once


def told(membership: Membership) -> dict[str, Any] | None:
    """For their own eyes: that friends came, and never who. None: nobody did."""
    brought = Referral.objects.filter(member=membership).order_by("-pk")
    came = Referral.objects.filter(friend=membership).order_by("-pk")
    found = {
        _("Friends who joined through you"): [_line(each) for each in brought],
        _("You joined through a friend"): [_line(each) for each in came],
    }
    return {heading: lines for heading, lines in found.items() if lines} or None


def _line(referral: Referral) -> dict[str, Any]:
    return {_("When"): referral.joined_at, _("What became of it"): referral.get_state_display()}


def forget(membership: Membership) -> None:
    """Their name goes from what their friends were told, and their code from where friends came."""
    Membership.objects.filter(source_detail=membership.friend_code).update(source_detail="")
    both = Q(referral__friend=membership) | Q(referral__member=membership)
    said = [once(thanked) for thanked in Thanked.objects.filter(both)]
    for message in Message.objects.filter(once__in=said, template__startswith=NEWS):
        message.values = {**message.values, "friend": ""}
        message.save(update_fields=["values"])
