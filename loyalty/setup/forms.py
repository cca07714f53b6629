"""What an owner types to begin (W11)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty.forms import EmailForm
from loyalty.models import Shop, Trade


class ShopForm(forms.Form):
    """The name of a shop. The country is a guess that may be corrected."""

    name = forms.CharField(
        label=_("Shop name"),
        max_length=80,
        help_text=_("As customers know it."),
        error_messages={
            "required": _("Type the name of your shop."),
            "max_length": _("That name is too long. Use %(limit_value)d letters at most."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=Shop.Country.choices,
        help_text=_("Decides currency and time zone."),
    )


class StartForm(EmailForm, ShopForm):
    """The same for somebody we do not know yet."""

    field_order = ("name", "email", "country")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["maxlength"] = None  # said in words, not cut off


class TradeForm(forms.Form):
    """One of the eight trades: the tapped card."""

    trade = forms.ChoiceField(choices=Trade.choices, error_messages={"required": _("Choose one.")})
