"""allauth's pages of the second factor, where ours do more."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, LoginWebAuthnView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from loyalty import qr
from loyalty.security import events, factors, proofs
from loyalty.security.lately import confirmed

THEN = "protect_then"  # in the session: where they wanted to go when they were asked for a factor
UNPROCESSABLE = 422


@never_cache
@require_safe
def protect(request: Any) -> HttpResponse:
    """An owner's shop runs: choose a second factor now."""
    if get_adapter().is_safe_url(wanted := request.GET.get("next", "")):
        request.session[THEN] = wanted
    if factors.factors_of(request.user).exists():
        return redirect(where_to(request))
    return render(request, "account/protect.html")


def where_to(request: Any) -> str:
    """Where they wanted to go; nowhere in particular: to the page of sign-in and devices."""
    return request.session.get(THEN) or resolve_url("account_devices")


class SaysWhatIsWrong:
    """A refused form is a 422, as everywhere."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        events.note(self.request, "a second factor was refused")  # type: ignore[attr-defined]
        response = super().form_invalid(form)  # type: ignore[misc]
        if response.status_code == HttpResponse.status_code:
            response.status_code = UNPROCESSABLE
        return response


class Authenticate(SaysWhatIsWrong, AuthenticateView):
    """The second step of signing in."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        types = set(factors.factors_of(self.stage.login.user).values_list("type", flat=True))
        return {
            **super().get_context_data(**more),
            "has_passkey": factors.Type.WEBAUTHN in types,
            "has_app": factors.Type.TOTP in types,
        }


class ConfirmByCode(SaysWhatIsWrong, ReauthenticateView):
    """Is it still you? By an app's code or a recovery code."""


@method_decorator(confirmed, name="dispatch")
class AddApp(SaysWhatIsWrong, ActivateTOTPView):
    """An app that shows codes."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context = super().get_context_data(**more)
        secret = context["form"].secret
        spoken = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        return {**context, "drawing": qr.svg(context["totp_url"]), "spoken": spoken}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        response = super().form_valid(form)
        [app] = factors.factors_of(self.request.user).filter(type=factors.Type.TOTP)
        proofs.note(self.request, app)
        return response


@method_decorator(confirmed, name="dispatch")
class AddPasskey(SaysWhatIsWrong, AddWebAuthnView):
    """A passkey of this device, of a phone beside it, or on a security key."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        response = super().form_valid(form)
        newest = factors.factors_of(self.request.user).filter(type=factors.Type.WEBAUTHN).last()
        if newest:
            proofs.note(self.request, newest)
        return response

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return {"form": self.get_form(), **super().get_context_data(**more), **more}


@method_decorator([never_cache, login_not_required], name="dispatch")
class SignInWithPasskey(LoginWebAuthnView):
    """Instead of a mailed code: a passkey is both steps in one."""


@method_decorator(never_cache, name="dispatch")
class RecoveryCodes(ViewRecoveryCodesView):
    """Shown once, to be printed or written down."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        then = where_to(self.request)
        return {**super().get_context_data(**more), "then": then, "site": settings.PUBLIC_URL}
