"""For whom a reward is: everybody, a level and above, or a group of members (RWD-02)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from members import segments
from members.models import Membership
from rewards.catalogue.models import Reward
from rewards.tiers.models import Tier
from rewards.tiers.standing import tier_of


@dataclass(frozen=True)
class Whom:
    """What rewards ask of a member: their level, and those groups they are in."""

    level: Tier | None = None  # None: nothing asked for one, or the shop has none
    groups: frozenset[str] = frozenset()

    @classmethod
    def fit_for(cls, reward: Reward) -> "Whom":
        """Somebody who is all that a reward asks."""
        return cls(reward.tier, frozenset([reward.segment]))

    def reaches(self, reward: Reward) -> bool:
        """Is the member at its level, or above?"""
        if reward.tier is None:
            return True
        return self.level is not None and self.level.threshold >= reward.tier.threshold

    def belongs(self, reward: Reward) -> bool:
        """Is the member in its group?"""
        return not reward.segment or reward.segment in self.groups

    def sees(self, reward: Reward) -> bool:
        """What is for a group is shown to that group; what is for a level, while there are any."""
        return self.belongs(reward) and (reward.tier is None or self.level is not None)


def asked_by(rewards: Iterable[Reward], card: Membership, now: datetime) -> Whom:
    """What these rewards ask, answered for a member. No query where all are for everybody."""
    some = [reward for reward in rewards if not reward.is_for_everybody]
    groups = {reward.segment for reward in some if reward.segment}
    return Whom(
        level=tier_of(card) if any(reward.tier_id for reward in some) else None,
        groups=segments.groups_of(card, groups, now) if groups else frozenset(),
    )
