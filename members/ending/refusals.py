"""Why an end is not announced for these days, or not called off."""

from django.utils.translation import gettext as _

from loyalty.refusals import Refused
from members.templatetags.days import iso_day


class CollectingIsPast(Refused):
    """The last day to collect would be over already."""

    code = "collecting_is_past"

    def __str__(self) -> str:
        return _("Choose today or a later day.")


class HonouredTooShort(Refused):
    """What is collected on the last day could not be used."""

    code = "honoured_too_short"

    def __str__(self) -> str:
        return _("Choose the last day to collect, or a later one.")


class EndTooSoon(Refused):
    """Members need time to use what they have: `day` (ISO) is the first possible last day."""

    code = "end_too_soon"

    def __str__(self) -> str:
        told = {"day": iso_day(self.values["day"])}
        return _("Members need 30 days at least. Choose %(day)s or a later day.") % told


class EndComesNearer(Refused):
    """Members were told `day` (ISO): it may be put off, and not brought forward."""

    code = "end_comes_nearer"

    def __str__(self) -> str:
        told = {"day": iso_day(self.values["day"])}
        return _("Members were told %(day)s. Choose that day or a later one.") % told


class HonouredComesNearer(EndComesNearer):
    """The same of the last day on which anything is handed out."""

    code = "honoured_comes_nearer"


class ItHasEnded(Refused):
    """The last day is over. It can be switched on again, and begins with nothing on any card."""

    code = "it_has_ended"

    def __str__(self) -> str:
        return _("This programme has ended. Switch it on to begin again.")


class EndStands(Refused):
    """Collecting is over since `day` (ISO), as members were told."""

    code = "end_stands"

    def __str__(self) -> str:
        told = {"day": iso_day(self.values["day"])}
        return _("Collecting ended on %(day)s. That can't be called off any more.") % told
