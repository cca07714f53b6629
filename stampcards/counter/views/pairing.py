"""A device becomes a counter, and stops being one."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from loyalty import access
from loyalty.actors import Actor
from loyalty.models import Counter
from loyalty.operations import PairingOver, pair, revoke, waiting_counter
from stampcards.counter import pages
from stampcards.counter.doors import at_a_counter

GONE = 410


@login_not_required  # whoever holds the link of ten minutes may pair the device they hold
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pairing(request: HttpRequest, once: str) -> HttpResponse:
    """The shop and the counter's name, and a button. Only the button pairs."""
    try:
        if request.method != "POST":
            counter = waiting_counter(once)
            access.enter(request, counter.shop)
            return render(request, "counter/pair.html", {"counter": counter, "shop": counter.shop})
        _counter, device = pair(once)
    except PairingOver as over:
        return render(request, "counter/pairing_over.html", {"over": over}, status=GONE)
    response = redirect("counter:home")
    access.remember_counter(response, device)
    return response


@login_not_required  # a paired counter has no login: its cookie is its door
@require_http_methods(["GET", "HEAD", "POST"])
@at_a_counter
def leave(request: HttpRequest, counter: Counter) -> HttpResponse:
    """Asks first: the way back is a new pairing code."""
    if request.method != "POST":
        return pages.answer(request, counter, "_leave")
    revoke(counter, actor=Actor.of_counter(counter))
    return redirect("counter:home")  # with its cookie: it may still hand in what it saved
