"""What happens by itself: what has run out leaves the balance."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from django.db.models import Max
from django_scopes import scope, scopes_disabled

from loyalty import keys
from loyalty.actors import Actor, Channel
from loyalty.models import Shop
from members.ledger import posting
from members.ledger.models import Lot, Operation, local_day
from members.models import Membership


class Expired(TypedDict):
    amount: int


@posting.operation("expire")
def expire(op: Operation, *, membership: Membership, lot: Lot, key: UUID, actor: Actor) -> Expired:
    """Take what is left of a lapsed lot off the balance, in whole stamps or points."""
    lot = Lot.objects.select_related("account__rule_version").get(pk=lot.pk)
    if not lot.remaining:
        return {"amount": 0}
    return {"amount": -posting.expire(op, lot).amount}


def expire_lapsed(now: datetime) -> int:
    """Expire every lot whose last day is over in its shop's time. Twice changes nothing.

    Counts lots. The key comes from the lot and what has been booked on it, so an undo that
    gives something back to an expired lot can lapse again.
    """
    done = 0
    with scopes_disabled():
        shops = list(Shop.objects.all())
    for shop in shops:
        with scope(shop=shop):
            lapsed = Lot.objects.lapsed(local_day(shop, now)).select_related("account__membership")
            for lot in lapsed.annotate(latest=Max("allocations")):
                expire(
                    membership=lot.account.membership,
                    lot=lot,
                    key=keys.derived("expire", lot.pk, lot.latest),
                    actor=Actor(shop, Channel.JOB),
                )
                done += 1
    return done
