"""How django-allauth behaves in this house."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import wrap
from django.utils.translation import gettext_lazy as _

from loyalty.models import Person
from loyalty.outbox import operations as outbox
from loyalty.security import factors, proofs

LINE = 78  # letters, as RFC 5322 asks for

# Ways to confirm that it is still them, the quickest first.
CONFIRM = {
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
    "mfa_reauthenticate": _("Use a code"),
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("That code does not match. Check the newest e-mail."),
        "too_many_login_attempts": _(
            "Too many tries. Wait 10 minutes, or ask staff to find your card."
        ),
        "rate_limited": _("Too many tries. Wait 10 minutes, or ask staff to find your card."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Into the outbox. Only plain values go along; the sentence is made when it is sent."""
        plain = {name: value for name, value in context.items() if isinstance(value, str | int)}
        outbox.post(
            to=email,
            template=template_prefix,
            values=plain,
            language=translation.get_language() or settings.LANGUAGE_CODE,
        )

    def render_mail(self, *what: Any, **how: Any) -> EmailMessage:
        """Plain text that reads well in any mail program; a link is never broken."""
        mail = super().render_mail(*what, **how)
        mail.body = wrap(mail.body, LINE)
        return mail

    def send_notification_mail(self, template_prefix: str, user: Person, *more: Any) -> None:
        """A second factor came or went: allauth's names for what happened, in one mail of ours."""
        if template_prefix.startswith("mfa/"):
            factors.tell(user, template_prefix.removeprefix("mfa/email/"))

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """A sign-in of the last minutes is as good as another question."""
        return not proofs.signed_in_lately(self.request)

    def get_reauthentication_methods(self, user: Person) -> list[dict[str, Any]]:
        """A passkey first; whoever has no second factor is mailed a code."""
        known = {method["id"]: method for method in super().get_reauthentication_methods(user)}
        found = [
            {**known[name], "description": words}
            for name, words in CONFIRM.items()
            if name in known
        ]
        mailed = {"id": "again", "description": "", "url": reverse("account_again")}
        return found or ([mailed] if user.is_authenticated else [])

    def get_from_email(self) -> str:
        return settings.DEFAULT_FROM_EMAIL

    def format_email_subject(self, subject: str) -> str:
        return subject  # no "[site]" in front: the sender's name says it

    def is_safe_url(self, url: str | None) -> bool:
        """Only our own pages, never another host."""
        ours = url_has_allowed_host_and_scheme(url, allowed_hosts=None)
        return ours and url is not None and url.startswith("/")

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return True
