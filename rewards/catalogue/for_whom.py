"""For whom a reward is, as its owner chooses and reads it: everyone, a level, or a group."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.models import Membership
from members.segments import SEGMENTS, within
from rewards.catalogue.models import Reward
from rewards.tiers.models import Tier
from rewards.tiers.standing import at_least

LEVEL, GROUP = "level-", "group-"  # what a choice begins with


def choices(reward: Reward | None) -> list[tuple[Any, Any]]:
    """Everyone; the levels above the first one, in a shop that has any; and the groups."""
    or_higher = _("%(level)s or higher")
    levels = [(f"{LEVEL}{tier.pk}", or_higher % {"level": tier}) for tier in _levels(reward)]
    groups = [(f"{GROUP}{key}", segment.name) for key, segment in SEGMENTS.items()]
    told = [("", _("Everyone")), (_("Level"), levels), (_("Group"), groups)]
    return [choice for choice in told if choice[1]]


def read(chosen: str) -> dict[str, Any]:
    """What a choice means: the level or the group of an Offer."""
    if chosen.startswith(LEVEL):
        return {"tier": Tier.objects.get(pk=chosen.removeprefix(LEVEL))}
    return {"segment": chosen.removeprefix(GROUP)}


def value_of(reward: Reward) -> str:
    """The choice a reward stands for."""
    if reward.tier_id:
        return f"{LEVEL}{reward.tier_id}"
    return f"{GROUP}{reward.segment}" if reward.segment else ""


def words(reward: Reward) -> str:
    """For Gold or higher. "": for everybody."""
    if reward.tier:
        return _("For %(level)s or higher") % {"level": reward.tier.name}
    if reward.segment:
        return _("For a group: %(group)s") % {"group": SEGMENTS[reward.segment].name}
    return ""


def how_many(reward: Reward, now: datetime) -> int:
    """Members who are at its level and in its group at this moment."""
    cards = at_least(reward.tier) if reward.tier else Membership.objects.current()
    return (within(reward.segment, cards, now) if reward.segment else cards).count()


def sentence(n: int) -> str:
    """12 members could choose it today."""
    return ngettext(
        "%(n)d member could choose it today.", "%(n)d members could choose it today.", n
    ) % {"n": n}


def _levels(reward: Reward | None) -> list[Tier]:
    """Those there are, and the one this reward is for, whatever has become of it."""
    levels = list(Tier.objects.standing().filter(ladder__off_since=None, threshold__gt=0))
    own = reward.tier if reward else None
    return levels if own is None or own in levels else [*levels, own]
