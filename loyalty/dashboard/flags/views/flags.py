"""What is worth a look: owners and managers. Evidence, never a verdict; it can be off."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from loyalty import access, clock
from loyalty.dashboard.flags.forms import HoursForm, ThresholdsForm
from loyalty.dashboard.flags.unusual import days_of
from loyalty.dashboard.pages import form_of, page, said
from loyalty.dashboard.switching import switch
from loyalty.models import Location, Role
from members.guard import operations
from members.guard.hours import without_hours
from members.guard.models import GuardSettings

MANAGER, OWNER = Role.Level.MANAGER, Role.Level.OWNER


@require_safe
def flags(request: HttpRequest, shop: str) -> HttpResponse:
    """The last seven days. Switched off, nothing is looked at."""
    role = access.role_for(request, shop, level=MANAGER)
    settings = GuardSettings.of(role.shop)
    return page(
        request,
        role,
        "owner/flags.html",
        nav="more",
        on=settings.on,
        days=days_of(role.shop, settings, clock.now()),
        without_hours=settings.on and without_hours(role.shop),
    )


@form_of("flags")
def flags_off(request: HttpRequest, shop: str) -> HttpResponse:
    """Stop looking."""
    off = partial(operations.switch, on=False)
    return switch(request, shop, off, _("Switched off."), page="flags", undo="flags_on")


@form_of("flags")
def flags_on(request: HttpRequest, shop: str) -> HttpResponse:
    """Look again."""
    on = partial(operations.switch, on=True)
    return switch(request, shop, on, _("Switched on."), page="flags", undo="flags_off")


@require_http_methods(["GET", "HEAD", "POST"])
def flag_settings(request: HttpRequest, shop: str) -> HttpResponse:
    """The thresholds, beside the opening hours of each place."""
    role = access.role_for(request, shop, level=OWNER)
    form = ThresholdsForm(request.POST or None, settings=GuardSettings.of(role.shop))
    if request.method == "POST" and form.is_valid():
        operations.set_thresholds(access.owner_of(request, role.shop), **form.cleaned_data)
        said(request, _("Saved."))
        return redirect("owner:flags", shop)
    return settings_page(request, role, thresholds=form)


@form_of("flag_settings")
def opening_hours(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """When one place is open."""
    role = access.role_for(request, shop, level=OWNER)
    location = access.of_shop(role.shop, Location.objects.prefetch_related("hours"), pk=pk)
    form = HoursForm(request.POST, location=location)
    if form.is_valid():
        operations.set_hours(location, form.hours(), actor=access.owner_of(request, role.shop))
        said(request, _("Opening hours saved."))
        return redirect("owner:flag_settings", shop)
    return settings_page(request, role, hours=form, of=location)


def settings_page(
    request: HttpRequest,
    role: Role,
    *,
    thresholds: ThresholdsForm | None = None,
    hours: HoursForm | None = None,
    of: Location | None = None,
) -> HttpResponse:
    """The page with its forms as they are, or with the one that was just refused."""
    form = thresholds or ThresholdsForm(settings=GuardSettings.of(role.shop))
    places = role.shop.locations.prefetch_related("hours").order_by("pk")
    hours_forms: list[tuple[Location, Any]] = [
        (place, hours if place == of else HoursForm(location=place)) for place in places
    ]
    wrong = form.errors or (hours and hours.errors)
    return page(
        request,
        role,
        "owner/flag_settings.html",
        nav="more",
        status=422 if wrong else 200,
        form=form,
        hours_forms=hours_forms,
    )
