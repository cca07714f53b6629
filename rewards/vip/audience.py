"""Who is meant by an opening, and by what right a member may.

Whoever is in the audience of an opening that has come may, judged at the moment of asking: a
level lost since then opens nothing any more, and one reached since then does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members import segments
from members.family import card_of
from members.ledger.models import Visit
from members.models import Membership
from rewards.tiers import standing
from rewards.vip.models import Drop, Opening, Vip

Audience = Opening.Audience

# To a member, of themselves. What an owner calls a group is not always kind ("Slipping away").
WHY: dict[str, str | Promise] = {
    "picked": _("Picked by the shop"),
    "top": _("One of our best customers"),
    "segment:new": _("New here"),
    "segment:regulars": _("A regular"),
    "segment:nearly_there": _("Nearly at a reward"),
    "segment:gone_quiet": _("Missed by the shop"),
    "everybody": "",
}


@dataclass(frozen=True)
class Right:
    """By which opening a member may, or will. `why` is kept with what they reserve by it."""

    opening: Opening
    why: str  # "tier:Gold", "picked", "top", "segment:regulars", "everybody"

    @property
    def words(self) -> str:
        """The reason, as the member reads it: "Gold", "Picked by the shop"; "": everybody may."""
        return in_words(self.why)


@dataclass(frozen=True)
class Qualifying:
    """How many an opening would let in right now."""

    opening: Opening
    n: int

    @property
    def nobody(self) -> bool:
        """Worth a warning: it would open to no one."""
        return self.n == 0


def in_words(why: str) -> str:
    """A reason that was kept, in the reader's language."""
    kind, _colon, name = why.partition(":")
    return name if kind == Audience.TIER else str(WHY.get(why, ""))


def members_of(opening: Opening, now: datetime) -> "QuerySet[Membership]":
    """The cards an opening is for, at a moment, whether it has come or not; one of an unsaved
    opening, too. Within the scope of its shop."""
    current = Membership.objects.current()
    match opening.audience:
        case Audience.TIER if opening.tier:
            return standing.at_least(opening.tier)
        case Audience.PICKED:
            return current.filter(Exists(Vip.objects.filter(membership=OuterRef("pk"), until=None)))
        case Audience.TOP:
            return current.filter(pk__in=_top(opening, now))
        case Audience.SEGMENT:
            return segments.within(opening.segment, current, now)
    return current


def qualifying(opening: Opening, now: datetime) -> int:
    """How many members an opening is for, at a moment."""
    return members_of(opening, now).count()


def preview(openings: Iterable[Opening], now: datetime) -> list[Qualifying]:
    """The same of several, saved or not, for whoever is about to schedule them."""
    return [Qualifying(opening, qualifying(opening, now)) for opening in openings]


def entitled(openings: Iterable[Opening], now: datetime) -> "QuerySet[Membership]":
    """Whoever at least one of the openings is for, as far as they have come."""
    opened = [opening for opening in openings if opening.at <= now]
    anyone = Q(pk__in=[])
    for opening in opened:
        if opening.audience == Audience.EVERYBODY:
            return Membership.objects.current()
        anyone |= Q(pk__in=members_of(opening, now).order_by().values("pk"))
    return Membership.objects.current().filter(anyone)


def right_of(drop: Drop, membership: Membership, now: datetime) -> Right | None:
    """By which opening that has come this member may, the earliest of them. None: they may not."""
    opened = [opening for opening in drop.openings.select_related("tier") if opening.at <= now]
    rights = rights_of(opened, membership, now)
    return rights[0] if rights else None


def rights_of(openings: Iterable[Opening], membership: Membership, now: datetime) -> list[Right]:
    """Those of the openings that are for this member now, come or not, in their order.

    One query, however many they are; none where they are for everybody. (Who is nearly at a
    reward, the kinds of programme are asked as well.) Needs each opening's tier.
    """
    openings = list(openings)
    asked: dict[str, Opening] = {}
    for opening in openings:
        asked.setdefault(_key(opening), opening)
    inside = _which(asked, membership, now)
    return [Right(opening, _why(opening)) for opening in openings if inside.get(_key(opening))]


def _which(asked: dict[str, Opening], membership: Membership, now: datetime) -> dict[str, Any]:
    everybody = {key: True for key, each in asked.items() if each.audience == Audience.EVERYBODY}
    tests = {
        key: Exists(members_of(opening, now).filter(pk=OuterRef("pk")))
        for key, opening in asked.items()
        if key not in everybody
    }
    if not tests:
        return everybody
    card = Membership.objects.filter(pk=membership.pk)
    found = card.annotate(**tests).values(*tests).first() or {}
    return {**everybody, **found}


def _key(opening: Opening) -> str:
    """The same for two openings to the same people."""
    said = (opening.tier_id, opening.segment, opening.top, opening.top_days)
    return "_".join(["in", opening.audience, *(str(part or "") for part in said)])


def _why(opening: Opening) -> str:
    if opening.audience == Audience.TIER and opening.tier:
        return f"{Audience.TIER}:{opening.tier.name}"
    if opening.audience == Audience.SEGMENT:
        return f"{Audience.SEGMENT}:{opening.segment}"
    return str(opening.audience)


def _top(opening: Opening, now: datetime) -> QuerySet[Any]:
    """Whoever spent most lately; of two who spent alike, who joined first.

    What was bought with a card that became part of another one counts for that one.
    """
    since = now - timedelta(days=opening.top_days or 0)
    bought = Visit.objects.filter(voided_by=None, at__gt=since, at__lte=now, amount_minor__gt=0)
    by_card = bought.order_by().annotate(card=card_of("pk"), joined=card_of("joined_at"))
    spent = by_card.values("card", "joined").alias(spent=Sum("amount_minor"))
    return spent.order_by("-spent", "joined", "card").values("card")[: opening.top or 0]
