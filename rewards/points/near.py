"""Who has almost enough points for something."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet

from members.ledger.models import Account, local_day
from members.models import Programme
from rewards.catalogue.models import Reward
from rewards.catalogue.reach import usual_earning


def nearly_there(programme: Programme, now: datetime) -> QuerySet[Account]:
    """What a usual purchase gives is enough for the next reward of those everybody can have.

    What is owed after a correction comes off that purchase first. Nobody, where nobody bought
    anything lately. One query for what is usual.
    """
    usual = usual_earning(programme, now)
    accounts = Account.objects.filter(programme=programme)
    if not usual:
        return accounts.none()
    soon = _for_everybody(programme, now).filter(
        cost__gt=OuterRef("balance"), cost__lte=OuterRef("soon")
    )
    return accounts.alias(soon=F("balance") - F("shortfall") + usual).filter(Exists(soon))


def _for_everybody(programme: Programme, now: datetime) -> QuerySet[Reward]:
    """What can be had for points today. What only some may have is no next step for all."""
    offered = Reward.objects.offered(local_day(programme.shop, now))
    return offered.for_everybody().filter(programme=programme).exclude(stock=0)
