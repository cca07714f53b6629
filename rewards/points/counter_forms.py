"""What staff type and tap for points: the amount, what is counted, what was done."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from loyalty.models import Shop
from loyalty.numbers import figure
from members.giving import CountPills
from members.visits import Purchase
from rewards.points.amounts import Figure, PaidForm
from rewards.points.rules import MOST_ACTIONS, Action, PointRules
from rewards.points.units import Unit
from rewards.tiers import standing
from rewards.tiers.models import PLAIN

MOST_ITEMS = 10  # offered as pills
ACTIONS = [f"action_{letter}" for letter in "abcdefghij"[:MOST_ACTIONS]]


class NamedTick(forms.CheckboxInput):
    """A box whose value is a name: rules may change before it arrives, and names stay."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(name, "")

    def format_value(self, value: Any) -> None:
        return None  # the name stands in the attributes


class PointsForm(PaidForm):
    """One visit, as far as the rules ask about it; only that is offered."""

    items = forms.IntegerField(min_value=0, max_value=99, required=False, widget=CountPills)
    attended = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, rules: PointRules, shop: Shop, percent: int = PLAIN, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.rules, self.percent = rules, percent
        self.figure = Figure.of(rules, shop, percent=percent)
        self.fields["amount"].label = gettext("Amount")
        for name in ACTIONS:
            self.fields[name] = forms.CharField(required=False, max_length=60, widget=NamedTick)
        for name, action in zip(ACTIONS, rules.actions, strict=False):
            self._offer(name, action)
        items = self.fields["items"]
        items.label, items.initial = rules.item, 0 if rules.asks_amount else 1
        items.plain_label = True  # type: ignore[attr-defined]  # none is a choice
        cast(CountPills, items.widget).offer(range(cast(int, items.initial), MOST_ITEMS + 1))

    def _offer(self, name: str, action: Action) -> None:
        told = {"what": action.name, "n": figure(action.points)}
        field = self.fields[name]
        field.label = gettext("%(what)s +%(n)s") % told
        field.widget.attrs |= {"value": action.name, "data-points": action.points}

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        if "amount" not in self.errors and self._says_nothing(asked):
            self.add_error("amount", gettext("Type the amount."))
        return asked

    def _says_nothing(self, asked: dict[str, Any]) -> bool:
        named = any(asked.get(name) for name in ("amount", "items", "attended", *ACTIONS))
        return "amount" in self.data and not named

    @property
    def purchase(self) -> Purchase:
        """What the form says of the visit. Where the amount is asked for, none means that nothing
        was bought."""
        asked = self.cleaned_data
        paid, items = asked["amount"], asked["items"] or 0
        bought = bool(paid or items) or "amount" not in self.data
        return Purchase(
            amount_minor=paid,
            items=items,
            actions=tuple(asked[name] for name in ACTIONS if asked[name]),
            bought=bought and not asked["attended"],
            attended=asked["attended"],
        )

    # --- What stands on the sheet -------------------------------------------------------------

    @property
    def counts_items(self) -> bool:
        return bool(self.rules.per_item)

    @property
    def actions(self) -> list[Any]:
        """The boxes, bound."""
        return [self[name] for name in ACTIONS[: len(self.rules.actions)]]

    @property
    def buys(self) -> bool:
        """Is there anything to earn but for coming by?"""
        return bool((self.figure and self.figure.earns) or self.rules.actions)

    @property
    def has_choices(self) -> bool:
        return self.asks_amount or self.counts_items or bool(self.rules.actions)

    @property
    def button(self) -> str:
        """The main button while no script makes it follow what is typed."""
        if self.has_choices:
            return self.says(_several(self.rules))
        each = self.rules.points_for(Purchase(), multiplier=standing.times(self.percent))
        return self.says(self.rules.words(each))

    @property
    def live(self) -> str:
        """The same for a script, with %points where they go."""
        return self.says("%points")

    def says(self, points: str) -> str:
        return gettext("Give %(points)s") % {"points": points}


class SavePointsForm(PointsForm):
    """As the points form, for a card nobody can look up right now. It may be at a level that earns
    more: `at_least` is said then."""

    def __init__(self, *args: Any, at_least: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.at_least = at_least

    def says(self, points: str) -> str:
        words = gettext("Save at least %(points)s") if self.at_least else gettext("Save %(points)s")
        return words % {"points": points}


def _several(rules: PointRules) -> str:
    usual = {
        Unit.POINTS: _("points"),
        Unit.STARS: _("stars"),
        Unit.CLIPS: _("clips"),
    }
    return str(usual.get(rules.unit, rules.unit_many))
