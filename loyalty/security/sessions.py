"""Where somebody is signed in, in words."""

import re

from allauth.usersessions.internal.flows.sessions import end_other_sessions, end_sessions
from allauth.usersessions.models import UserSession
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

# The first that fits: most browsers also name those they once looked like.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox|FxiOS": "Firefox",
    "Chrome|CriOS": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def device(user_agent: str) -> str:
    """Chrome on Windows. What says nothing of itself is a browser."""
    browser = _first(BROWSERS, user_agent)
    system = _first(SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A browser")


def _first(names: dict[str, str], user_agent: str) -> str:
    return next((name for sign, name in names.items() if re.search(sign, user_agent)), "")


def sessions_of(request: HttpRequest) -> list[UserSession]:
    """Where the reader is signed in, this browser first, then the newest."""
    alive = UserSession.objects.purge_and_list(request.user)
    newest = sorted(alive, key=lambda session: session.created_at, reverse=True)
    return sorted(newest, key=lambda session: not session.is_current())


def end(request: HttpRequest, pk: int) -> UserSession:
    """Sign one of the reader's browsers out; somebody else's is a 404."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    end_sessions(request, [session])
    return session


def end_others(request: HttpRequest) -> None:
    """Stay signed in here, and nowhere else."""
    end_other_sessions(request, request.user)
