"""At which level members are, and what it gives them. Reads only, within the scope of a shop.

Whoever has no `Standing` is at the base. While the ladder is off, nobody has a level.
"""

from fractions import Fraction

from django.db.models import Exists, IntegerField, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from members.models import Membership
from rewards.tiers.models import PLAIN, Ladder, Standing, Tier

AT_BASE = Q(threshold=0, retired_at=None)


def tier_of(membership: Membership) -> Tier | None:
    """The level of a member, the base included. None: the shop has no ladder that is on."""
    return _level_of(membership.pk, membership.shop_id).first()


def at_least(tier: Tier) -> QuerySet[Membership]:
    """The cards in use that are at a level now, or above it."""
    cards = Membership.objects.current()
    if tier.threshold == 0:
        return cards.filter(Exists(Ladder.objects.filter(pk=tier.ladder_id, off_since=None)))
    climbed = Standing.objects.filter(
        tier__threshold__gte=tier.threshold,
        tier__ladder=tier.ladder_id,
        tier__ladder__off_since=None,
    )
    return cards.filter(pk__in=climbed.values("membership"))


def multiplier_of(membership: Membership) -> Fraction:
    """What the points of a member's purchases are multiplied by; 1 without a level."""
    return times(multiplier_percent(membership))


def multiplier_percent(membership: Membership) -> int:
    """The same in percent: 150."""
    return _given(membership, "multiplier_percent", PLAIN)


def head_start_of(membership: Membership) -> int:
    """How many stamps wait on each new card of a member."""
    return _given(membership, "head_start", 0)


def percent_of(card: int) -> Coalesce:
    """The multiplier of a card (its pk) in percent, to be asked along with something else."""
    own = _level_of(card).values("multiplier_percent")[:1]
    return Coalesce(Subquery(own, output_field=IntegerField()), PLAIN)


def times(percent: int) -> Fraction:
    """150 percent is 3/2."""
    return Fraction(percent, PLAIN)


def any_multiplies() -> bool:
    """Is there a level whose members earn more points than others?"""
    more = Tier.objects.standing().filter(multiplier_percent__gt=PLAIN)
    return more.filter(ladder__off_since=None).exists()


def _level_of(card: int, shop: int | None = None) -> "QuerySet[Tier]":
    """One query: the base, and above it where the card stands. `shop`: None, any of the scope."""
    stands = Q(pk__in=Standing.objects.filter(membership=card).values("tier"))
    levels = Tier.objects.filter(stands | AT_BASE, ladder__off_since=None)
    own = levels.filter(shop=shop) if shop else levels
    return own.order_by("-threshold", "-pk").select_related("ladder")


def _given(membership: Membership, what: str, nothing: int) -> int:
    own = _level_of(membership.pk, membership.shop_id)
    found: int | None = own.values_list(what, flat=True).first()
    return nothing if found is None else found
