"""What this browser has proved, and when: allauth's records in the session."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings

from loyalty import clock


def signed_in_lately(request: Any) -> bool:
    """Within five minutes: by a mailed code, a passkey or an app's code."""
    limit = clock.now().timestamp() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    return any(record["at"] > limit for record in records)


def signed_in_too_long_ago(request: Any) -> bool:
    """Thirty days after they last proved who they are, whatever happened in between."""
    limit = clock.now().timestamp() - settings.SIGNED_IN_SECONDS
    records = get_authentication_records(request, request.user)
    return bool(records) and all(record["at"] < limit for record in records)


def has_proved_a_factor(request: Any) -> bool:
    """Signing in or since. A browser that was signed in before there was one, has not."""
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records)


def note(request: Any, factor: Authenticator) -> None:
    """Whoever has just set one up has it in their hands."""
    record_authentication(request, factor.user, "mfa", id=factor.pk, type=factor.type)
