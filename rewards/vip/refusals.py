"""Why something cannot be reserved, or not any more; and why an owner cannot promise it."""

from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from loyalty.refusals import Refused


def told(at: str) -> dict[str, str]:
    """A moment (ISO) as day and time where the reader is."""
    local = timezone.localtime(datetime.fromisoformat(at))
    return {
        "day": formats.date_format(local, "MONTH_DAY_FORMAT"),
        "time": formats.time_format(local, "TIME_FORMAT"),
    }


class NotYet(Refused):
    """It opens to them later: `opens_at` (ISO)."""

    code = "early_not_yet"

    def __str__(self) -> str:
        return _("It opens to you on %(day)s at %(time)s.") % told(self.values["opens_at"])


class NotForYou(Refused):
    """It is open to others only."""

    code = "early_not_for_you"

    def __str__(self) -> str:
        return _("This is not open to you.")


class Closed(Refused):
    """Its owner closed it early."""

    code = "early_closed"

    def __str__(self) -> str:
        return _("The shop has closed this.")


class Over(Refused):
    """Its time is up."""

    code = "early_over"

    def __str__(self) -> str:
        return _("This is over.")


class NotReserved(Refused):
    """A sale is only open, and to an event one says yes or no."""

    code = "early_not_reserved"

    def __str__(self) -> str:
        return _("This can't be reserved.")


class NotReplied(Refused):
    """It is no event."""

    code = "early_not_replied"

    def __str__(self) -> str:
        return _("There is nothing to answer here.")


class ReplyTooLate(Refused):
    """Answers were wanted until `by` (ISO)."""

    code = "early_reply_too_late"

    def __str__(self) -> str:
        return _("Answers were possible until %(day)s at %(time)s.") % told(self.values["by"])


class NotHeld(Refused):
    """It was let go, or has lapsed."""

    code = "early_not_held"

    def __str__(self) -> str:
        return _("This is not reserved any more.")


class NotWaiting(Refused):
    """They are not on the waiting list, or not any more."""

    code = "early_not_waiting"

    def __str__(self) -> str:
        return _("You are not on the waiting list any more.")


# --- To the owner --------------------------------------------------------------------------------


class NoOpening(Refused):
    """It would open to nobody."""

    code = "early_no_opening"

    def __str__(self) -> str:
        return _("Choose to whom it opens, and when.")


class GeneralTooEarly(Refused):
    """Everybody at the same moment as the first few, or before them."""

    code = "early_general_too_early"

    def __str__(self) -> str:
        return _("Let it open to everyone later than to those who come first.")


class TwiceAtOnce(Refused):
    """Two openings at one moment for the same people."""

    code = "early_twice_at_once"

    def __str__(self) -> str:
        return _("It opens to the same people twice at the same time.")


class OpensInThePast(Refused):
    """The moment has gone by."""

    code = "early_opens_in_the_past"

    def __str__(self) -> str:
        return _("Choose a time that is still to come.")


class CollectTooEarly(Refused):
    """Whoever it opens to last could not collect it any more."""

    code = "early_collect_too_early"

    def __str__(self) -> str:
        return _("Let it be collected until a time after it has opened to all of them.")


class EndsTooEarly(Refused):
    """It would be over before it opens to the last of them, or before it starts."""

    code = "early_ends_too_early"

    def __str__(self) -> str:
        return _("Choose an end after the start, and after it has opened to all of them.")


class EventNeeds(Refused):
    """An event without a time or a place. `what`: the field that is missing."""

    code = "early_event_needs"

    def __str__(self) -> str:
        if self.values["what"] == "place":
            return _("Say where it takes place.")
        return _("Say when it starts.")


class ReplyAfterStart(Refused):
    """Answers would come when it has begun."""

    code = "early_reply_after_start"

    def __str__(self) -> str:
        return _("Ask for answers before it starts.")


class OpensTooLate(Refused):
    """Whoever it opens to last could not answer any more."""

    code = "early_opens_too_late"

    def __str__(self) -> str:
        return _("Let it open to all of them while they can still answer.")


class NumberMissing(Refused):
    """A limited edition has a number."""

    code = "early_number_missing"

    def __str__(self) -> str:
        return _("Say how many there are.")


class TooFew(Refused):
    """None at all. `what`: the field it is about."""

    code = "early_too_few"

    def __str__(self) -> str:
        return _("Type at least 1.")


class MoreThanThereAre(Refused):
    """More for one member than for all of them: `most`."""

    code = "early_more_than_there_are"

    def __str__(self) -> str:
        return _("There are only %(most)s. Give each member fewer.") % self.values


class BelowReserved(Refused):
    """So many have been reserved already: `held`."""

    code = "early_below_reserved"

    def __str__(self) -> str:
        return _("%(held)s are reserved already. Choose at least that many.") % self.values


class OtherKind(Refused):
    """What is reserved can't become what is replied to."""

    code = "early_other_kind"

    def __str__(self) -> str:
        return _("What it is can't be changed once it is scheduled.")


class AlreadyScheduled(Refused):
    """It is no draft any more."""

    code = "early_already_scheduled"

    def __str__(self) -> str:
        return _("This is scheduled already.")


class NotScheduled(Refused):
    """It is a draft."""

    code = "early_not_scheduled"

    def __str__(self) -> str:
        return _("This is not scheduled yet.")


class AlreadyOpen(Refused):
    """It has opened to the first of them."""

    code = "early_already_open"

    def __str__(self) -> str:
        return _("It has opened already. You can close it early.")
