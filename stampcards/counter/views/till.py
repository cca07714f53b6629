"""The till between two customers: a code comes in, or the line says what was just done."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from loyalty import access
from loyalty.models import Counter
from stampcards.counter import pages
from stampcards.counter.doors import at_the_till
from stampcards.counter.views import looking


@login_not_required  # a paired counter has no login: its cookie is its door
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """Ready for a code; a post looks one up."""
    return looking.find(request) if request.method == "POST" else ready(request)


@at_the_till
def ready(request: HttpRequest, counter: Counter) -> HttpResponse:
    """Waiting for a code; with `done`, after what was just done."""
    response = pages.after(request, counter, request.GET.get("done", ""), listed=False)
    # A counter in use stays one: its cookie counts from the last visit.
    access.remember_counter(response, request.COOKIES[access.COUNTER_COOKIE])
    return response
