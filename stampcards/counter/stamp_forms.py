"""How many stamps, and what for: the form on a stamp card's part of the sheet."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from loyalty.forms import KeyedForm
from loyalty.refusals import Refused
from stampcards.refusals import StampedRecently
from stampcards.rules import StampRules

SHOWN = 3  # how many counts stand in the row; the others wait behind "More"


class CountPills(forms.widgets.ChoiceWidget):
    """1, 2, 3 in a row and the rest behind "More". Each says what the main button will read."""

    input_type = "radio"
    use_fieldset = True
    shown = SHOWN
    says: Callable[[int], str]  # the main button's words for a count

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        options = list(self.options(name, [str(value)], {**self.attrs, **(attrs or {})}))
        for option in options:
            option["says"] = self.says(option["value"])
        more = options[self.shown :]
        chosen = any(option["selected"] for option in more)
        pills = {"shown": options[: self.shown], "more": more, "more_is_chosen": chosen}
        return render_to_string("counter/_count.html", pills)


class StampForm(KeyedForm):
    """How many stamps a card gets, and whether the extra was earned."""

    programme = forms.IntegerField(widget=forms.HiddenInput)
    count = forms.IntegerField(label=_("How many stamps?"), initial=1, widget=CountPills)
    extra = forms.BooleanField(required=False)
    beside_reward = False
    # Staff saw how long ago the last stamp was, and mean it.
    again = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, rules: StampRules, **options: Any) -> None:
        super().__init__(*args, **options)
        self.rules = rules
        pills = self.fields["count"].widget
        pills.choices = [(n, str(n)) for n in range(1, rules.most_per_purchase + 1)]
        pills.says = self.says
        if rules.extra_for:
            self.fields["extra"].label = _("%(what)s +1") % {"what": rules.extra_for}
        else:
            del self.fields["extra"]

    def stand_beside_reward(self) -> None:
        """The reward comes first: this is the smaller button, and the choices are put away."""
        self.beside_reward = True
        self.fields["count"].widget.shown = self.rules.most_per_purchase

    @property
    def has_choices(self) -> bool:
        return self.rules.most_per_purchase > 1 or bool(self.rules.extra_for)

    @property
    def asks_again(self) -> bool:
        return str(self["again"].value()) == "True"

    def refuse(self, refusal: Refused, field: str | None = None) -> None:
        super().refuse(refusal, field)
        if isinstance(refusal, StampedRecently):
            cast(QueryDict, self.data)["again"] = "True"  # the next tap is meant

    @property
    def lines(self) -> list[str]:
        """What was wrong, whichever field it was in."""
        return [str(line) for lines in self.errors.values() for line in lines]

    @property
    def button(self) -> str:
        """The main button while no script makes it follow the pills."""
        if self.rules.most_per_purchase == 1:
            return self.says(1)
        if self.asks_again:
            return gettext("Give more")
        return gettext("Only give stamps") if self.beside_reward else gettext("Give stamps")

    def says(self, n: int) -> str:
        """The main button's words for a count."""
        if self.asks_again:
            words = ngettext("Give %(n)d more", "Give %(n)d more", n)
        elif self.beside_reward:
            words = ngettext("Only give %(n)d stamp", "Only give %(n)d stamps", n)
        else:
            words = ngettext("Give %(n)d stamp", "Give %(n)d stamps", n)
        return words % {"n": n}
