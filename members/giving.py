"""What the forms share by which a counter gives something, whatever the kind of programme."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from loyalty.forms import KeyedForm
from loyalty.refusals import Refused
from members.refusals import AsksFirst

SHOWN = 3  # how many counts stand in the row; the others wait behind "More"


class CountPills(forms.widgets.ChoiceWidget):
    """1, 2, 3 in a row and the rest behind "More". Each says what the main button will read."""

    input_type = "radio"
    use_fieldset = True
    shown = SHOWN
    asks_why: int | None = None  # more than this at once wants a reason
    says: Callable[[int], str] = staticmethod(str)  # the main button's words for a count

    def offer(self, counts: range) -> None:
        """These counts; nothing hides a single pill."""
        self.choices = [(n, str(n)) for n in counts]
        self.shown = SHOWN if len(counts) > SHOWN + 1 else len(counts)

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        options = list(self.options(name, [str(value)], {**self.attrs, **(attrs or {})}))
        for option in options:
            option["says"] = self.says(option["value"])
            option["asks_why"] = self.asks_why is not None and option["value"] > self.asks_why
        more = options[self.shown :]
        chosen = next((option for option in more if option["selected"]), None)
        pills = {"shown": options[: self.shown], "more": more, "chosen": chosen}
        return render_to_string("counter/_count.html", pills)


class GivingForm(KeyedForm):
    """Something for one card, in one programme."""

    programme = forms.IntegerField(widget=forms.HiddenInput)
    # Staff were asked (there was one just now, or often today), and mean it.
    again = forms.BooleanField(required=False, widget=forms.HiddenInput)
    quiet = beside_reward = False
    figure: Any = None  # what a script reckons with; None: it has nothing to reckon

    def step_back(self, *, for_reward: bool) -> None:
        """Something else comes first: this is a smaller button, and the choices are put away."""
        self.quiet, self.beside_reward = True, for_reward

    def ask_also(self, figure: Any) -> None:
        """Another programme earns by the same purchase; `figure` says what it wants to know."""

    @property
    def asks_again(self) -> bool:
        return str(self["again"].value()) == "True"

    def refuse(self, refusal: Refused, field: str | None = None) -> None:
        super().refuse(refusal, field)
        if isinstance(refusal, AsksFirst):
            cast(QueryDict, self.data)["again"] = "True"  # the next tap is meant

    @property
    def lines(self) -> list[str]:
        """What was wrong, but for what stands beside its field."""
        errors = [lines for field, lines in self.errors.items() if not self._stands_beside(field)]
        return [str(line) for lines in errors for line in lines]

    def _stands_beside(self, field: str) -> bool:
        return False
