"""A month before a level may be lost, its member is told what is missing. Once."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.db import transaction
from django_scopes import scope, scopes_disabled

from members.ledger import posting
from members.ledger.models import local_day
from members.messages import operations as messages
from members.messages.models import Message
from rewards.tiers import measure, periods, telling
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
    cards = measure.cards_of(standing.membership)
    return _risk(standing, measure.of_card(Yardstick.of(ladder), cards, at))


def tell_ahead(now: datetime) -> int:
    """Tell everybody whose level may be lost within a month. Counts those who were told.

    Everybody is looked at once for each period: what they did only grows until its end.
    """
    with scopes_disabled():
        ladders = list(Ladder.objects.on().select_related("shop"))
    return sum(_tell_ahead(ladder, now) for ladder in ladders)


def _tell_ahead(ladder: Ladder, now: datetime) -> int:
    today, told = local_day(ladder.shop, now), 0
    with scope(shop=ladder.shop):
        near = Standing.objects.filter(
            looked_ahead=False,
            held_until__range=(today, today + periods.AHEAD),
            membership__merged_into=None,
        )
        measured: dict[date, dict[int, int]] = {}
        for standing in near.select_related("tier", "membership").order_by("pk"):
            until = cast(date, standing.held_until)
            if until not in measured:
                at = periods.ends(until, ladder.shop.zone)
                measured[until] = measure.of_everybody(Yardstick.of(ladder), at)
            risk = _risk(standing, measured[until].get(standing.membership_id, 0))
            told += _tell(standing, ladder, risk, now)
    return told


def _risk(standing: Standing, n: int) -> Risk | None:
    missing = standing.tier.threshold - n
    if missing <= 0 or standing.held_until is None:
        return None
    return Risk(missing, standing.held_until)


@transaction.atomic
def _tell(standing: Standing, ladder: Ladder, risk: Risk | None, now: datetime) -> bool:
    """The conditional update decides between two workers. First the lock, as everywhere else."""
    posting.lock([standing.membership])
    waiting = Standing.objects.filter(pk=standing.pk, looked_ahead=False)
    if not waiting.update(looked_ahead=True) or risk is None:
        return False
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
        once=f"tier-ahead-{standing.tier_id}-{risk.until.isoformat()}",
        at=now,
        until=periods.ends(risk.until, ladder.shop.zone),
    )
    return told is not None
