"""Why a card is not stamped, or not at once: said by the operation, and before the tap."""

from datetime import date, datetime

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.models import Shop
from loyalty.refusals import Refused
from members.ledger.models import local_day
from members.models import Programme
from members.refusals import AsksFirst, Closed, closed
from stampcards.rules import StampRules


class StampedRecently(AsksFirst):
    """The card was stamped `minutes` ago. Asked again with `again`, it goes through."""

    code = "stamped_recently"

    def __str__(self) -> str:
        n = self.values["minutes"]
        if not n:
            return _("Stamped less than a minute ago. Give another?")
        if n < 60:
            return ngettext(
                "Stamped %(n)d minute ago. Give another?",
                "Stamped %(n)d minutes ago. Give another?",
                n,
            ) % {"n": n}
        hours = n // 60
        return ngettext(
            "Stamped %(n)d hour ago. Give another?",
            "Stamped %(n)d hours ago. Give another?",
            hours,
        ) % {"n": hours}


class DailyLimit(AsksFirst):
    """The card got as many stamps as its day allows (`given`), or would go past it (`makes`).

    Asked again with `again`, it goes through.
    """

    code = "daily_limit"

    def __str__(self) -> str:
        if "makes" in self.values:  # more than a limit of one at least, so never one
            return _("That makes %(makes)d stamps on this card today. Give them?") % self.values
        n = self.values["given"]
        return ngettext(
            "This card got %(n)d stamp today. Give another?",
            "This card got %(n)d stamps today. Give another?",
            n,
        ) % {"n": n}


class ReasonNeeded(Refused):
    """So many at once want a reason from the list."""

    code = "reason_needed"

    def __str__(self) -> str:
        return _("Choose why so many at once.")


class TooManyStamps(Refused):
    """More at once than the card allows: `most`."""

    code = "too_many_stamps"

    def __str__(self) -> str:
        n = self.values["most"]
        return ngettext(
            "This card takes at most %(n)d stamp at a time.",
            "This card takes at most %(n)d stamps at a time.",
            n,
        ) % {"n": n}


class OutOfSeason(Refused):
    """The card is stamped from `starts` to `ends` (ISO days; either may be None)."""

    code = "out_of_season"

    def __str__(self) -> str:
        starts, ends = (
            day and formats.date_format(date.fromisoformat(day), "MONTH_DAY_FORMAT")
            for day in (self.values["starts"], self.values["ends"])
        )
        if starts and ends:
            return _("This card runs from %(starts)s to %(ends)s.") % {
                "starts": starts,
                "ends": ends,
            }
        if ends:
            return _("This card ended on %(ends)s.") % {"ends": ends}
        return _("This card starts on %(starts)s.") % {"starts": starts}


def not_open(
    programme: Programme, rules: StampRules, shop: Shop, at: datetime
) -> Closed | OutOfSeason | None:
    """Why nobody's card can be stamped at this moment. None: it can."""
    if shut := closed(programme, shop, at):
        return shut
    if rules.runs_on(local_day(shop, at)):
        return None
    starts, ends = (day and day.isoformat() for day in (rules.starts_on, rules.ends_on))
    return OutOfSeason(starts=starts, ends=ends)


def asks_first(
    rules: StampRules, at: datetime, *, last: datetime | None, today: int, count: int = 0
) -> DailyLimit | StampedRecently | None:
    """What staff are asked before `count` more stamps. None: nothing.

    `last` is when the card was stamped last, `today` how many stamps its day has seen.
    """
    if today >= rules.most_per_day:
        return DailyLimit(given=today)
    if today + count > rules.most_per_day:
        return DailyLimit(makes=today + count)
    # A stamp that was saved without a connection comes after ones that were given later.
    if last is not None and (since := abs(at - last)) < rules.wait:
        return StampedRecently(minutes=int(since.total_seconds() // 60))
    return None
