"""The address inside a card's QR: the sheet for a counter, a friendly nothing for all others."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from loyalty import access
from members.access import own_card
from stampcards.counter import finding


@login_not_required  # anybody may photograph a card; they learn which shop it is of
@never_cache
@require_safe
def code(request: HttpRequest, code: str) -> HttpResponse:
    """Opening it changes nothing, whoever opens it."""
    if access.paired_counter(request):
        return redirect("counter:card", code)
    shop = finding.shop_of(code)
    if shop is None:
        return render(request, "counter/code.html", status=404)
    access.enter(request, shop)
    card = own_card(request, shop)
    return render(request, "counter/code.html", {"shop": shop, "own": card and card.private})
