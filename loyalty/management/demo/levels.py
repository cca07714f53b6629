"""The demo's café has levels: Bronze for everybody, Silver and Gold for those who come often."""

from datetime import datetime, timedelta

from loyalty import clock
from loyalty.actors import Actor, Channel
from loyalty.models import Role, Shop
from rewards.tiers.models import Ladder, TierPerk
from rewards.tiers.owning import Level, Perk, save_ladder

SINCE = timedelta(days=3)  # so that somebody has been on a level for a while
LEVELS = (
    Level("Bronse", 0),
    Level("Sølv", 12, perks=(Perk(TierPerk.Kind.TAG, "Stamgjest"),)),
    Level(
        "Gull",
        30,
        head_start=1,
        perks=(
            Perk(
                TierPerk.Kind.CLAIM,
                "En pose bønner",
                terms="250 g, velg selv fra hylla.",
                value_minor=7900,
                times=1,
                per=TierPerk.Per.YEAR,
            ),
        ),
    ),
)


def start_levels(shop: Shop, now: datetime) -> None:
    """Let everybody find their level by the visits of the last twelve months.

    The shop must be live.
    """
    with clock.at(now - SINCE):
        save_ladder(
            measure=Ladder.Measure.VISITS,
            window=Ladder.Window.ROLLING,
            levels=LEVELS,
            actor=owner_of(shop),
        )


def owner_of(shop: Shop) -> Actor:
    role = Role.objects.active().filter(shop=shop, level=Role.Level.OWNER).earliest("pk")
    return Actor(shop, Channel.OWNER, person=role.person)
