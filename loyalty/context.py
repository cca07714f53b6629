"""What every page knows about how it looks."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from loyalty import colours

THEMES = ("light", "dark")
# Browsers take a cookie of such a name over https only, and from this very host.
COOKIES = "" if settings.ON_THIS_MACHINE else "__Host-"


def look(request: HttpRequest) -> dict[str, Any]:
    theme = request.COOKIES.get(f"{COOKIES}theme")
    shop = getattr(request, "shop", None)
    return {
        "theme": theme if theme in THEMES else "",
        "brand_css": shop and reverse("brand", args=[shop.slug, colours.version(shop.accent)]),
        "demo": settings.DEMO,
    }
