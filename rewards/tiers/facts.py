"""The ladder as the journal keeps it: plain data, to be put in words by whoever reads it."""

from typing import Any

from loyalty.models import Shop
from rewards.tiers.models import Ladder, Tier, TierPerk

OF_A_PERK = ("tier__name", "kind", "title", "terms", "value_minor", "times", "per")


def of_ladder(shop: Shop) -> dict[str, Any] | None:
    """What is measured, the levels, and what each gives. None: the shop has no ladder."""
    ladder = Ladder.objects.filter(shop=shop).first()
    if ladder is None:
        return None
    tiers = list(Tier.objects.standing().filter(ladder=ladder))
    perks = TierPerk.objects.filter(tier__in=tiers, retired_at=None)
    return {
        "measure": ladder.measure,
        "window": ladder.window,
        "levels": [
            {"name": tier.name, "threshold": tier.threshold, "measure": ladder.measure}
            for tier in tiers
        ],
        "multipliers": {tier.name: tier.multiplier_percent for tier in tiers},
        "head_starts": {tier.name: tier.head_start for tier in tiers},
        "perks": list(perks.order_by("tier__threshold", "pk").values(*OF_A_PERK)),
    }
