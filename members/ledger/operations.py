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
    # Under the lock: a visit that came late may have kept it alive meanwhile.
    lapsed = Lot.objects.lapsed(local_day(op.shop, op.occurred_at)).filter(pk=lot.pk)
    found = lapsed.select_related("account__rule_version").first()
    return {"amount": -posting.expire(op, found).amount if found else 0}


def expire_lapsed(now: datetime) -> int:
    """Expire every lot whose last day is over in its shop's time. Twice changes nothing.

    Counts lots. The key comes from the lot, its last day and what has been booked on it, so what
    an undo gave back to an expired lot, or a visit kept alive, can lapse again.
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
                    key=keys.derived("expire", lot.pk, lot.expires_on, lot.latest),
                    actor=Actor(shop, Channel.JOB, at=now),
                )
                done += 1
    return done
