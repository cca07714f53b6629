"""What a customer types, on more than one page."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty.models.people import tidy_email


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


def fields_only() -> FormHelper:
    """The template owns address and buttons. No CSRF field: see members.access."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper
