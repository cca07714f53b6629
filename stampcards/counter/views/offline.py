"""What a device keeps to open the till without a connection: one page, and its worker."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from loyalty.models import Counter
from stampcards.counter import pages
from stampcards.counter.doors import at_a_counter


@login_not_required  # a paired counter has no login: its cookie is its door
@require_safe
@at_a_counter
def shell(request: HttpRequest, counter: Counter) -> HttpResponse:
    """The till with nobody's card on it: the one page a device keeps."""
    return pages.ready(request, counter)


@login_not_required  # it knows nothing of anybody
@never_cache
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. Its address is its reach, so it can't lie among the static files."""
    script = settings.BASE_DIR / "static" / "js" / "counter-sw.js"
    return HttpResponse(script.read_bytes(), content_type="text/javascript; charset=utf-8")


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """So that the till can stand on the home screen of a tablet."""
    icons = [
        {"src": static("img/icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("img/icon-512.png"), "sizes": "512x512", "type": "image/png"},
        {
            "src": static("img/icon-512-maskable.png"),
            "sizes": "512x512",
            "type": "image/png",
            "purpose": "maskable",
        },
    ]
    till = reverse("counter:home")
    told = {
        "name": _("Counter"),
        "short_name": _("Counter"),
        "start_url": till,
        "scope": till,
        "display": "standalone",
        "background_color": "#f3f5f3",
        "theme_color": "#f3f5f3",
        "icons": icons,
    }
    return JsonResponse(told, content_type="application/manifest+json")
