"""What the rewards that wait for their members would cost the shop."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum

from rewards.models import Claim


@dataclass(frozen=True)
class Waiting:
    """Rewards that can be handed over, and what they cost the shop together, in minor units."""

    n: int = 0
    minor: int = 0


def waiting_rewards(today: date) -> dict[int | None, Waiting]:
    """What can be handed over on this day, by programme (pk); None: earned in no programme."""
    ready = Claim.objects.earned().ready(today).order_by()
    found = ready.values_list("account__programme").annotate(Count("pk"), Sum("value_minor"))
    return {programme: Waiting(n, minor) for programme, n, minor in found}
