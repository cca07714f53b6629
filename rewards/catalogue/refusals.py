"""Why a reward can't be chosen."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.refusals import Refused


class NotOffered(Refused):
    """It is not in the catalogue, or not today, or not for this."""

    code = "reward_not_offered"

    def __str__(self) -> str:
        return _("This reward is not on offer right now.")


class SoldOut(Refused):
    """None is left."""

    code = "reward_sold_out"

    def __str__(self) -> str:
        return _("The last one is gone.")


class EnoughOfIt(Refused):
    """This member had as many as anybody may: `most`."""

    code = "reward_limit_reached"

    def __str__(self) -> str:
        return ngettext(
            "Each member can have this %(n)d time.",
            "Each member can have this %(n)d times.",
            self.values["most"],
        ) % {"n": self.values["most"]}


class NotYourLevel(Refused):
    """It is for a higher level than this member has reached: `level`, by name."""

    code = "reward_for_a_level"

    def __str__(self) -> str:
        return _("This reward is for %(level)s or higher.") % self.values


class NotInGroup(Refused):
    """It is for a group this member is not in, which they are not told."""

    code = "reward_for_a_group"

    def __str__(self) -> str:
        return _("This reward is for some members only.")


class PointsMissing(Refused):
    """The balance does not cover the price: `missing` points."""

    code = "points_missing"

    def __str__(self) -> str:
        n = self.values["missing"]
        return ngettext("%(n)d more is needed for this.", "%(n)d more are needed for this.", n) % {
            "n": n
        }
