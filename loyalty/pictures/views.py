"""A picture as a file of its own, for whoever has its address."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from django_scopes import scopes_disabled

from loyalty.pictures.models import Picture

HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    # In place of the site's: opened by itself it does nothing, and nobody frames it.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


@login_not_required
@require_safe
def show_picture(request: HttpRequest, name: str) -> HttpResponse:
    """The WebP itself. Other shops' pictures too: they are on pages anybody may read."""
    with scopes_disabled():
        picture = get_object_or_404(Picture, name=name)
    return HttpResponse(picture.data, content_type="image/webp", headers=HEADERS)
