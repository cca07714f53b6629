"""Why a card is not stamped: said by the operation, and by the counter before the tap."""

from datetime import date, datetime

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.models import Shop
from loyalty.refusals import Refused
from members.ledger.models import local_day
from members.models import Programme
from stampcards.rules import StampRules


class StampedRecently(Refused):
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


class ProgrammePaused(Refused):
    """The owner has put the card on pause, at `since` (ISO date)."""

    code = "programme_paused"

    def __str__(self) -> str:
        since = date.fromisoformat(self.values["since"])
        return _("The programme is on pause since %(day)s.") % {
            "day": formats.date_format(since, "MONTH_DAY_FORMAT")
        }


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


class CardIsAnother(Refused):
    """While the till showed it, the card became part of another one, on a `day` (ISO)."""

    code = "card_is_another"

    def __str__(self) -> str:
        day = formats.date_format(date.fromisoformat(self.values["day"]), "MONTH_DAY_FORMAT")
        return _("This card was moved to a new code on %(day)s.") % {"day": day}


def not_open(
    programme: Programme, rules: StampRules, shop: Shop, at: datetime
) -> ProgrammePaused | OutOfSeason | None:
    """Why nobody's card can be stamped at this moment. None: it can."""
    if paused := programme.paused_since or shop.paused_since:
        return ProgrammePaused(since=local_day(shop, paused).isoformat())
    if rules.runs_on(local_day(shop, at)):
        return None
    starts, ends = (day and day.isoformat() for day in (rules.starts_on, rules.ends_on))
    return OutOfSeason(starts=starts, ends=ends)


def too_soon(last: datetime | None, rules: StampRules, at: datetime) -> StampedRecently | None:
    """What staff are asked when the `last` stamp was only just given. None: nothing."""
    if last is None or at - last >= rules.wait:
        return None
    return StampedRecently(minutes=int((at - last).total_seconds() // 60))
