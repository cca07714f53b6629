"""The till between two customers: a code comes in, or the line says what was just done."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from loyalty import access
from loyalty.models import Counter
from stampcards.counter import finding, pages
from stampcards.counter.doors import at_a_counter, at_the_till
from stampcards.counter.forms import FindForm


@login_not_required  # a paired counter has no login: its cookie is its door
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """Ready for a code; a post looks one up."""
    return find(request) if request.method == "POST" else ready(request)


@at_the_till
def ready(request: HttpRequest, counter: Counter) -> HttpResponse:
    """Waiting for a code; with `done`, after what was just done."""
    response = pages.after(request, counter, request.GET.get("done", ""), listed=False)
    # A counter in use stays one: its cookie counts from the last visit.
    access.remember_counter(response, request.COOKIES[access.COUNTER_COOKIE])
    return response


@at_a_counter  # the card's own page asks who is on the till, and then shows this very card
def find(request: HttpRequest, counter: Counter) -> HttpResponse:
    """By post, because a wrong guess of six digits is counted."""
    form = FindForm(request.POST)
    if not form.is_valid():
        return pages.ready(request, counter, form=form)
    try:
        card = finding.find(counter, form.cleaned_data["code"])
    except finding.Trouble as trouble:
        # What a camera read is not shown as if somebody had typed it.
        typed = None if form.cleaned_data["scanned"] else form
        return pages.trouble(request, counter, trouble, typed)
    return redirect("counter:card", card.counter_code)
