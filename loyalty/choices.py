"""What a browser remembers of how its owner wants pages: the language, light or dark."""

from django.conf import settings
from django.http import HttpResponse

from loyalty.context import THEMES

A_YEAR = 365 * 24 * 3600


def remember_language(response: HttpResponse, language: str) -> None:
    """As Django's own set_language does it."""
    _remember(response, settings.LANGUAGE_COOKIE_NAME, language)


def remember_theme(response: HttpResponse, theme: str) -> None:
    """ "light" or "dark"; anything else follows the device."""
    if theme not in THEMES:
        response.delete_cookie("theme", samesite="Lax")
        return
    _remember(response, "theme", theme)


def _remember(response: HttpResponse, name: str, value: str) -> None:
    secure = not settings.ON_THIS_MACHINE
    response.set_cookie(name, value, max_age=A_YEAR, secure=secure, samesite="Lax")
