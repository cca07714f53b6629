"""A lost link: an e-mail, a code, and every card saved with it, whatever the shop."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from loyalty.signin import send_code
from members import access
from members.joining.forms import HaveCardForm


@login_not_required
@access.no_ambient_authority
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Get my card back. Who has one, only the mail says."""
    form = HaveCardForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return send_code(request, email=form.cleaned_data["email"], then=reverse("card:own"))
    status = 422 if form.errors else 200
    return render(request, "members/card/find.html", {"form": form}, status=status)


@login_not_required
@never_cache
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """The cards of the person signed in: the only one at once, several as their clubs."""
    if not request.user.is_authenticated:
        return redirect("card:find")
    cards = access.cards_of_person(request.user)
    return redirect("card:card", cards[0].private) if len(cards) == 1 else redirect("clubs")
