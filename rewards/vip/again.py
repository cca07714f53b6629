"""The same once more, next week: what a baker does with Saturday's buns."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from loyalty.models import Shop
from rewards.vip.moments import A_WEEK, NoSuchHour, moment
from rewards.vip.plans import Plan

TIMES = ("collect_by", "starts_at", "ends_at", "reply_by")
AN_HOUR = timedelta(hours=1)


def a_week_on(plan: Plan, shop: Shop, now: datetime) -> Plan:
    """The same weekdays and hours in the shop; of what is long over, in the next week to come."""
    first = min(opening.at for opening in plan.openings)
    gone_by = _wall_clock(shop, now) - _wall_clock(shop, first)
    later = A_WEEK * max(1, gone_by // A_WEEK + 1)
    openings = tuple(replace(each, at=_on(shop, each.at, later)) for each in plan.openings)
    times: dict[str, Any] = {
        name: _on(shop, at, later) for name in TIMES if (at := getattr(plan, name))
    }
    return replace(plan, openings=openings, **times)


def _on(shop: Shop, at: datetime, later: timedelta) -> datetime:
    """That much later by the clock on the wall; an hour that does not exist comes after it."""
    there = _wall_clock(shop, at) + later
    try:
        return moment(shop, there.date(), there.time())
    except NoSuchHour:
        return moment(shop, there.date(), (there + AN_HOUR).time())


def _wall_clock(shop: Shop, at: datetime) -> datetime:
    return at.astimezone(shop.zone).replace(tzinfo=None, fold=0)
