"""Groups of members by what they do, asked for a moment and stored nowhere (SEG-01).

    __init__.py  which groups there are, what each means in a sentence, and who is in it
    dates.py     who joined when, and whose visits say what; what happened with a card that became
                 part of another one is told of that one

A member can be in several groups, or in none: who joined a year ago and never bought anything is
neither new nor slipping away.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members import kinds
from members.family import Cards
from members.models import Membership, Programme
from members.refusals import closed
from members.segments import dates


@dataclass(frozen=True)
class Segment:
    """A group, as owners read it."""

    key: str
    name: str | Promise
    definition: str | Promise
    among: Callable[[Cards, datetime], Q]  # which of some cards are in it at a moment


def _nearly_there(cards: Cards, now: datetime) -> Q:
    """Every kind knows what is one unit away from a reward in it."""
    near = Q(pk__in=[])
    for programme in Programme.objects.running().select_related("shop").in_order():
        if closed(programme, programme.shop, now):
            continue
        found = kinds.kind(programme.kind).nearly_there(programme, now)
        near |= Q(pk__in=found.order_by().values("membership"))
    return near


SEGMENTS = {
    segment.key: segment
    for segment in (
        Segment(
            "new",
            _("New"),
            _("Joined in the last 30 days."),
            dates.new,
        ),
        Segment(
            "regulars",
            _("Regulars"),
            _("At least 4 visits in the last 30 days."),
            dates.regulars,
        ),
        Segment(
            "nearly_there",
            _("Nearly there"),
            _("One stamp or one usual purchase away from a reward."),
            _nearly_there,
        ),
        Segment(
            "gone_quiet",
            _("Slipping away"),
            _(
                "Used to come, 3 visits or more; the last one is over 30 days ago, and longer ago "
                "than twice their usual time between visits."
            ),
            dates.gone_quiet,
        ),
    )
}


def within(key: str, cards: Cards, now: datetime) -> Cards:
    """Those of the cards that are in a group at a moment. Cards merged into another are in none.

    Within the scope of their shop. One query, when it is read; "nearly_there" asks the kinds
    first, a few for each programme, however many cards there are.
    """
    return cards.filter(SEGMENTS[key].among(cards, now), merged_into=None, leaving_since=None)


def groups_of(card: Membership, keys: Collection[str], now: datetime) -> frozenset[str]:
    """Which of these groups one card is in. One query besides what "nearly_there" asks first."""
    one = Membership.objects.filter(pk=card.pk)
    asked = {key: ExpressionWrapper(SEGMENTS[key].among(one, now), BooleanField()) for key in keys}
    found = one.current().annotate(**asked).values(*asked).first() if asked else None
    return frozenset(key for key, is_in in (found or {}).items() if is_in)
