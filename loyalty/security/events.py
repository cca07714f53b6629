"""What a sign-in was, and what was refused: a line each in the log.

People are numbers there, and no line has a code, a link or an e-mail address.
"""

import logging
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa import signals as factor_signals
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

log = logging.getLogger("stamkunde.security")


def note(request: HttpRequest, what: str, **more: object) -> None:
    """Who, from which address, on which page. The line begins with what happened."""
    who = getattr(request, "user", None)
    told = {"person": who.pk if who else None, "from": _address(request), "page": request.path}
    log.info("%s: %s", what, " ".join(f"{k}={v}" for k, v in {**told, **more}.items()))


def listen() -> None:
    """Django and allauth say what they do."""
    user_logged_in.connect(_signed_in, dispatch_uid="events")
    user_logged_out.connect(_signed_out, dispatch_uid="events")
    factor_signals.authenticator_added.connect(_factor_added, dispatch_uid="events")
    factor_signals.authenticator_removed.connect(_factor_removed, dispatch_uid="events")
    factor_signals.authenticator_used.connect(_factor_used, dispatch_uid="events")


def _signed_in(request: Any, user: Any, **more: Any) -> None:
    note(request, "signed in", person=user.pk)


def _signed_out(request: Any, user: Any, **more: Any) -> None:
    note(request, "signed out", person=user.pk if user else None)


def _factor_added(request: Any, authenticator: Any, **more: Any) -> None:
    note(request, "a second factor was added", kind=authenticator.type)


def _factor_removed(request: Any, authenticator: Any, **more: Any) -> None:
    note(request, "a second factor was removed", kind=authenticator.type)


def _factor_used(request: Any, authenticator: Any, **more: Any) -> None:
    note(request, "a second factor was used", kind=authenticator.type)


def _address(request: HttpRequest) -> str:
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:  # no proxy of ours told it
        return "unknown"
