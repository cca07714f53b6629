"""How many of a reward are left. Two people may want the last one in the same moment."""

from django.db.models import F

from rewards.catalogue.models import Reward
from rewards.catalogue.refusals import SoldOut


def take_one(reward: Reward) -> None:
    """One of those that are left, if they are counted. Refused: SoldOut."""
    if reward.stock is None:
        return
    took = Reward.objects.filter(pk=reward.pk, stock__gt=0).update(stock=F("stock") - 1)
    if not took:
        raise SoldOut


def put_back(reward_id: int | None) -> None:
    """One that was not used after all."""
    if reward_id is not None:
        counted = Reward.objects.filter(pk=reward_id, stock__isnull=False)
        counted.update(stock=F("stock") + 1)
