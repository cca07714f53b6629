"""When it can't be done: say what happened, then what to do."""

import logging
from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from loyalty import access
from loyalty.halts.refusals import Halted

log = logging.getLogger("stamkunde.web")

RETRY_SECONDS = "2"


class PatienceMiddleware:
    """A database that is too busy is a 503 with Retry-After: never "failed", never "done".

    So is what is halted for now, on pages that expect no refusal.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Halted):
            return render(request, "halted.html", {"why": str(error)}, status=503)
        # Beside what an operation says when it gave up: a lock, a pool or a connection that
        # anything else waited for in vain. Nothing was committed, so it may be asked again.
        if not (isinstance(error, OperationalError) or getattr(error, "ask_again", False)):
            return None
        log.warning("Too busy for %s: %s", request.path, error)
        response = render(request, "503.html", status=503)
        response["Retry-After"] = RETRY_SECONDS
        return response


def refusal(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Not allowed: says whom to ask, and lets a colleague ask there and then."""
    shop = getattr(request, "shop", None)
    owner = access.owner_to_ask(shop) if shop else None
    needs = {"shop": shop, "owner": owner.first_name if owner else ""}
    return render(request, "403.html", needs, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Cookies refused, or the page lay open too long."""
    return render(request, "403_csrf.html", status=403)
