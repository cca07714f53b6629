"""When it can't be done: say what happened, then what to do."""

import logging
from collections.abc import Callable

from django.db import InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis.exceptions import RedisError

from loyalty import access
from loyalty.halts.refusals import Halted
from loyalty.security import events

log = logging.getLogger("stamkunde.web")

RETRY_SECONDS = "2"
# Beside what an operation says when it gave up: a lock, a pool or a connection that anything else
# waited for in vain; a database that takes no writes (InternalError, on PostgreSQL); and a cache
# that does not answer. Limits are kept there, and what can't be counted is not allowed. Nothing
# was committed, so it may be asked again.
NOT_NOW = (OperationalError, InternalError, RedisError)


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
        if not (isinstance(error, NOT_NOW) or getattr(error, "ask_again", False)):
            return None
        log.warning("Too busy for %s: %s", request.path, error)
        response = render(request, "503.html", status=503)
        response["Retry-After"] = RETRY_SECONDS
        return response


def refusal(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Not allowed: says whom to ask, and lets a colleague ask there and then."""
    events.note(request, "a smaller role was refused")
    shop = getattr(request, "shop", None)
    owner = access.owner_to_ask(shop) if shop else None
    needs = {"shop": shop, "owner": owner.first_name if owner else ""}
    return render(request, "403.html", needs, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Cookies refused, or the page lay open too long; or another site asks."""
    events.note(request, "a form without its token was refused", reason=reason)
    return render(request, "403_csrf.html", status=403)
