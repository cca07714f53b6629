"""What an owner types about the goal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty.forms import NUMBERS, DayField
from loyalty.refusals import Refused
from rewards.figures.goals import NAMES, GoalIsPast, GoalIsReached
from rewards.figures.models import Goal

FIELD_OF: dict[type[Refused], str] = {GoalIsPast: "until", GoalIsReached: "target"}
MOST = 1_000_000


class GoalForm(forms.Form):
    """Draw it with `owner/goal.html`."""

    what = forms.ChoiceField(label=_("Goal of"), choices=NAMES.items(), widget=forms.RadioSelect)
    target = forms.IntegerField(
        label=_("How many"),
        min_value=1,
        max_value=MOST,
        widget=forms.NumberInput({"inputmode": "numeric"}),
        error_messages=NUMBERS,
    )
    until = DayField(
        label=_("Until"),
        help_text=_("The last day that counts."),
        error_messages={"required": _("Choose a day."), "invalid": _("Choose a day.")},
    )

    def __init__(self, *args: Any, goal: Goal | None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _typed(goal) if goal else {"what": Goal.What.MEMBERS})
        super().__init__(*args, **kwargs)

    def refuse(self, refusal: Refused) -> None:
        """Show the refusal beside what it is about."""
        self.add_error(FIELD_OF.get(type(refusal)), str(refusal))


def _typed(goal: Goal) -> dict[str, Any]:
    return {"what": goal.what, "target": goal.target, "until": goal.until}
