"""Why a card is not made or not in use, not made one with another, and not undone."""

from datetime import date, datetime

from django.utils import formats
from django.utils.translation import gettext as _

from loyalty import clock
from loyalty.models import Shop
from loyalty.refusals import Refused
from members.models import Programme
from members.templatetags.days import iso_day


class AsksFirst(Refused):
    """Staff are asked whether they mean it. With `again` it goes through."""

    code = "asks_first"


class ShopPaused(Refused):
    """The shop takes no new members right now."""

    code = "shop_paused"

    def __str__(self) -> str:
        return _("%(shop)s is not taking new members right now.") % self.values


class NothingToUndo(Refused):
    """It was undone before, or is an undo itself."""

    code = "nothing_to_undo"

    def __str__(self) -> str:
        return _("This was undone already.")


class TooLateToUndo(Refused):
    """Not among this counter's latest actions of today."""

    code = "too_late_to_undo"

    def __str__(self) -> str:
        return _("Only today's latest 10 can be undone here. Ask the owner.")


class TooLateToVoid(Refused):
    """Longer ago than a manager may take back."""

    code = "too_late_to_void"

    def __str__(self) -> str:
        return _("This was more than 30 days ago, so it stands.")


class VoidNeedsReason(Refused):
    """What is taken back for good wants a reason from the list."""

    code = "void_needs_reason"

    def __str__(self) -> str:
        return _("Choose why it is taken back.")


class NotMergeable(Refused):
    """Two cards of one shop become one; not a card with itself, and not twice."""

    code = "not_mergeable"

    def __str__(self) -> str:
        return _("These two cards are already one.")


class SavedByTwo(Refused):
    """Each card is somebody's, and not the same somebody's. Only they can say that they are one."""

    code = "saved_by_two"

    def __str__(self) -> str:
        return _(
            "These cards are saved with two different e-mails. "
            "Only the customer can merge them, on the card page."
        )


class MergeStands(Refused):
    """Too long ago to make two cards of one again."""

    code = "merge_stands"

    def __str__(self) -> str:
        return _("These cards were merged more than 24 hours ago. That can't be undone.")


class SavedByAnother(Refused):
    """The card belongs to somebody else: holding its link does not give it away."""

    code = "saved_by_another"

    def __str__(self) -> str:
        return _("This card is saved. Sign in with its e-mail to change it.")


class ProgrammePaused(Refused):
    """The owner has put the card on pause, at `since` (ISO date)."""

    code = "programme_paused"

    def __str__(self) -> str:
        since = date.fromisoformat(self.values["since"])
        return _("The programme is on pause since %(day)s.") % {
            "day": formats.date_format(since, "MONTH_DAY_FORMAT")
        }


class ProgrammeOff(ProgrammePaused):
    """The owner has switched it off, at `since` (ISO date). What is in it can be used up."""

    code = "programme_off"

    def __str__(self) -> str:
        since = date.fromisoformat(self.values["since"])
        return _("The programme is switched off since %(day)s.") % {
            "day": formats.date_format(since, "MONTH_DAY_FORMAT")
        }


class CardIsAnother(Refused):
    """While the till showed it, the card became part of another one, on a `day` (ISO)."""

    code = "card_is_another"

    def __str__(self) -> str:
        day = formats.date_format(date.fromisoformat(self.values["day"]), "MONTH_DAY_FORMAT")
        return _("This card was moved to a new code on %(day)s.") % {"day": day}


class CardDeleted(Refused):
    """Its owner deleted it, on a `day` (ISO)."""

    code = "card_deleted"

    def __str__(self) -> str:
        day = formats.date_format(date.fromisoformat(self.values["day"]), "MONTH_DAY_FORMAT")
        return _("This card was deleted on %(day)s.") % {"day": day}


class CollectingOver(Refused):
    """Its end was announced: members collected through `day`, and use what they have through
    `until` (ISO days)."""

    code = "collecting_over"

    def __str__(self) -> str:
        told = {name: iso_day(day) for name, day in self.values.items()}
        return (
            _("Collecting ended on %(day)s. What is on the card can be used until %(until)s.")
            % told
        )


class HonouredNoMore(Refused):
    """Its end was announced, and `day` (ISO) was the last on which anything was handed out."""

    code = "honoured_no_more"

    def __str__(self) -> str:
        told = {"day": iso_day(self.values["day"])}
        return _("This has ended. Rewards could be used until %(day)s.") % told


class NotStarted(Refused):
    """The owner is still trying the card out."""

    code = "not_started"

    def __str__(self) -> str:
        return _("This is a preview. Start the programme first.")


Closed = NotStarted | ProgrammePaused | CollectingOver


def closed(programme: Programme, shop: Shop, at: datetime | None = None) -> Closed | None:
    """Why nobody collects in a programme. None: they do.

    A pause holds for everything; an announced end, for what happens `at` a later moment than its
    last day to collect. None: now.
    """
    if shop.live_since is None:
        return NotStarted()
    for refusal, since in (
        (ProgrammeOff, programme.off_since),
        (ProgrammePaused, programme.paused_since or shop.paused_since),
    ):
        if since:
            return refusal(since=since.astimezone(shop.zone).date().isoformat())
    return _over(programme, (at or clock.now()).astimezone(shop.zone).date())


def _over(programme: Programme, day: date) -> CollectingOver | None:
    last, until = programme.collects_until, programme.honoured_until
    if last is None or until is None or day <= last:
        return None
    return CollectingOver(day=last.isoformat(), until=until.isoformat())


def no_more_honoured(programme: Programme, today: date) -> HonouredNoMore | None:
    """Why nothing of a programme is handed out on this day. None: it is."""
    if programme.honoured_until and programme.ended(today):
        return HonouredNoMore(day=programme.honoured_until.isoformat())
    return None
