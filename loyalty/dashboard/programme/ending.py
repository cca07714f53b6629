"""The end of a programme, as its owner plans it: the two days, and what they mean."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty.forms import DayField
from loyalty.refusals import Refused
from members.ending import dates, words
from members.ending.dates import End
from members.ending.refusals import (
    CollectingIsPast,
    EndComesNearer,
    EndTooSoon,
    HonouredComesNearer,
    HonouredTooShort,
)
from members.ledger.models import local_day
from members.models import Programme

FIELD_OF: dict[type[Refused], str] = {
    CollectingIsPast: "collects_until",
    EndComesNearer: "collects_until",
    EndTooSoon: "honoured_until",
    HonouredComesNearer: "honoured_until",
    HonouredTooShort: "honoured_until",
}
A_DAY = {"required": _("Choose a day."), "invalid": _("Choose a day.")}


class EndForm(forms.Form):
    """Draw it with `owner/ending.html`."""

    collects_until = DayField(
        label=_("Collect until"),
        help_text=_("The last day on which stamps or points are given."),
        error_messages=A_DAY,
    )
    honoured_until = DayField(
        label=_("Use until"),
        help_text=_("The last day on which rewards are handed out."),
        error_messages=A_DAY,
    )

    def __init__(self, *args: Any, end: End, **options: Any) -> None:
        typed = {"collects_until": end.collects_until, "honoured_until": end.honoured_until}
        super().__init__(*args, **{"initial": typed, **options})

    @property
    def end(self) -> End:
        return End(**self.cleaned_data)

    def refuse(self, refusal: Refused) -> None:
        """Show the refusal beside the day it is about."""
        self.add_error(FIELD_OF.get(type(refusal)), str(refusal))


@dataclass(frozen=True)
class EndPreview:
    """What members will read, and on which days it changes."""

    at_once: str
    later: str  # once collecting is over
    end: End


def preview(programme: Programme, end: End, today: date) -> EndPreview:
    """What an announcement would say. Refused: whatever `dates.check` refuses."""
    dates.check(end, dates.announced(programme), today)
    return drawn(programme, end, today)


def drawn(programme: Programme, end: End, today: date) -> EndPreview:
    """The same of days that are good, or were."""
    after = max(today, end.honoured_until)
    return EndPreview(
        at_once=words.sentence(programme.name, end, today),
        later=words.sentence(programme.name, end, after) if today <= end.collects_until else "",
        end=end,
    )


def end_of(programme: Programme, today: date) -> End:
    """What was announced, or what we propose."""
    return dates.announced(programme) or dates.proposal(today)


@dataclass(frozen=True)
class Ending:
    """How a programme's own page speaks of its end."""

    sentence: str  # "": it goes on, or is over
    can_be_called_off: bool
    is_over: bool


def ending_of(programme: Programme, now: datetime) -> Ending:
    today = local_day(programme.shop, now)
    sentence = words.of_programme(programme, today)
    called_off = bool(sentence) and programme.collects(today)
    return Ending(sentence, called_off, programme.ended(today))
