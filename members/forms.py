"""What a customer types, on more than one page; or staff, as the customer says it."""

from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from loyalty import phones
from loyalty.models.people import tidy_email
from members.models import Membership

LONGEST_NAME = cast(int, Membership._meta.get_field("name").max_length)
LONGEST_NUMBER = 40  # with all the spaces and brackets somebody may put in


class FirstNameField(forms.CharField):
    """One line, shown as text wherever it is shown."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("First name"), max_length=LONGEST_NAME, required=False, **options)
        self.widget.attrs["autocomplete"] = "given-name"

    def clean(self, value: Any) -> str:
        return " ".join(super().clean(value).split())


class OwnEmailField(forms.EmailField):
    """The customer's own e-mail: letter case and outer spaces do not matter."""

    default_error_messages = {
        "required": _("Type your e-mail."),
        "invalid": _("Check your e-mail. It looks like name@example.com."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("E-mail"), max_length=254, **options)
        self.widget.attrs["autocomplete"] = "email"

    def clean(self, value: Any) -> str | None:
        return tidy_email(super().clean(value))


class MobileField(forms.CharField):
    """A mobile number as people of `country` write it; E.164 when it is clean. May be left out."""

    country = ""  # of the shop; whoever uses the field says so
    plain_label = False

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput({"type": "tel", "autocomplete": "tel"})
        super().__init__(
            label=_("Mobile number"),
            max_length=LONGEST_NUMBER,
            required=False,
            widget=widget,
            **options,
        )

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        try:
            return phones.read(typed, self.country) if typed else ""
        except phones.NotAPhone as wrong:
            raise ValidationError(str(wrong)) from wrong


def fields_only() -> FormHelper:
    """The template owns address and buttons. No CSRF field: see members.access."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper
