"""The figures of a week, counted straight from the facts. What was undone counts nowhere.

A week is Monday to Sunday in shop time. It is compared with the same stretch of the week before,
so that a Tuesday is not held against seven days. Source: requirements, KPI-00 and section 7.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from babel.dates import format_interval
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.models import Shop
from members.ledger.models import LedgerEntry, Visit
from members.models import Membership
from rewards.models import HandOver
from stampcards.operations import WELCOME

A_WEEK = timedelta(days=7)
COUNT = partial(Count, "pk")


@dataclass(frozen=True)
class Figure:
    """A count of this week so far, and of the same stretch a week ago. None: no shop then."""

    now: int
    before: int | None

    @property
    def change(self) -> int:
        return self.now - (self.before or 0)


@dataclass(frozen=True)
class Week:
    """What an owner looks at on a Monday."""

    start: datetime  # Monday, 00:00 in shop time
    visits: Figure
    members: int
    sign_ups: Figure
    stamps: Figure
    rewards: Figure

    @property
    def sentence(self) -> str:
        """The week in one line. A bad week says so."""
        n = self.visits.now
        if not n:
            return _("No visits yet this week")
        if self.visits.before and self.visits.change < 0:
            return ngettext(
                "Quieter than last week: %(n)d visit so far",
                "Quieter than last week: %(n)d visits so far",
                n,
            ) % {"n": n}
        if self.visits.before and self.visits.change > 0:
            return ngettext(
                "A good week: %(n)d visit so far", "A good week: %(n)d visits so far", n
            ) % {"n": n}
        return ngettext("%(n)d visit so far this week", "%(n)d visits so far this week", n) % {
            "n": n
        }

    @property
    def days(self) -> str:
        """15–21 Sept, as the reader's language writes it."""
        locale = translation.to_locale(translation.get_language() or "en")
        sunday = self.start + timedelta(days=6)
        return format_interval(self.start.date(), sunday.date(), "MMMd", locale=locale)


def week_of(shop: Shop, now: datetime) -> Week:
    """The week of this moment. One statement for each kind of fact, however many there are."""
    local = now.astimezone(shop.zone)
    monday = local.date() - timedelta(days=local.weekday())
    start = datetime.combine(monday, time.min, shop.zone)
    figure = partial(_figure, start=start, a_week_ago=local - A_WEEK, shop=shop)
    cards = Membership.objects.current()
    stamps = LedgerEntry.objects.filter(
        kind=LedgerEntry.Kind.EARN, account__programme__kind="stamps", reversed_by=None
    )
    return Week(
        start=start,
        visits=figure(Visit.objects.filter(voided_by=None), "at"),
        members=cards.count(),
        sign_ups=figure(cards, "joined_at"),
        stamps=figure(
            stamps.exclude(reason=WELCOME), "operation__occurred_at", count=partial(Sum, "amount")
        ),
        rewards=figure(HandOver.objects.filter(undone_by=None), "at"),
    )


def _figure(
    facts: QuerySet[Any],
    moment: str,
    *,
    count: Any = COUNT,
    start: datetime,
    a_week_ago: datetime,
    shop: Shop,
) -> Figure:
    this_week = Q(**{f"{moment}__gte": start})
    week_before = Q(**{f"{moment}__gte": start - A_WEEK, f"{moment}__lte": a_week_ago})
    counted = facts.filter(this_week | week_before).aggregate(
        now=count(filter=this_week), before=count(filter=week_before)
    )
    opened_before = shop.live_since is not None and shop.live_since < start
    return Figure(counted["now"] or 0, (counted["before"] or 0) if opened_before else None)


def has_begun() -> bool:
    """Was anybody ever stamped here?"""
    return Visit.objects.filter(voided_by=None).exists()
