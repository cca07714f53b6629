"""The shop itself: what it is called and where it is, on pause or open; and the way to the rest."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from loyalty import access
from loyalty.dashboard.more import Way
from loyalty.dashboard.pages import form_of, page, said
from loyalty.dashboard.settings.forms import ShopForm
from loyalty.dashboard.switching import switch
from loyalty.models import Role
from loyalty.refusals import Refused
from members.shops import change_shop, has_booked, pause_shop, resume_shop

OWNER, MANAGER = Role.Level.OWNER, Role.Level.MANAGER

# The other pages of the settings, a line each.
SECTIONS = [
    Way(
        "brand",
        "palette",
        gettext_lazy("Logo and colour"),
        gettext_lazy("What your cards, pages and posters look like."),
        OWNER,
    ),
    Way(
        "export",
        "download",
        gettext_lazy("Take everything along"),
        gettext_lazy("All that is stored about your shop, in one file."),
        OWNER,
    ),
    Way(
        "privacy",
        "lock",
        gettext_lazy("Privacy"),
        gettext_lazy("What your customers read about their data, and what they chose."),
        OWNER,
    ),
    Way(
        "log",
        "clock-history",
        gettext_lazy("Log"),
        gettext_lazy("Who did what, when, where and why."),
        OWNER,
    ),
]


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, shop: str) -> HttpResponse:
    """What the shop is called, and where it is."""
    role = access.role_for(request, shop, level=OWNER)
    form = ShopForm(request.POST or None, shop=role.shop, fixed=has_booked(role.shop))
    if request.method == "POST" and form.is_valid():
        try:
            change_shop(access.owner_of(request, role.shop), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            said(request, _("Saved."))
            return redirect("owner:settings", shop)
    return page(
        request,
        role,
        "owner/settings.html",
        nav="more",
        status=422 if form.errors else 200,
        form=form,
        sections=SECTIONS,
    )


@form_of("settings")
def pause(request: HttpRequest, shop: str) -> HttpResponse:
    """Nobody joins and nobody collects."""
    told = _("Your shop is on pause. Rewards can still be handed out.")
    return switch(request, shop, pause_shop, told, page="settings", undo="resume_shop")


@form_of("settings")
def resume(request: HttpRequest, shop: str) -> HttpResponse:
    """Everything goes on."""
    told = _("Your shop runs again. Members collect from now on.")
    return switch(request, shop, resume_shop, told, page="settings", undo="pause_shop")
