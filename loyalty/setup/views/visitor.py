"""Set-up as seen by somebody we may not know yet: step 1, and the colours of a preview."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from loyalty import colours
from loyalty.models import Shop
from loyalty.setup import operations, progress
from loyalty.setup.forms import ShopForm, StartForm
from loyalty.signin import send_code, typed_email
from stampcards.colour_form import HEX

PREVIEW = ".preview"  # the part of a page that wears a colour nobody has saved


@never_cache  # going back shows the e-mail typed last
@login_not_required
@require_http_methods(["GET", "POST"])
def begin(request: Any) -> HttpResponse:
    """Step 1: the shop's name, and an e-mail for those who are not signed in."""
    known = request.user.is_authenticated
    form = (ShopForm if known else StartForm)(request.POST or None, initial=_typed(request))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        progress.begin(request, name=typed["name"], country=typed["country"])
        if known:
            return redirect("start:trade")
        return send_code(request, email=typed["email"], then=reverse("start:trade"))
    waiting = operations.unfinished(request.user).first() if known else None
    country = dict(Shop.Country.choices).get(form["country"].value())
    context = {"form": form, "waiting": waiting, "country": country}
    return render(request, "setup/begin.html", context, status=422 if form.errors else 200)


@login_not_required
@require_safe
def colour(request: HttpRequest, colour: str) -> HttpResponse:
    """A colour nobody has saved, for the preview only: a file of its own, as all our styles are."""
    accent = f"#{colour}"
    if not HEX.match(accent):
        raise Http404
    style = colours.css(accent, scope=PREVIEW)
    response = HttpResponse(style, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=86400"
    return response


def _typed(request: HttpRequest) -> dict[str, str]:
    kept = progress.kept(request)
    return {
        "name": kept.get("name", ""),
        "email": typed_email(request),
        "country": kept.get("country") or progress.country_of(request),
    }
