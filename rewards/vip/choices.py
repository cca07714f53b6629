"""To whom a shop can open something early, as the choices of a form: "tier:3", "segment:new"."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.segments import SEGMENTS
from rewards.tiers.models import Tier
from rewards.vip.models import Opening
from rewards.vip.plans import OpensTo

Audience = Opening.Audience
TOP = str(Audience.TOP)


def audiences(kept: Iterable[OpensTo] = ()) -> list[tuple[str, Any]]:
    """Levels, those of `kept` among them, then groups of members. In the scope of a shop."""
    levels = [(_of_tier(tier), said) for tier, said in _levels(kept)]
    groups = [(f"{Audience.SEGMENT}:{key}", each.name) for key, each in SEGMENTS.items()]
    chosen = [(str(which), which.label) for which in (Audience.PICKED, Audience.TOP)]
    offered = [(_("Members you choose"), chosen), (_("Groups"), groups)]
    return [(_("Levels"), levels), *offered] if levels else offered


def first_of(offered: list[tuple[str, Any]]) -> str:
    """What a new form proposes: the highest level; in a shop without levels, the regulars."""
    value = str(offered[0][1][0][0])
    return value if value.startswith(Audience.TIER) else f"{Audience.SEGMENT}:regulars"


def value_of(opening: OpensTo) -> str:
    """How a form says whom an opening is for."""
    if opening.tier:
        return _of_tier(opening.tier)
    said = str(opening.audience)
    return f"{said}:{opening.segment}" if opening.segment else said


def opens_to(
    value: str, at: datetime, *, top: int | None = None, top_days: int | None = None
) -> OpensTo:
    """The opening a form means. `top` and `top_days` count where it is for the best customers."""
    audience, _colon, which = value.partition(":")
    if audience == Audience.TIER:
        return OpensTo(at, audience, tier=Tier.objects.select_related("ladder").get(pk=which))
    if audience == Audience.SEGMENT:
        return OpensTo(at, audience, segment=which)
    return OpensTo(at, audience, top=top, top_days=top_days).plain


def _levels(kept: Iterable[OpensTo]) -> Iterable[tuple[Tier, str]]:
    """From the highest down; everybody is at the base, so it is none."""
    on = Q(retired_at=None, ladder__off_since=None, threshold__gt=0)
    used = Q(pk__in=[each.tier.pk for each in kept if each.tier])
    for place, tier in enumerate(Tier.objects.filter(on | used).order_by("-threshold", "pk")):
        above = _("%(level)s and above") % {"level": tier.name}
        yield tier, above if place else tier.name


def _of_tier(tier: Tier) -> str:
    return f"{Audience.TIER}:{tier.pk}"


# --- In words, as an owner calls them -------------------------------------------------------------


def in_words(opening: Opening) -> str:
    """Gold; Regulars; your best 20 customers; everyone. Needs its tier."""
    if opening.tier:
        return opening.tier.name
    if opening.audience == Audience.TOP:
        n = opening.top or 0
        best = ngettext("Your best customer", "Your best %(n)d customers", n)
        return best % {"n": n}
    return _called(opening.audience, opening.segment)


def right_in_words(why: str) -> str:
    """By what right a member came, as it is kept with what they reserved."""
    audience, _colon, name = why.partition(":")
    if audience == Audience.TIER:
        return name
    if audience == Audience.PICKED:
        return _("Picked")
    return _called(audience, name) if audience else ""


def _called(audience: str, segment: str) -> str:
    if audience == Audience.SEGMENT and segment in SEGMENTS:
        return str(SEGMENTS[segment].name)
    return str(Audience(audience).label)
