"""A points scheme nobody has yet: what it would promise, and what it would cost."""

from dataclasses import dataclass

from loyalty import clock
from loyalty.models import Shop
from members.ledger.models import local_day
from rewards.catalogue.models import Reward
from rewards.points import cost_text, rules_text
from rewards.points.cost_text import RewardLine
from rewards.points.faces import Goal, PointsFace
from rewards.points.owner_forms import PointsForm
from rewards.points.owning import check
from rewards.points.rules import PointRules

SOME = 64  # points, to be seen with


@dataclass(frozen=True)
class PointsPreview:
    """What the editor shows beside the form."""

    face: PointsFace
    examples: list[str]
    cost: list[str]
    priced: bool  # is there a reward for points at all?
    rewards: list[RewardLine]


def of_rules(shop: Shop, *, name: str, rules: PointRules) -> PointsPreview:
    """The preview of one set of rules. Refused: EarnsNothing."""
    check(rules)
    offered = Reward.objects.offered(local_day(shop, clock.now())).filter(cost__gt=0)
    priced = list(offered.cheapest_first())
    rewards = cost_text.reward_lines(shop, rules, priced)
    told = [
        rules_text.example(shop, rules),
        *rules_text.other_ways(rules),
        rules_text.expiry(rules),
    ]
    return PointsPreview(
        face=_face(shop, name, rules, priced),
        examples=[line for line in told if line],
        cost=cost_text.lines(shop, rules, rewards),
        priced=bool(priced),
        rewards=rewards,
    )


def _face(shop: Shop, name: str, rules: PointRules, priced: list[Reward]) -> PointsFace:
    """Points as somebody has them who came by a few times."""
    goals = ((reward.name, reward.cost) for reward in priced if reward.cost)
    return PointsFace(
        name=name,
        shop=shop.name,
        balance=SOME,
        amount=rules.words(SOME),
        goals=tuple(Goal(title, cost, rules.words(cost)) for title, cost in goals),
        id="preview-card",
    )


def of_form(shop: Shop, form: PointsForm) -> PointsPreview:
    """The preview of a form that is valid. Refused: EarnsNothing."""
    return of_rules(shop, name=form.name, rules=form.rules())
