"""Why a ladder can't be as it was asked for."""

from django.utils.translation import gettext as _

from loyalty.refusals import Refused


class TooFewLevels(Refused):
    """One level alone is nothing to climb."""

    code = "levels_too_few"

    def __str__(self) -> str:
        return _("Add a second level: one alone is nothing to reach.")


class BaseNotZero(Refused):
    """Everybody must have a level to begin at."""

    code = "levels_base_not_zero"

    def __str__(self) -> str:
        return _("The first level begins at 0: everyone starts there.")


class LevelsAlike(Refused):
    """Two levels, `lower` and `higher` by name, take the same."""

    code = "levels_alike"

    def __str__(self) -> str:
        return _("%(lower)s and %(higher)s take the same. Let one take more.") % self.values


class LowerAboveHigher(Refused):
    """A level takes more than the one above it; both by name."""

    code = "levels_out_of_order"

    def __str__(self) -> str:
        return _("%(higher)s stands above %(lower)s, so it must take more.") % self.values
