"""What the demo's café opens early: a summer roast that Silver may reserve today and everybody
tomorrow, and an evening they are invited to."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import count

from django_scopes import scope

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from loyalty.management.demo.levels import owner_of
from loyalty.management.demo.shops import DemoShop
from loyalty.models import Shop
from members.ledger.models import local_day
from members.models import Membership
from rewards.tiers.models import Tier
from rewards.tiers.standing import at_least
from rewards.vip.models import Drop
from rewards.vip.operations import reply, reserve
from rewards.vip.owning import add_drop, schedule
from rewards.vip.plans import Audience, OpensTo, Plan

PLANNED = timedelta(days=2)  # ago
BAGS, SEATS = 24, 8
RESERVED = 7  # bags
ANSWERS = (True, True, False, True, True, True, True, True)  # one seat is left


def open_early(shop: Shop, demo: DemoShop, now: datetime) -> None:
    """Plan both, and let some of those who may come at once. Needs the levels of the shop."""
    with scope(shop=shop):
        silver = Tier.objects.standing()[1]
        roast = _plan(shop, _roast(shop, silver, now), now)
        evening = _plan(shop, _evening(shop, silver, now), now)
        # The card that is shown has not answered yet: whoever looks at the demo may.
        others = at_least(silver).exclude(name=demo.names[0]).select_related("shop").order_by("pk")
        _reserve(shop, list(others)[:RESERVED], roast)
        _reply(shop, list(others.reverse()), evening)


def _roast(shop: Shop, silver: Tier, now: datetime) -> Plan:
    return Plan(
        kind=Drop.Kind.LIMITED,
        name="Sommerbrenning fra Huila",
        text="Lys brent, med smak av fersken. Brent i huset på onsdag.",
        price="169 kr for 250 g",
        quantity=BAGS,
        openings=(
            OpensTo(_at(shop, now, -1, 9), Audience.TIER, tier=silver),
            OpensTo(_at(shop, now, 1, 9)),
        ),
        hold_hours=72,
        collect_by=_at(shop, now, 6, 16),
    )


def _evening(shop: Shop, silver: Tier, now: datetime) -> Plan:
    return Plan(
        kind=Drop.Kind.EVENT,
        name="Smakekveld",
        text="Seks kaffer, tre kaker og brenneren vår, som kan svare på alt.",
        quantity=SEATS,
        openings=(OpensTo(_at(shop, now, -1, 12), Audience.TIER, tier=silver),),
        others=Drop.Others.NOTHING,
        place="Markveien",
        starts_at=_at(shop, now, 9, 18),
        ends_at=_at(shop, now, 9, 20),
        reply_by=_at(shop, now, 7, 18),
    )


def _plan(shop: Shop, plan: Plan, now: datetime) -> Drop:
    owner = owner_of(shop)
    with clock.at(now - PLANNED):
        drop = Drop.objects.get(pk=add_drop(plan=plan, key=keys.new(), actor=owner)["drop"])
        schedule(drop=drop, key=keys.new(), actor=owner)
    return Drop.objects.get(pk=drop.pk)


def _reserve(shop: Shop, cards: list[Membership], roast: Drop) -> None:
    for card, moment in zip(cards, _moments(roast), strict=False):
        with clock.at(moment):
            reserve(membership=card, drop=roast, key=keys.new(), actor=Actor(shop, Channel.CARD))


def _reply(shop: Shop, cards: list[Membership], evening: Drop) -> None:
    for card, coming, moment in zip(cards, ANSWERS, _moments(evening), strict=False):
        with clock.at(moment):
            reply(
                membership=card,
                drop=evening,
                coming=coming,
                key=keys.new(),
                actor=Actor(shop, Channel.CARD),
            )


def _moments(drop: Drop) -> Iterator[datetime]:
    """Minutes after each other, from when it opened."""
    opened = drop.openings.earliest("at").at
    return (opened + timedelta(minutes=4 + 7 * place) for place in count())


def _at(shop: Shop, now: datetime, days: int, hour: int) -> datetime:
    """A full hour in shop time, so many days from today."""
    day = local_day(shop, now) + timedelta(days=days)
    return datetime.combine(day, time(hour), shop.zone)
