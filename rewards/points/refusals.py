"""Why a visit earns no points, or not at once."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty import money
from loyalty.refusals import Refused
from members.refusals import AsksFirst


class NothingEarned(Refused):
    """What was bought is too little for a point."""

    code = "nothing_earned"

    def __str__(self) -> str:
        return _("That is too little for a point.")


class AttendedToday(Refused):
    """Coming by counts once a day."""

    code = "attended_today"

    def __str__(self) -> str:
        return _("Coming by was counted today already.")


class EarnedJustNow(AsksFirst):
    """The card earned `minutes` ago. Asked again with `again`, it goes through."""

    code = "earned_just_now"

    def __str__(self) -> str:
        n = self.values["minutes"]
        if not n:
            return _("Earned less than a minute ago. Once more?")
        return ngettext(
            "Earned %(n)d minute ago. Once more?", "Earned %(n)d minutes ago. Once more?", n
        ) % {"n": n}


class HighAmount(Refused):
    """A finger may have slipped: `amount_minor` in `currency`. With `sure` it goes through."""

    code = "high_amount"

    def __str__(self) -> str:
        amount = money.shown(self.values["amount_minor"], self.values["currency"])
        return _("That is a lot. %(amount)s?") % {"amount": amount}
