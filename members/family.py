"""Which cards are one customer's: the one they have now, and all that became part of it.

A merged card keeps what was done with it (members/merging.py), so whoever asks about a member asks
about the family. In one query a card is followed three times: it is merged once or twice in its
life. Card by card it is followed to the end.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from loyalty.models import Shop
from members.models import Membership

Cards = QuerySet[Membership]
STEPS = range(4)  # itself, and three times merged


def cards_of(card: Membership) -> list[Membership]:
    """The card and all that became part of it. One query, and one for each step they lie apart."""
    cards, found = [card], [card]
    while found:
        found = list(Membership.objects.filter(merged_into__in=found).order_by("pk"))
        cards += found
    return cards


def pks_of(card: Membership) -> list[int]:
    return [each.pk for each in cards_of(card)]


def merged_cards(shop: Shop) -> dict[int, int]:
    """Every card of the shop that became part of another one, and of which (pks). One query."""
    merged = Membership.objects.filter(shop=shop, merged_into__isnull=False)
    return {gone: kept for gone, kept in merged.values_list("pk", "merged_into") if kept}


def now_part_of(card: int, merged: Mapping[int, int]) -> int:
    """The card (its pk) that one is now: itself, unless it was merged."""
    while card in merged:
        card = merged[card]
    return card


def ways(to: str = "membership") -> list[str]:
    """Look-ups from `to` to its own card, and to those it became part of, nearest first."""
    return [to + "__merged_into" * steps for steps in STEPS]


def card_of(field: str, of: str = "membership") -> Coalesce:
    """A field of the card that `of` is part of now, as an expression."""
    return Coalesce(*(f"{way}__{field}" for way in reversed(ways(of))))


def belongs_to(card: Any, of: str = "membership", field: str = "pk") -> Q:
    """`of` is this card (its pk), or part of it; or has, or is part of what has, such a `field`."""
    return Q(*[(f"{way}__{field}", card) for way in ways(of)], _connector=Q.OR)


def together(cards: Cards) -> QuerySet[Any]:
    """The pks of these cards and of those that became part of them, as a subquery."""
    found: list[QuerySet[Any]] = [cards.order_by().values("pk")]
    for _step in STEPS[1:]:
        found.append(Membership.objects.filter(merged_into__in=found[-1]).values("pk"))
    return found[0].union(*found[1:])
