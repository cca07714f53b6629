"""What staff type and tap at the till. What a card allows is not the forms' business."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty.forms import KeyedForm
from loyalty.models import Shop, StaffMember
from members.models import Membership
from rewards.models import Claim

SHOWN = 3  # how many counts stand in the row; the others wait behind "More"


class FindForm(forms.Form):
    """A code, typed or scanned: six digits, a card's ten letters, or its whole address."""

    code = forms.CharField(
        label=_("Card code"),
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


class HandOutForm(KeyedForm):
    """One reward leaves the shop. Used ones may be asked for: then it is said who used it."""

    claim: "forms.ModelChoiceField[Claim]" = forms.ModelChoiceField(
        Claim.objects.none(), widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, of: Membership, **options: Any) -> None:
        super().__init__(*args, **options)
        claims = Claim.objects.filter(membership=of).select_related("account__rule_version")
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

    def __init__(self, *args: Any, shop: Shop, **options: Any) -> None:
        super().__init__(*args, **options)
        staff = StaffMember.objects.filter(shop=shop, active=True)
        cast(forms.ModelChoiceField, self.fields["staff"]).queryset = staff

    def clean_then(self) -> str:
        """Only a page of the till; anything else is forgotten."""
        then = self.cleaned_data["then"]
        return then if then.startswith("/c/") else ""


class ThemeForm(forms.Form):
    """Light, dark, or nothing: then as the device has it."""

    theme = forms.CharField(required=False, max_length=10)
