"""The page "Sign-in and devices": how somebody signs in, and where they are."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from loyalty.security import factors, sessions

GET_OR_POST = ["GET", "HEAD", "POST"]


@never_cache
@require_safe
def devices(request: Any) -> HttpResponse:
    """E-mail, second factor, and every browser that is signed in."""
    mine = list(factors.factors_of(request.user))
    context = {
        "passkeys": [factor for factor in mine if factor.type == factors.Type.WEBAUTHN],
        "app": next((factor for factor in mine if factor.type == factors.Type.TOTP), None),
        "codes_left": codes_left(request) if mine else None,
        "sessions": [
            (each, sessions.device(each.user_agent)) for each in sessions.sessions_of(request)
        ],
    }
    return render(request, "account/devices.html", context)


def codes_left(request: HttpRequest) -> int:
    """How many recovery codes were not used yet."""
    kept = Authenticator.objects.filter(user=request.user, type=factors.Type.RECOVERY_CODES)
    codes = kept.first()
    return len(codes.wrap().get_unused_codes()) if codes else 0


@require_http_methods(GET_OR_POST)
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign one browser out."""
    if request.method == "POST":
        ended = sessions.end(request, pk)
        told = {"device": sessions.device(ended.user_agent)}
        messages.success(request, _("Signed out: %(device)s.") % told)
    return redirect("account_devices")


@require_http_methods(GET_OR_POST)
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    if request.method == "POST":
        sessions.end_others(request)
        messages.success(request, _("You are signed in here only."))
    return redirect("account_devices")
