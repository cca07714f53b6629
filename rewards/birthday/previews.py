"""What customers will read, and what it may cost, before an owner keeps it."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty import money
from members.models import Membership
from members.templatetags.days import day as in_words
from rewards.birthday import days
from rewards.birthday.days import Window
from rewards.birthday.models import BirthdayTreat

EXAMPLE = (12, 5)  # somebody's birthday
MONTH = timedelta(days=30)


@dataclass(frozen=True)
class TreatPreview:
    treat: BirthdayTreat
    window: Window  # of the example
    line: str  # under the card, all year
    cost: list[str]


def of_treat(treat: BirthdayTreat, today: date) -> TreatPreview:
    """The treat as a member born on 12 May would meet it. One query."""
    window = treat.window(EXAMPLE, today.year)
    told = {"treat": treat.title, "day": in_words(window.birthday)}
    line = _("Birthday treat: %(treat)s, %(day)s") % told
    return TreatPreview(treat, window, line, cost_lines(treat, birthdays_soon(today)))


def birthdays_soon(today: date) -> int:
    """How many members have one in the next 30 days, as far as they told."""
    soon = Membership.objects.current().filter(days.between(today, today + MONTH))
    return soon.count()


def cost_lines(treat: BirthdayTreat, n: int) -> list[str]:
    """How many come for it, and what they cost if each of them does."""
    if not n:
        return [_("No member has told you of a birthday in the next 30 days.")]
    lines = [
        ngettext(
            "About %(n)d member has a birthday in the next 30 days.",
            "About %(n)d members have a birthday in the next 30 days.",
            n,
        )
        % {"n": n}
    ]
    if treat.value_minor:
        cost = money.shown(n * treat.value_minor, treat.shop.currency)
        lines.append(_("At most they cost you %(cost)s.") % {"cost": cost})
    return lines
