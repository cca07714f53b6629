"""The month an owner wants to look at: their own numbers, or what is usual."""

from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty import money
from loyalty.dashboard.money.forecast import Month
from loyalty.forms import NUMBERS
from loyalty.models import Shop

MOST_MEMBERS, MOST_VISITS = 100_000, 60


def _whole(label: Any, most: int, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=0, max_value=most, error_messages=NUMBERS, **more
    )


class ForecastForm(forms.Form):
    """What an owner expects of a month. Nothing is kept: it is asked for in the address."""

    members = _whole(_("Members"), MOST_MEMBERS)
    visits = forms.DecimalField(
        label=_("Visits a month, of one member"),
        min_value=0,
        max_value=MOST_VISITS,
        max_digits=4,
        decimal_places=1,
        localize=True,
        error_messages={
            **NUMBERS,
            "invalid": _("Type a number, like 2 or 2.5."),
            "max_decimal_places": _("Type one decimal at most."),
        },
    )
    basket = money.MoneyField(label=_("What a visit brings"))
    joining = _whole(_("New members a month"), MOST_MEMBERS)
    friends = _whole(_("Of them, brought by a member"), MOST_MEMBERS)
    margin = _whole(
        _("Your margin"),
        100,
        required=False,
        help_text=_("In per cent: what is left of a sale when the goods are paid."),
    )

    def __init__(self, data: Any, *, shop: Shop, usual: Month) -> None:
        asked = data if "members" in data else None
        super().__init__(asked, initial=_initial(usual), auto_id="forecast_%s")
        self.before, self.after = money.beside(shop.currency)
        self.usual = usual

    def month(self) -> Month:
        """The month as typed; the usual one, where nothing, or nothing sensible, was."""
        if not self.is_valid():
            return self.usual
        typed = self.cleaned_data
        return Month(
            members=typed["members"],
            visits=Fraction(typed["visits"]),
            basket_minor=typed["basket"],
            joining=typed["joining"],
            friends=min(typed["friends"], typed["joining"]),
            margin_percent=typed["margin"],
        )


def _initial(usual: Month) -> dict[str, Any]:
    return {
        "members": usual.members,
        "visits": round(float(usual.visits), 1),
        "basket": usual.basket_minor,
        "joining": usual.joining,
        "friends": usual.friends,
    }
