"""What an owner types about the shop itself."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from loyalty.forms import SHORTER
from loyalty.models import Shop
from members.shops import ABOUT, FIXED, time_zones


class ShopForm(forms.Form):
    """The shop as customers know it. `fixed`: something is booked, so FIXED stay as they are."""

    name = forms.CharField(
        label=_("Shop name"),
        max_length=Shop._meta.get_field("name").max_length,
        help_text=_("The address of your join page stays the same, and so do your posters."),
        error_messages={"required": _("Type a name."), "max_length": SHORTER},
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    contact_email = forms.EmailField(
        label=_("Contact e-mail"),
        max_length=254,
        help_text=_("Members read it in the club rules, and answer to it."),
        error_messages={
            "required": _("Type your e-mail."),
            "invalid": _("Check your e-mail. It looks like name@example.com."),
        },
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    address = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=Shop._meta.get_field("address").max_length,
        help_text=_("Stands below every e-mail to members."),
        error_messages={"max_length": SHORTER},
        widget=forms.TextInput({"autocomplete": "street-address"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("For posters, and for whoever asks for no other."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"))
    currency = forms.ChoiceField(label=_("Currency"), choices=Shop.Currency.choices)

    def __init__(self, *args: Any, shop: Shop, fixed: bool, **options: Any) -> None:
        known = {name: getattr(shop, name) for name in (*ABOUT, *FIXED)}
        super().__init__(*args, **{"initial": known, **options})
        zones = sorted({*time_zones(), shop.time_zone})
        self.fields["time_zone"].choices = [(zone, zone) for zone in zones]  # type: ignore[attr-defined]
        if fixed:
            self._fix()
        self.helper = FormHelper()
        self.helper.form_tag = False  # the template owns the address
        fixed_pair = Div(*FIXED, css_class="inline-pair")
        self.helper.layout = Layout(*ABOUT, fixed_pair, Submit("", _("Save")))

    def _fix(self) -> None:
        """Shown, with why they can't be changed any more."""
        why = {
            "time_zone": _("Stays: days have been booked in it."),
            "currency": _("Stays: amounts have been booked in it."),
        }
        for name in FIXED:
            self.fields[name].disabled = True
            self.fields[name].help_text = why[name]
