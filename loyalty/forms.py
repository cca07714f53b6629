"""What forms have in common: asking for one thing, once; a day; the code that came by mail."""

from datetime import date
from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmEmailVerificationCodeForm, ConfirmLoginCodeForm
from allauth.core import context
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from loyalty import keys
from loyalty.refusals import Refused
from loyalty.security import tries

SHORTER = _("That is too long. Use %(limit_value)d letters at most.")
NUMBERS = {  # what is wrong with a whole number that must be typed
    "required": _("Type a number."),
    "invalid": _("Type a whole number."),
    "min_value": _("Type %(limit_value)s or more."),
    "max_value": _("Type %(limit_value)s or less."),
}


class KeyedForm(forms.Form):
    """A form that asks for one operation, once."""

    # Made when the page is made, so a double tap asks for one thing twice.
    key = forms.UUIDField(widget=forms.HiddenInput, initial=keys.new)

    def refuse(self, refusal: Refused, field: str | None = None) -> None:
        """Show the refusal. It is stored under this key, so the next try gets a new one."""
        self.add_error(field, str(refusal))
        data = cast(QueryDict, self.data).copy()
        data["key"] = str(keys.new())
        self.data = data


class DayField(forms.DateField):
    """A day people may mean, asked for with the browser's own field.

    While they type a year, browsers send the year 2; and after the last day of 9999, calendars
    know no other one.
    """

    default_validators = [
        MinValueValidator(date(2000, 1, 1), _("Check the year.")),
        MaxValueValidator(date(2100, 1, 1), _("Check the year.")),
    ]

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"widget": widget, **options})


class CountedTries:
    """For forms that ask for a mailed code: three tries, however many are sent at once."""

    def clean_code(self) -> str:
        session = context.request.session.session_key
        if not tries.take(f"{session}:{self.expected_code}"):  # type: ignore[attr-defined]
            raise get_adapter().validation_error("too_many_login_attempts")
        return super().clean_code()  # type: ignore[misc]


class NewEmailForm(CountedTries, ConfirmEmailVerificationCodeForm):
    """The code that proves another e-mail."""


class MailedCodeForm(CountedTries, ConfirmLoginCodeForm):
    """Six digits from an e-mail: one field, pasted or typed, spaces forgiven."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = _("Code")
        code.error_messages["required"] = _("Type the 6 digits from the e-mail.")
        code.widget.attrs = {
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "autofocus": True,
        }


class EmailForm(forms.Form):
    """An address a code can be sent to."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("We send a code. No password."),
        error_messages={
            "required": _("Type your e-mail."),
            "invalid": _("Check your e-mail. It looks like name@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
