"""What the ledger refuses, whatever is collected."""

from django.utils.translation import gettext as _

from loyalty.refusals import Refused


class Busy(Exception):
    """The database did not answer in time. Nothing is known: ask again with the same key."""

    ask_again = True


class KeyTaken(Refused):
    """The key already stands for something else. Nothing was booked."""

    code = "key_taken"

    def __str__(self) -> str:
        return _("This page is out of date. Load it again and try once more.")


class NotEnough(Refused):
    """The balance does not cover it. `missing` in stamps or points."""

    code = "not_enough"

    def __str__(self) -> str:
        return _("There is not enough on this card.")


class AlreadySpent(Refused):
    """What was earned has been used since, or has run out."""

    code = "already_spent"

    def __str__(self) -> str:
        return _("This has been used since, so it can't be undone here. Ask the owner.")
