"""Prove that everybody stands where their log says."""

from collections.abc import Iterator

from django.db.models import F, OuterRef, Q, Subquery

from rewards.tiers.models import PerkUse, Standing, TierMove

SAME = ("tier_id", "since", "held_until")


def disagreements() -> Iterator[str]:
    """A sentence for each thing that does not add up, over all shops."""
    latest = TierMove.objects.stands().latest_first().filter(membership=OuterRef("membership"))
    said = {f"said_{name}": Subquery(latest.values(name)[:1]) for name in SAME}
    for standing in Standing.objects.annotate(**said):
        if any(getattr(standing, name) != getattr(standing, f"said_{name}") for name in SAME):
            yield f"member {standing.membership_id} does not stand where the latest move led"
    for move in TierMove.objects.stands().filter(membership__standing=None):
        yield f"move {move.pk} stands, and its member does not"
    yield from _strangers()


def _strangers() -> Iterator[str]:
    of_one_shop = Q(shop=F("membership__shop")) & Q(shop=F("tier__shop"))
    for standing in Standing.objects.exclude(of_one_shop):
        yield f"standing {standing.pk} reaches into another shop"
    for move in TierMove.objects.exclude(of_one_shop & Q(shop=F("operation__shop"))):
        yield f"move {move.pk} reaches into another shop"
    for use in PerkUse.objects.exclude(perk__shop=F("shop"), claim__shop=F("shop")):
        yield f"use {use.pk} of a perk reaches into another shop"
