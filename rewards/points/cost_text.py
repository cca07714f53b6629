"""What a points scheme costs the shop, in plain words, while its owner is still editing it."""

from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from loyalty import money
from loyalty.models import Shop
from rewards.catalogue.models import Reward
from rewards.points import cost
from rewards.points.rules import PointRules

ROUND_SUM = 100  # points, to say what they cost while there is no reward


@dataclass(frozen=True)
class RewardLine:
    """One reward of the catalogue, and what it gives back."""

    name: str
    words: str
    share: Fraction
    warns: bool  # it is more than the owner wants to give


def lines(shop: Shop, rules: PointRules, rewards: list[RewardLine]) -> list[str]:
    """The true cost: of the reward that gives back most, or of points alone."""
    if not rules.by_amount:
        return [_("Points do not follow the amount here, so what they cost can't be counted.")]
    told = [f"{rewards[0].words}." if rewards else _points_alone(shop, rules)]
    if rewards and rewards[0].warns:
        told.append(cost.warning(rules))
    if any(n for n in (rules.per_visit, rules.per_item, rules.per_attendance)) or rules.actions:
        told.append(_("What you give beside the amount comes on top."))
    return told


def reward_lines(shop: Shop, rules: PointRules, rewards: list[Reward]) -> list[RewardLine]:
    """Every reward that points buy, the most generous first."""
    found = [_line(shop, rules, reward) for reward in rewards if rules.by_amount and reward.cost]
    return sorted(found, key=lambda line: line.share, reverse=True)


def _line(shop: Shop, rules: PointRules, reward: Reward) -> RewardLine:
    price, worth = reward.cost or 0, reward.value_minor
    share = cost.give_back(rules, price, worth)
    words = cost.words(shop, rules, price, worth)
    return RewardLine(reward.name, words, share, cost.gives_much(rules, share))


def _points_alone(shop: Shop, rules: PointRules) -> str:
    return _("%(points)s = %(purchases)s of purchases.") % {
        "points": rules.words(ROUND_SUM),
        "purchases": money.shown(round(cost.paid_for(rules, ROUND_SUM)), shop.currency),
    }
