"""How one comes to have things early: said on the public rules page (VIP-07)."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members import segments
from rewards.vip.models import Drop, Opening, Vip

Audience = Opening.Audience


def lines(now: datetime) -> Iterator[str]:
    """A sentence for each way there is right now, within the scope of a shop. Two queries."""
    said = dict.fromkeys(sentence(opening) for opening in early(now).select_related("tier"))
    if Vip.objects.filter(until=None, membership__merged_into=None).exists():
        said.setdefault(sentence(Opening(audience=Audience.PICKED)), None)
    yield from said


def early(now: datetime) -> "QuerySet[Opening]":
    """What some members may have before everybody else, of all that is announced or open."""
    current = Opening.objects.filter(drop__in=Drop.objects.current(now))
    return current.exclude(audience=Audience.EVERYBODY)


def sentence(opening: Opening) -> str:
    """Whom an opening is for, to anybody who reads the rules."""
    match opening.audience:
        case Audience.TIER if opening.tier:
            words = _("Early access comes with the level %(level)s, and with those above it.")
            return words % {"level": opening.tier.name}
        case Audience.TOP:
            return _top(opening)
        case Audience.SEGMENT:
            definition = segments.SEGMENTS[opening.segment].definition
            return _("Early access for some members: %(who)s") % {"who": definition}
    return _("Early access for members the shop picks itself.")


def _top(opening: Opening) -> str:
    n = opening.top or 0
    return ngettext(
        "Early access for the %(n)d member who spent most in the last %(days)d days.",
        "Early access for the %(n)d members who spent most in the last %(days)d days.",
        n,
    ) % {"n": n, "days": opening.top_days}
