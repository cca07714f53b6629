"""What a browser remembers of how its owner wants pages: the language, light or dark, and whether
a till is heard and felt when its camera has read a code."""

from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse

from loyalty.context import COOKIES, THEMES


class Messages(CookieStorage):
    """What the next page says: "Signed out: Chrome on Windows"."""

    cookie_name = f"{COOKIES}messages"


A_YEAR = 365 * 24 * 3600


def remember_language(response: HttpResponse, language: str) -> None:
    """As Django's own set_language does it."""
    _remember(response, settings.LANGUAGE_COOKIE_NAME, language)


def remember_theme(response: HttpResponse, theme: str) -> None:
    """ "light" or "dark"; anything else follows the device."""
    if theme not in THEMES:
        response.delete_cookie(f"{COOKIES}theme", samesite="Lax")
        return
    _remember(response, f"{COOKIES}theme", theme)


def remember_signals(response: HttpResponse, *, sound: bool, vibration: bool) -> None:
    """How a till says that its camera has read a code. Its own scripts read these."""
    _remember(response, f"{COOKIES}sound", "on" if sound else "off")
    _remember(response, f"{COOKIES}vibration", "on" if vibration else "off")


def of_device(request: HttpRequest) -> dict[str, Any]:
    """All of it but the language. Nobody has chosen: as the device has it, silent, but felt."""
    return {
        "theme": request.COOKIES.get(f"{COOKIES}theme", ""),
        "sound": request.COOKIES.get(f"{COOKIES}sound") == "on",
        "vibration": request.COOKIES.get(f"{COOKIES}vibration") != "off",
    }


def _remember(response: HttpResponse, name: str, value: str) -> None:
    secure = not settings.ON_THIS_MACHINE
    response.set_cookie(name, value, max_age=A_YEAR, secure=secure, samesite="Lax")
