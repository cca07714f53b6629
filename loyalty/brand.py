"""The shop's colour as a file of its own: no inline style, cached for ever under its hash."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from loyalty import colours
from loyalty.models import Shop


@login_not_required
@require_safe
def brand_css(request: HttpRequest, shop: str, version: str) -> HttpResponse:
    """The tokens made of the shop's colour. A shop still being set up previews with it too."""
    accent = get_object_or_404(Shop, slug=shop).accent
    response = HttpResponse(colours.css(accent), content_type="text/css; charset=utf-8")
    current = version == colours.version(accent)
    response["Cache-Control"] = "public, max-age=31536000, immutable" if current else "no-cache"
    return response
