"""What staff type and tap at the till. What a card allows is not the forms' business."""

from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from loyalty import phones
from loyalty.forms import KeyedForm
from loyalty.models import Shop, StaffMember
from members.forms import LONGEST_NAME, FirstNameField, MobileField, OwnEmailField
from members.models import Membership
from rewards.models import Claim

FEWEST_LETTERS = 3  # of a name somebody is looked for by


class FindForm(forms.Form):
    """A code, typed or scanned: six digits, a card's ten letters, or its whole address.

    Or what customers say without their card: their phone number, or their name.
    """

    code = forms.CharField(
        label=_("Code or phone number"),
        error_messages={"required": _("Type the code, or scan it.")},
        widget=forms.TextInput(
            {"inputmode": "numeric", "autocomplete": "off", "autocapitalize": "characters"}
        ),
    )
    # The camera asks with the same form; what it read is not put into the field.
    scanned = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, ready: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if ready:  # a plug-in scanner types where the cursor is
            self.fields["code"].widget.attrs["autofocus"] = True

    def correct(self, why: str) -> None:
        """Let what was typed be corrected; the reason stands in the element `why`."""
        reason = {"aria-invalid": "true", "aria-describedby": why, "autofocus": True}
        self.fields["code"].widget.attrs.update(reason)


class SearchForm(forms.Form):
    """A name, or how it begins."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        error_messages={"required": _("Type at least three letters.")},
        widget=forms.TextInput({"autocomplete": "off", "autofocus": True, "spellcheck": "false"}),
    )

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if sum(map(str.isalpha, name)) < FEWEST_LETTERS:
            raise forms.ValidationError(_("Type at least three letters."))
        return name


class NewMemberForm(KeyedForm):
    """What a new member says of themselves: a number or an e-mail, so that the card is found."""

    phone = MobileField()
    name = FirstNameField()
    email = OwnEmailField(required=False, help_text=_("We send the link to the card."))

    def __init__(self, *args: Any, shop: Shop, **options: Any) -> None:
        super().__init__(*args, **options)
        phone = cast(MobileField, self.fields["phone"])
        phone.country, phone.plain_label = shop.country, True
        phone.help_text = _about_numbers(shop)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"  # the browser knows staff, not customers
        phone.widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        if not self.errors and not asked["phone"] and not asked["email"]:
            self.add_error("phone", _("Type a phone number or an e-mail."))
        return asked


def _about_numbers(shop: Shop) -> str:
    n = phones.DIGITS_OF_A_MOBILE.get(shop.country)
    if n is None:
        return gettext("We send nothing. The customer can take over the card later with a code.")
    words = gettext(
        "%(n)d digits. We send nothing. The customer can take over the card later with a code."
    )
    return words % {"n": n}


class HandOutForm(KeyedForm):
    """One reward leaves the shop. Used ones may be asked for: then it is said who used it."""

    claim: "forms.ModelChoiceField[Claim]" = forms.ModelChoiceField(
        Claim.objects.none(), widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, of: Membership, **options: Any) -> None:
        super().__init__(*args, **options)
        claims = Claim.objects.filter(membership=of)
        claims = claims.select_related(
            "account__programme", "account__rule_version", "reservation__drop"
        )
        cast(forms.ModelChoiceField, self.fields["claim"]).queryset = claims


class UndoForm(KeyedForm):
    """Takes one action back."""

    # Asked from the list of the last ten, which is then shown again.
    listed = forms.BooleanField(required=False, widget=forms.HiddenInput)


class StaffForm(forms.Form):
    """Who is on the till."""

    staff: "forms.ModelChoiceField[StaffMember]" = forms.ModelChoiceField(
        StaffMember.objects.none()
    )
    then = forms.CharField(required=False, widget=forms.HiddenInput)
    # Asked for on a sheet of its own, from those who have one.
    pin = forms.CharField(
        label=_("PIN"),
        required=False,
        widget=forms.PasswordInput(
            {"inputmode": "numeric", "autocomplete": "off", "maxlength": 6, "autofocus": True}
        ),
    )

    def __init__(self, *args: Any, shop: Shop, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["pin"].plain_label = True  # type: ignore[attr-defined]  # where it is asked for
        staff = StaffMember.objects.filter(shop=shop, active=True)
        cast(forms.ModelChoiceField, self.fields["staff"]).queryset = staff

    def clean_then(self) -> str:
        """Only a page of the till; anything else is forgotten."""
        then = self.cleaned_data["then"]
        return then if then.startswith("/c/") else ""


class DeviceForm(forms.Form):
    """How this device looks, and how it tells that a code was read."""

    theme = forms.ChoiceField(
        label=_("Theme"),
        choices=[("light", _("Light")), ("dark", _("Dark")), ("", _("As the device"))],
        required=False,
        widget=forms.RadioSelect,
    )
    sound = forms.BooleanField(label=_("Sound when a code is read"), required=False)
    vibration = forms.BooleanField(label=_("Vibrate when a code is read"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["theme"].plain_label = True  # type: ignore[attr-defined]  # none is a choice
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Field("theme", wrapper_class="pills"),
            # Neither is there without a camera, which is not there without scripts.
            Field("sound", wrapper_class="scripted"),
            Field("vibration", wrapper_class="scripted"),
        )
