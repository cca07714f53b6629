"""What an owner wants to look at: part of the address, so a GET."""

from fractions import Fraction
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from loyalty.dashboard.insights.reading import Choice, Insights
from loyalty.dashboard.insights.shown import named
from loyalty.dashboard.insights.told import Told
from loyalty.dashboard.places import Places
from loyalty.forms import NUMBERS
from loyalty.numbers import figure
from rewards.figures.periods import Span
from rewards.figures.reading import ALL

HEADINGS = {
    Span.MONTH: _("Months"),
    Span.QUARTER: _("Quarters"),
    Span.TWELVE: _("Twelve months"),
    Span.YEAR: _("Years"),
}
NO_PERCENT = _("Type a number from 1 to 100.")
MOST = 10_000_000


def _percent(label: Any) -> forms.IntegerField:
    errors = dict.fromkeys(("invalid", "min_value", "max_value"), NO_PERCENT)
    return forms.IntegerField(
        label=label, min_value=1, max_value=100, required=False, error_messages=errors
    )


def _count(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=1, max_value=MOST, required=False, error_messages=NUMBERS
    )


class InsightsForm(forms.Form):
    """Which period and which place; and what only the owner knows, where something takes it."""

    period = forms.ChoiceField(label=_("Period"), required=False)
    place = forms.ChoiceField(label=_("Place"), required=False)
    margin = _percent(_("Your margin, in percent"))
    discount = _percent(_("Your discount rate, in percent"))
    customers = _count(_("All your customers"))
    orders = _count(_("All purchases at your till"))
    redeemed = _percent(_("Redeemed one day, in percent"))

    def __init__(self, asked: Any, *, found: Insights, places: Places) -> None:
        """`asked`: of the address. What only the owner knows is asked for when they want to tell:
        fields take longer to draw than figures."""
        knows = _told(found)
        self.tells, self.opens = bool(knows), any(name in asked for name in ("know", *knows))
        fields = knows if self.opens else []
        place = places.chosen.pk if places.chosen else ""
        chosen = {"period": found.choice.period.key, "place": place}
        super().__init__({**{name: asked.get(name, "") for name in fields}, **chosen})
        self.found = found
        self.fields["period"].choices = _periods(found.choice)  # type: ignore[attr-defined]
        self.fields["place"].choices = _places(places)  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.plain_label = True  # type: ignore[attr-defined]  # nothing has to be chosen
        for name in {*Told.__dataclass_fields__} - {*fields}:
            del self.fields[name]
        if not places.several:
            del self.fields["place"]

    def clean_orders(self) -> int | None:
        """A till that counts fewer than its members alone counts something else."""
        typed: int | None = self.cleaned_data["orders"]
        n = self.found.done.purchases
        if typed is not None and typed < n:
            words = ngettext(
                "Your members alone bought %(figure)s time. Type a larger number.",
                "Your members alone bought %(figure)s times. Type a larger number.",
                n,
            )
            raise forms.ValidationError(words % {"figure": figure(n)})
        return typed

    @property
    def narrowing(self) -> list[BoundField]:
        return [self[name] for name in ("period", "place") if name in self.fields]

    @property
    def only_you_know(self) -> list[BoundField]:
        return [self[name] for name in Told.__dataclass_fields__ if name in self.fields]

    @property
    def told(self) -> Told:
        """What was typed; of what makes no sense, nothing."""
        self.is_valid()
        typed = self.cleaned_data.get
        return Told(
            margin=_share(typed("margin")) or ALL,
            discount=_share(typed("discount")),
            customers=typed("customers"),
            orders=typed("orders"),
            redeemed=typed("redeemed"),
        )


def _share(percent: int | None) -> Fraction | None:
    return None if percent is None else Fraction(percent, 100)


def _told(found: Insights) -> list[str]:
    """The names of what figures on this page take."""
    names = []
    if found.lifetime:
        names += ["margin", *(["discount"] if found.choice.period.span.months == 12 else [])]
    if found.members:
        names += [*(["customers", "redeemed"] if found.whole else []), "orders"]
    return names


def _periods(choice: Choice) -> list[tuple[str, list[tuple[str, str]]]]:
    offered: dict[Span, list[tuple[str, str]]] = {}
    for period in choice.periods:
        words = gettext("Last 12 months") if period.span == Span.TWELVE else named(period)
        if not period.is_over(choice.through):
            words = gettext("%(period)s so far") % {"period": words}
        offered.setdefault(period.span, []).append((period.key, words))
    return [(str(HEADINGS[span]), periods) for span, periods in offered.items()]


def _places(places: Places) -> list[tuple[str, str]]:
    together = gettext("All places") if places.whole_shop else gettext("All your places")
    return [("", together), *((str(at.pk), at.name) for at in places.every)]
