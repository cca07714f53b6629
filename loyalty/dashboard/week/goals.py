"""How far a shop is on the way to its goal, and whether that is far enough for the day.

On track: as much as an even pace from the day it was set would have brought by this morning.
"""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.db.models import F, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.calendar import midnight
from loyalty.dashboard.week.joining import members_at
from loyalty.dashboard.week.weeks import A_DAY, MOMENT, day_and_month
from loyalty.models import Shop
from loyalty.numbers import figure
from members.ledger.models import Visit, local_day
from rewards.figures.models import Goal, ShopDay, Watermark


@dataclass(frozen=True)
class Standing:
    """A goal, and how far it is: `reached` of `target`. `began`: what there was to begin with."""

    goal: Goal
    set_on: date
    today: date
    began: int
    reached: int

    @property
    def target(self) -> int:
        return self.goal.target

    @property
    def ended(self) -> bool:
        return self.goal.until < self.today

    @property
    def is_reached(self) -> bool:
        return self.reached >= self.target

    @property
    def pace(self) -> Fraction:
        """What an even pace would have brought by this morning."""
        days = (self.goal.until - self.set_on).days + 1
        over = min((self.today - self.set_on).days, days)
        return self.began + Fraction((self.target - self.began) * over, days)

    @property
    def on_track(self) -> bool:
        return self.reached >= self.pace

    @property
    def title(self) -> str:
        """100 members by 24 December."""
        values = {"figure": figure(self.target), "day": day_and_month(self.goal.until)}
        if self.goal.what == Goal.What.MEMBERS:
            return (
                ngettext(
                    "Goal: %(figure)s member by %(day)s",
                    "Goal: %(figure)s members by %(day)s",
                    self.target,
                )
                % values
            )
        return (
            ngettext(
                "Goal: %(figure)s visit by %(day)s",
                "Goal: %(figure)s visits by %(day)s",
                self.target,
            )
            % values
        )

    @property
    def so_far(self) -> str:
        """82 of 100."""
        return _("%(reached)s of %(target)s") % {
            "reached": figure(self.reached),
            "target": figure(self.target),
        }

    @property
    def word(self) -> str:
        """What to make of it."""
        if self.is_reached:
            return _("reached")
        if self.ended:
            return _("not reached")
        return _("on track") if self.on_track else _("behind")

    @property
    def good(self) -> bool:
        return self.is_reached or (self.on_track and not self.ended)

    @property
    def rule(self) -> str:
        """What "on track" means here, with its numbers."""
        values = {
            "began": figure(self.began),
            "day": day_and_month(self.set_on),
            "pace": figure(-(-self.pace.numerator // self.pace.denominator)),
        }
        if self.goal.what == Goal.What.MEMBERS:
            return (
                _(
                    "On track: at least as many members as an even pace from %(began)s on %(day)s"
                    " would have brought by this morning. That is %(pace)s."
                )
                % values
            )
        return (
            _(
                "Visits are counted from %(day)s. On track: at least as many as an even pace would"
                " have brought by this morning. That is %(pace)s."
            )
            % values
        )


def standing_of(shop: Shop, now: datetime) -> Standing | None:
    """Of the goal that is set. None: there is none. Four statements at most."""
    goal = Goal.objects.filter(shop=shop).first()
    if goal is None:
        return None
    set_on = local_day(shop, goal.set_at)
    begin, end = midnight(set_on, shop.zone), midnight(goal.until + A_DAY, shop.zone)
    if goal.what == Goal.What.MEMBERS:
        began, reached = members_at(shop, [begin, min(end, now + MOMENT)])
    else:
        began, reached = 0, _visits(shop, set_on, goal.until)
    return Standing(goal, set_on, local_day(shop, now), began, reached)


def _visits(shop: Shop, first: date, last: date) -> int:
    """From the rows of days that are counted; what is not counted yet, one by one."""
    mark = Watermark.objects.filter(shop=shop).first()
    counted = min(mark.day, last) if mark else first - A_DAY
    days = ShopDay.objects.filter(shop=shop, day__range=(first, counted))
    so_far = days.aggregate(n=Sum(F("purchases") + F("attendances"), default=0))["n"]
    since = max(first, counted + A_DAY)
    begin, end = midnight(since, shop.zone), midnight(last + A_DAY, shop.zone)
    rest = Visit.objects.filter(shop=shop, voided_by=None, at__gte=begin, at__lt=end)
    return int(so_far) + rest.count()
