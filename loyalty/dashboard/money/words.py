"""The page about money, in words: what is owed, what it cost, what it will cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty import money
from loyalty.calendar import dated
from loyalty.dashboard import charts
from loyalty.dashboard.charts import Bar, Chart
from loyalty.dashboard.money.forecast import Forecast
from loyalty.dashboard.money.owed import Ends
from loyalty.dashboard.money.spent import ENOUGH_REWARDS, Spent
from loyalty.models import Shop
from loyalty.money import MINOR_PER_UNIT
from loyalty.numbers import figure, percent

FEWEST_BARS = 2


@dataclass(frozen=True)
class Line:
    """Something on the left, what it is worth on the right, and how it was reckoned."""

    name: str
    worth: str
    how: str = ""


def whole(minor: Fraction | int, shop: Shop) -> str:
    """In whole kroner or pounds, rounded up: a forecast knows no øre."""
    return money.shown(ceil(Fraction(minor) / MINOR_PER_UNIT) * MINOR_PER_UNIT, shop.currency)


# --- What is owed --------------------------------------------------------------------------------


def ends_lines(ends: list[Ends], shop: Shop) -> list[Line]:
    """November 2026: 1 830 kr."""
    return [Line(_month(each), money.shown(each.minor, shop.currency)) for each in ends]


def _month(ends: Ends) -> str:
    if ends.month is None:
        return _("Does not run out")
    return formats.date_format(ends.month, "YEAR_MONTH_FORMAT")


# --- What it cost --------------------------------------------------------------------------------


def cost_sentence(so_far: Spent | None, planned: Fraction | None, shop: Shop) -> str:
    """You planned 9 %, it is 11 %. Where there is too little to say so, that."""
    if so_far is None:
        return _("The first whole month is not over yet.")
    if so_far.says_little:
        return ngettext(
            "Too early to say: %(n)s reward was handed out. It takes %(enough)s.",
            "Too early to say: %(n)s rewards were handed out. It takes %(enough)s.",
            so_far.rewards,
        ) % {"n": figure(so_far.rewards), "enough": figure(ENOUGH_REWARDS)}
    if not so_far.sales_minor:  # members come by, and buy nothing that is written down
        return _handed_out(so_far, shop)
    share = percent(so_far.cost_minor, so_far.sales_minor)
    if planned is None:
        return _("Rewards cost you %(share)s of what members paid.") % {"share": share}
    told = {"planned": percent(planned, 1), "share": share}
    return _("You planned %(planned)s, it is %(share)s.") % told


def cost_facts(so_far: Spent | None, shop: Shop) -> Iterator[str]:
    """What the sentence is made of."""
    if so_far is None or not so_far.purchases:
        return
    yield _handed_out(so_far, shop)
    if so_far.unpriced:
        yield ngettext(
            "%(n)s purchase had no amount and counts as %(usual)s.",
            "%(n)s purchases had no amount and count as %(usual)s each.",
            so_far.unpriced,
        ) % {"n": figure(so_far.unpriced), "usual": money.shown(so_far.usual_minor, shop.currency)}
    yield _("The plan is your rules of today, as if every stamp and point were used.")


def _handed_out(so_far: Spent, shop: Shop) -> str:
    return ngettext(
        "%(n)s reward handed out cost you %(cost)s; members paid %(sales)s.",
        "%(n)s rewards handed out cost you %(cost)s; members paid %(sales)s.",
        so_far.rewards,
    ) % {
        "n": figure(so_far.rewards),
        "cost": money.shown(so_far.cost_minor, shop.currency),
        "sales": whole(so_far.sales_minor, shop),
    }


def cost_chart(months: list[Spent], shop: Shop) -> Chart | None:
    """What rewards cost in each month, oldest first. None: there is nothing to compare yet."""
    if len(months) < FEWEST_BARS:
        return None
    return charts.bars(_("What rewards cost you, by month"), [_bar(m, shop) for m in months[::-1]])


def _bar(month: Spent, shop: Shop) -> Bar:
    return Bar(
        label=dated(month.first, "LLL"),
        value=month.cost_minor,
        words=whole(month.cost_minor, shop),
        name=formats.date_format(month.first, "YEAR_MONTH_FORMAT"),
    )


# --- What it will cost ---------------------------------------------------------------------------


def giving_lines(forecast: Forecast, shop: Shop) -> list[Line]:
    """What is given, dearest first."""
    dearest = sorted(forecast.givings, key=lambda giving: -giving.minor)
    return [Line(giving.name, whole(giving.minor, shop), giving.how) for giving in dearest]


def forecast_sentence(forecast: Forecast, shop: Shop) -> str:
    """About 1 240 kr in such a month: 6,2 % of what members pay."""
    cost = whole(forecast.cost_minor, shop)
    if forecast.share is None:
        return _("About %(cost)s in such a month.") % {"cost": cost}
    told = {"cost": cost, "share": percent(forecast.share, 1)}
    return _("About %(cost)s in such a month: %(share)s of what members pay.") % told


def margin_sentence(forecast: Forecast, shop: Shop) -> str:
    """What it takes for all of it to pay for itself; "": no margin was told."""
    left = forecast.left_minor
    if left is None:
        return ""
    if forecast.more_visits is None:
        return _("That is all of your margin, or more: it never pays for itself.")
    told = {"left": whole(left, shop), "more": percent(forecast.more_visits, 1)}
    return (
        _(
            "After rewards, %(left)s of your margin is left. "
            "It pays for itself when members come %(more)s more often."
        )
        % told
    )
