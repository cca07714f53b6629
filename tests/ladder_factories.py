"""A ladder enters through the operation, as everything does that members stand on."""

import factory
from django_scopes import scope

from loyalty.actors import Actor, Channel
from rewards.tiers.models import Ladder, Tier
from rewards.tiers.owning import Level, save_ladder
from tests.factories import InShopFactory


class LadderFactory(InShopFactory):
    """Three levels by visits in 12 months: Bronze, Silver from 3, Gold from 5.

    `gives={"Gold": {"head_start": 1}}` says what levels give. `ladder.named["Gold"]` is the tier.
    """

    class Meta:
        model = Ladder

    measure = Ladder.Measure.VISITS
    window = Ladder.Window.ROLLING
    takes = factory.LazyFunction(lambda: {"Bronze": 0, "Silver": 3, "Gold": 5})
    gives = factory.LazyFunction(dict)

    @classmethod
    def _create(cls, model, *args, shop, measure, window, takes, gives):
        levels = [Level(name, n, **gives.get(name, {})) for name, n in takes.items()]
        actor = Actor(shop, Channel.OWNER)
        ladder = save_ladder(measure=measure, window=window, levels=levels, actor=actor)
        with scope(shop=shop):
            tiers = Tier.objects.filter(ladder=ladder).standing()
            ladder.named = {tier.name: tier for tier in tiers.select_related("ladder")}
        return ladder
