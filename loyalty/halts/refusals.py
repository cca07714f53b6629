"""What people read while something is halted. Nothing was decided: afterwards, the same goes."""

from typing import Any

from django.utils.translation import gettext as _

from loyalty.halts.models import Halt
from loyalty.refusals import Refused

What = Halt.What


class Halted(Refused):
    """`what`: one of Halt.What. Says nothing about what was asked, so no key keeps it."""

    code = "halted"

    def __init__(self, what: str, **values: Any) -> None:
        super().__init__(what=what, **values)

    def __str__(self) -> str:
        match self.values["what"]:
            case What.EARNING:
                return _("Nobody can collect right now. What is on the card stays there.")
            case What.REDEEMING:
                return _("Rewards are on hold right now. They stay on the card for later.")
            case What.COUNTER:
                return _("This counter is on hold right now. Ask the owner.")
        return _("Nothing can be changed right now. What is there stays as it is.")
