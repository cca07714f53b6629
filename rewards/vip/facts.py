"""A drop as the journal keeps it: plain data, to be put in words by whoever reads it."""

from typing import Any

from rewards.vip.models import Drop

PLAIN = (
    *("kind", "name", "text", "price", "quantity", "per_member", "others", "hold_hours"),
    *("collect_by", "place", "starts_at", "ends_at", "reply_by", "picture"),
)
OF_AN_OPENING = ("at", "audience", "tier__name", "segment", "top", "top_days")


def of_drop(drop: Drop) -> dict[str, Any]:
    """What was planned, and when it opens to whom."""
    openings = drop.openings.order_by("at", "pk").values(*OF_AN_OPENING)
    return {**{name: getattr(drop, name) for name in PLAIN}, "openings": list(openings)}
