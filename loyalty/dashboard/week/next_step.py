"""The one suggestion of the week: a group of members, and what the shop can do for them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from loyalty.numbers import figure
from members.models import Membership
from members.segments import within


@dataclass(frozen=True)
class Suggestion:
    """`key` is the group it leads to."""

    key: str
    heading: str
    line: str | Promise


def suggestion(now: datetime, *, only_stamps: bool) -> Suggestion | None:
    """Of the first group with somebody in it; the others are not counted. Who is slipping away
    takes a look at every visit there ever was, so it is asked where nobody new came for a month.
    """
    cards = Membership.objects.all()
    for key, (headed, line) in STEPS.items():
        if n := within(key, cards, now).count():
            return Suggestion(key, headed(n, only_stamps) % {"figure": figure(n)}, line)
    return None


def _nearly_there(n: int, only_stamps: bool) -> str:
    if only_stamps:
        return ngettext(
            "Next: %(figure)s member is one stamp from a reward",
            "Next: %(figure)s members are one stamp from a reward",
            n,
        )
    return ngettext(
        "Next: %(figure)s member is close to a reward",
        "Next: %(figure)s members are close to a reward",
        n,
    )


def _new(n: int, only_stamps: bool) -> str:
    return ngettext(
        "Next: %(figure)s member joined in the last 30 days",
        "Next: %(figure)s members joined in the last 30 days",
        n,
    )


def _slipping_away(n: int, only_stamps: bool) -> str:
    return ngettext(
        "Next: %(figure)s member is slipping away",
        "Next: %(figure)s members are slipping away",
        n,
    )


def _regulars(n: int, only_stamps: bool) -> str:
    return ngettext(
        "Next: %(figure)s member came at least 4 times in 30 days",
        "Next: %(figure)s members came at least 4 times in 30 days",
        n,
    )


STEPS: dict[str, tuple[Callable[[int, bool], str], Promise]] = {
    "nearly_there": (
        _nearly_there,
        _("They see it on their card. A word at the counter does the rest."),
    ),
    "new": (_new, _("The second visit makes it a habit. Ask for the card when they pay.")),
    "gone_quiet": (
        _slipping_away,
        _("They used to come, and have been away twice as long as usual. Greet them by name."),
    ),
    "regulars": (_regulars, _("They like it here. Ask them to bring a friend.")),
}
