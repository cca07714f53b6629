"""How many stamps, and what for: the form on a stamp card's part of the sheet."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from loyalty.refusals import Refused
from members.giving import CountPills
from members.visits import Purchase
from rewards.points.amounts import Figure, PaidForm
from stampcards.refusals import ReasonNeeded
from stampcards.rules import REASON_ABOVE, StampRules

WHY = [("group", _("Group order")), ("correction", _("Correction")), ("other", _("Something else"))]


class StampForm(PaidForm):
    """How many stamps a card gets, why if many, and whether the extra was earned.

    Where a purchase earns points as well, also what was paid: both are given at once.
    """

    count = forms.IntegerField(label=_("How many stamps?"), initial=1, widget=CountPills)
    # Stands there while a count is chosen that asks for it.
    reason = forms.ChoiceField(
        label=_("Why so many?"), choices=WHY, required=False, widget=forms.RadioSelect
    )
    extra = forms.BooleanField(required=False)

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
        pills = self._pills
        pills.offer(range(1, most + 1))
        pills.says, pills.asks_why = self.says, REASON_ABOVE
        if most <= REASON_ABOVE:
            del self.fields["reason"]

    @property
    def _pills(self) -> CountPills:
        return cast(CountPills, self.fields["count"].widget)

    def ask_also(self, figure: Figure) -> None:
        self.figure = figure

    def step_back(self, *, for_reward: bool) -> None:
        super().step_back(for_reward=for_reward)
        self._pills.shown = self.rules.most_per_purchase

    @property
    def has_choices(self) -> bool:
        return self.rules.most_per_purchase > 1 or bool(self.rules.extra_for) or self.asks_amount

    @property
    def said_why(self) -> bool:
        """Was a reason given, and something else in the way? It is not asked for again."""
        return self.is_bound and bool(self.cleaned_data.get("reason"))

    @property
    def purchase(self) -> Purchase | None:
        """What is known of it. None: nothing."""
        paid = self.cleaned_data["amount"]
        return Purchase(amount_minor=paid) if paid else None

    def refuse(self, refusal: Refused, field: str | None = None) -> None:
        super().refuse(refusal, "reason" if isinstance(refusal, ReasonNeeded) else field)

    def _stands_beside(self, field: str) -> bool:
        return field == "reason" or super()._stands_beside(field)

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

    @property
    def says_one(self) -> str:
        """The same where no pill says it."""
        return self.says(1)


class SaveForm(StampForm):
    """As the stamp form, for a card nobody can look up right now: no more than needs no reason."""

    def _offer(self, most: int) -> None:
        super()._offer(min(most, REASON_ABOVE))

    def says(self, n: int) -> str:
        return ngettext("Save %(n)d stamp", "Save %(n)d stamps", n) % {"n": n}
