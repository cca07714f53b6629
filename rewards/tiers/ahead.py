"""A month before a level may be lost, its member is told what is missing. Once."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django_scopes import scope, scopes_disabled

from members.family import pks_of
from members.ledger import posting
from members.ledger.models import local_day
from members.messages import operations as messages
from members.messages.models import Message
from members.models import Membership
from rewards.tiers import measure, periods, telling
from rewards.tiers.climbing import warned_once
from rewards.tiers.measure import Yardstick
from rewards.tiers.models import Ladder, Standing

MAIL = "rewards/tiers/mail/ahead"


@dataclass(frozen=True)
class Risk:
    """What is missing to keep a level past its last day, in the unit of the measure."""

    missing: int
    until: date


def at_risk(standing: Standing, now: datetime) -> Risk | None:
    """What a member still has to do to keep their level. None: enough, or it is not near.

    Needs standing.tier.ladder.shop and standing.membership.
    """
    ladder = standing.tier.ladder
    today, until = local_day(ladder.shop, now), standing.held_until
    if until is None or not today <= until <= today + periods.AHEAD:
        return None
    at = periods.ends(until, ladder.shop.zone)
    cards = pks_of(standing.membership)
    missing = standing.tier.threshold - measure.of_card(Yardstick.of(ladder), cards, at)
    return Risk(missing, until) if missing > 0 else None


def tell_ahead(now: datetime) -> int:
    """Tell everybody whose level may be lost within a month. Counts those who were told.

    Everybody is looked at once for each period: what they did only grows until its end. Whoever
    lost something of it, or has other rules, is looked at once more.
    """
    with scopes_disabled():
        ladders = list(Ladder.objects.on().select_related("shop"))
    return sum(_tell_ahead(ladder, now) for ladder in ladders)


def _tell_ahead(ladder: Ladder, now: datetime) -> int:
    with scope(shop=ladder.shop):
        near = list(_near(ladder, now).order_by("pk"))
        return sum(_look(standing, ladder, now) for standing in near)


def _near(ladder: Ladder, now: datetime) -> "QuerySet[Standing]":
    """Those whose period ends soon, and who were not looked at."""
    today = local_day(ladder.shop, now)
    near = Standing.objects.filter(held_until__range=(today, today + periods.AHEAD))
    in_use = Membership.objects.current()
    waiting = near.filter(looked_ahead=False, membership__in=in_use)
    return waiting.select_related("tier__ladder__shop", "membership")


@transaction.atomic
def _look(seen: Standing, ladder: Ladder, now: datetime) -> bool:
    """First the lock, as everywhere else: another worker, or a visit, may have been quicker."""
    posting.lock([seen.membership])
    standing = _near(ladder, now).filter(pk=seen.pk).first()
    if standing is None:
        return False
    Standing.objects.filter(pk=standing.pk).update(looked_ahead=True)
    return _tell(standing, at_risk(standing, now), now)


def _tell(standing: Standing, risk: Risk | None, now: datetime) -> bool:
    """Once, as long as the same is missing; what is not true any more leaves the card."""
    once = warned_once(standing)
    said = Message.objects.true().filter(membership=standing.membership, once=once).first()
    if said and (risk is None or said.values["missing"] != risk.missing):
        messages.take_off(standing.membership, once)
    if risk is None:
        return False
    ladder = standing.tier.ladder
    told = messages.tell(
        standing.membership,
        template=MAIL,
        values={
            "level": standing.tier.name,
            "until": risk.until.isoformat(),
            "missing": risk.missing,
            "unit": telling.unit_of(ladder),
        },
        purpose=Message.Purpose.SERVICE,
        once=once,
        at=now,
        until=periods.ends(risk.until, ladder.shop.zone),
    )
    return told is not None
