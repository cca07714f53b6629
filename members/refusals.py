"""Why a card is not made, not made one with another, and why something is not undone."""

from django.utils.translation import gettext as _

from loyalty.refusals import Refused


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
