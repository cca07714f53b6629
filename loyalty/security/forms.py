"""What the second factor asks for: allauth's forms in our words."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_NAME = 60
HELP = _("6 digits from your app, or one of your recovery codes.")


@contextmanager
def refused() -> Iterator[None]:
    """A sentence where the parser of passkeys would break off."""
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError, struct.error) as malformed:
        raise get_adapter().validation_error("incorrect_code") from malformed


def asks_for_digits(code: forms.Field, help_text: Any) -> None:
    """One field, pasted or typed."""
    code.label, code.help_text = _("Code"), help_text
    code.error_messages["required"] = _("Type the code.")
    code.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}


class CodeForm(AuthenticateForm):
    """The second step of signing in, without a passkey."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        asks_for_digits(self.fields["code"], HELP)


class CodeAgainForm(ReauthenticateForm):
    """The same, to confirm that it is still them."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        asks_for_digits(self.fields["code"], HELP)


class AppForm(ActivateTOTPForm):
    """The first code of an app proves that it was set up."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        asks_for_digits(self.fields["code"], _("6 digits from the app."))


class WhateverIsSent:
    """What no browser made is refused: the parser trips over it in as many ways as there are."""

    def clean_credential(self) -> Any:
        with refused():
            return super().clean_credential()  # type: ignore[misc]


class SignInForm(WhateverIsSent, LoginWebAuthnForm):
    """A passkey instead of a mailed code."""


class StepForm(WhateverIsSent, AuthenticateWebAuthnForm):
    """A passkey after it."""


class StillMeForm(WhateverIsSent, ReauthenticateWebAuthnForm):
    """A passkey, to confirm that it is still them."""


class PasskeyForm(AddWebAuthnForm):
    """What the browser made, and what to call it."""

    passwordless = None  # always asked for: the browser does what it can

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        name = self.fields["name"]
        name.label, name.help_text = _("Name"), _("So you know which one it is.")
        name.max_length = LONGEST_NAME
        name.widget.attrs = {"maxlength": LONGEST_NAME}

    def clean_name(self) -> str:
        return super().clean_name()[:LONGEST_NAME]

    def clean(self) -> dict[str, Any]:
        with refused():
            return super().clean()
