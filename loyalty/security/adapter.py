"""How allauth's second factor behaves in this house."""

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.translation import gettext_lazy as _

from loyalty.security.sessions import device


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That did not match. Try again."),
        "unverified_email": _("Confirm your e-mail first."),
        "cannot_generate_recovery_codes": _("Add a passkey or an app first."),
    }

    def generate_authenticator_name(self, *whose: Any) -> str:
        """A passkey is called by the device it was made on: Safari on iPhone."""
        return device(context.request.META.get("HTTP_USER_AGENT", ""))

    def _get_site_name(self) -> str:
        return "Stamkunde"
