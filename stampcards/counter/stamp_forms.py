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
from stampcards.refusals import DailyLimit, ReasonNeeded, StampedRecently
from stampcards.rules import REASON_ABOVE, StampRules

SHOWN = 3  # how many counts stand in the row; the others wait behind "More"
WHY = [("group", _("Group order")), ("correction", _("Correction")), ("other", _("Something else"))]


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
            option["asks_why"] = option["value"] > REASON_ABOVE
        more = options[self.shown :]
        chosen = next((option for option in more if option["selected"]), None)
        pills = {"shown": options[: self.shown], "more": more, "chosen": chosen}
        return render_to_string("counter/_count.html", pills)


class StampForm(KeyedForm):
    """How many stamps a card gets, why if many, and whether the extra was earned."""

    programme = forms.IntegerField(widget=forms.HiddenInput)
    count = forms.IntegerField(label=_("How many stamps?"), initial=1, widget=CountPills)
    # Stands there while a count is chosen that asks for it.
    reason = forms.ChoiceField(
        label=_("Why so many?"), choices=WHY, required=False, widget=forms.RadioSelect
    )
    extra = forms.BooleanField(required=False)
    quiet = beside_reward = False
    # Staff were asked (stamped just now, or often today), and mean it.
    again = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, rules: StampRules, **options: Any) -> None:
        super().__init__(*args, **options)
        self.rules = rules
        self.fields["reason"].plain_label = True  # type: ignore[attr-defined]  # or "(optional)"
        self._offer(rules.most_per_purchase)
        if rules.extra_for:
            self.fields["extra"].label = _("%(what)s +1") % {"what": rules.extra_for}
        else:
            del self.fields["extra"]

    def _offer(self, most: int) -> None:
        pills = self.fields["count"].widget
        pills.choices = [(n, str(n)) for n in range(1, most + 1)]
        pills.says = self.says
        pills.shown = SHOWN if most > SHOWN + 1 else most  # nothing hides a single pill
        if most <= REASON_ABOVE:
            del self.fields["reason"]

    def step_back(self, *, for_reward: bool) -> None:
        """Something else comes first: this is a smaller button, and the choices are put away."""
        self.quiet, self.beside_reward = True, for_reward
        self.fields["count"].widget.shown = self.rules.most_per_purchase

    @property
    def has_choices(self) -> bool:
        return self.rules.most_per_purchase > 1 or bool(self.rules.extra_for)

    @property
    def said_why(self) -> bool:
        """Was a reason given, and something else in the way? It is not asked for again."""
        return self.is_bound and bool(self.cleaned_data.get("reason"))

    @property
    def asks_again(self) -> bool:
        return str(self["again"].value()) == "True"

    def refuse(self, refusal: Refused, field: str | None = None) -> None:
        super().refuse(refusal, "reason" if isinstance(refusal, ReasonNeeded) else field)
        if isinstance(refusal, StampedRecently | DailyLimit):
            cast(QueryDict, self.data)["again"] = "True"  # the next tap is meant

    @property
    def lines(self) -> list[str]:
        """What was wrong, but for what stands beside its field."""
        errors = [lines for field, lines in self.errors.items() if field != "reason"]
        return [str(line) for lines in errors for line in lines]

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
