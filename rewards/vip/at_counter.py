"""What staff must know of early access when a member stands before them."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch

from members.ledger.models import local_day
from members.models import Membership
from rewards.vip import audience
from rewards.vip.models import Drop, Opening


def sales_open_to(membership: Membership, now: datetime) -> list[str]:
    """The names of sales that are open to this member and not to everybody yet.

    One query where there is none, two more elsewhere.
    """
    openings = Opening.objects.select_related("tier").filter(at__lte=now)
    general = openings.filter(drop=OuterRef("pk"), audience=Opening.Audience.EVERYBODY)
    sales = Drop.objects.current(now).filter(~Exists(general), kind=Drop.Kind.SALE)
    begun = list(sales.prefetch_related(Prefetch("openings", openings)).order_by("pk"))
    opened = [opening for drop in begun for opening in drop.openings.all()]
    rights = audience.rights_of(opened, membership, now) if opened else []
    open_to = {right.opening.drop_id for right in rights}
    return [drop.name for drop in begun if drop.pk in open_to]


def is_due(drop: Drop, now: datetime) -> bool:
    """Can what is reserved of it be handed out: a thing at any time, a seat from its day on?

    Needs drop.shop.
    """
    starts = drop.starts_at
    return starts is None or local_day(drop.shop, starts) <= local_day(drop.shop, now)
