"""Where a counter that is back hands in what it saved; JSON, because a script asks."""

import json
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from loyalty import access
from loyalty.models import Counter
from stampcards.counter import late
from stampcards.counter.finding import TypingPaused
from stampcards.counter.late_forms import ReportForm, SavedForm

ASK_AGAIN = 429


@login_not_required  # the device's cookie is its door; a revoked one may still hand in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: HttpRequest) -> JsonResponse:
    """Who this device is and a fresh CSRF token; by post, what it saved."""
    device = access.device_of(request)
    if device is None:
        return JsonResponse({"till": None}, status=401)
    access.enter(request, device.shop)
    known = {"till": device.pk, "signed_out": device.revoked_at is not None}
    if request.method != "POST":
        return JsonResponse({**known, "csrf": get_token(request)})
    return take_in(device, _read(request), known)


def take_in(device: Counter, sent: dict[str, Any], known: dict[str, Any]) -> JsonResponse:
    """One action, if one is sent, and the account of all numbers. Repeats the action's key."""
    report = ReportForm(sent)
    saved = SavedForm({**sent["item"], "store": sent.get("store")}) if sent.get("item") else None
    if not report.is_valid() or (saved and not saved.is_valid()):
        return JsonResponse({**known, "state": "unreadable"}, status=400)
    told = report.cleaned_data
    answer = {}
    top = late.note_wiped(device, **told)
    if saved:
        try:
            answer = late.told(late.take_in(device, saved.saved()))
        except TypingPaused:
            return JsonResponse({**known, "state": "later"}, status=ASK_AGAIN)
        except late.NotOurs:
            return JsonResponse({**known, "state": "elsewhere"}, status=409)
    late.note_missing(device, given=told["given"], waiting=told["waiting"])
    return JsonResponse({**known, "given": max(top, told["given"]), **answer})


def _read(request: HttpRequest) -> dict[str, Any]:
    """The JSON of a post; anything else is an empty answer to every question."""
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    item = sent.get("item") if isinstance(sent, dict) else None
    return sent if isinstance(sent, dict) and isinstance(item, dict | None) else {}
