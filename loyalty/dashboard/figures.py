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
from loyalty.numbers import NOTHING
from loyalty.numbers import figure as in_figures
from members import kinds
from members.ledger import accounts
from members.ledger.models import LedgerEntry, Visit
from members.models import Membership, Programme
from rewards.models import Claim, HandOver
from stampcards.operations import FROM_US

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

    @property
    def compared(self) -> str:
        """The week before, for the reader's eye; – where there was none."""
        return NOTHING if self.before is None else in_figures(self.before)


@dataclass(frozen=True)
class Week:
    """What an owner looks at on a Monday."""

    start: datetime  # Monday, 00:00 in shop time
    visits: Figure
    members: int
    sign_ups: Figure
    stamps: Figure | None  # None: no stamp card is on
    points: Figure | None  # None: nor are points
    rewards: Figure
    points_words: str = ""  # those of this week in the shop's unit: "1 250 stars"

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
    given = partial(figure, moment="operation__occurred_at", count=partial(Sum, "amount"))
    on = {programme.kind: programme for programme in Programme.objects.on()}
    points = given(_earned("points").filter(visit__isnull=False)) if "points" in on else None
    used = HandOver.objects.filter(undone_by=None).exclude(claim__source=Claim.Source.EARLY)
    return Week(
        start=start,
        visits=figure(Visit.objects.filter(voided_by=None), "at"),
        members=cards.count(),
        sign_ups=figure(cards, "joined_at"),
        stamps=given(_earned("stamps").exclude(reason__in=FROM_US)) if "stamps" in on else None,
        points=points,
        rewards=figure(used, "at"),
        points_words=_in_words(on["points"], points.now, now) if points else "",
    )


def _earned(kind: str) -> "QuerySet[LedgerEntry]":
    earn = LedgerEntry.Kind.EARN
    return LedgerEntry.objects.filter(kind=earn, account__programme__kind=kind, reversed_by=None)


def _in_words(programme: Programme, n: int, now: datetime) -> str:
    return kinds.kind(programme.kind).amount_words(accounts.newest_rules(programme, now), n)


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
