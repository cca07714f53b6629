"""Everybody who works here, the counters and the places: owners and managers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from loyalty import access, clock, operations
from loyalty.dashboard.pages import form_of, page, said
from loyalty.dashboard.people import roster
from loyalty.dashboard.people.forms import CounterForm, LocationForm, StaffForm
from loyalty.models import Location, Role
from loyalty.refusals import Refused
from loyalty.security.lately import confirmed

MANAGER = Role.Level.MANAGER


@require_safe
def people(request: HttpRequest, shop: str) -> HttpResponse:
    """Who works here, on which devices, where."""
    return people_page(request, access.role_for(request, shop, level=MANAGER))


def people_page(
    request: HttpRequest, role: Role, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """The page with its empty forms, or with the one of `forms` that was just refused.

    A manager of some places sees who and what is there.
    """
    shop, now, locations = role.shop, clock.now(), list(role.places())
    fresh = {
        "staff_form": StaffForm(auto_id="staff_%s"),
        "counter_form": CounterForm(auto_id="counter_%s", locations=role.places()),
        "location_forms": [(place, location_form(place)) for place in locations],
    }
    everybody = roster.colleagues(role)
    return page(
        request,
        role,
        "owner/people.html",
        nav="more",
        status=status,
        colleagues=[each for each in everybody if each.staff.active],
        former=[each for each in everybody if not each.staff.active and each.may_change],
        several_places=shop.locations.count() > 1,
        invited=roster.invited(role, now),
        counters=roster.counters_in_use(shop).filter(location__in=locations),
        removed=roster.counters_removed(shop, now).filter(location__in=locations),
        locked=roster.locked_counters(shop, now).filter(counter__location__in=locations),
        now=now,
        **{**fresh, **forms},
    )


def location_form(location: Location, data: Any = None) -> LocationForm:
    return LocationForm(data, auto_id=f"location{location.pk}_%s", initial={"name": location.name})


@form_of("people")
@confirmed
def add_staff(request: HttpRequest, shop: str) -> HttpResponse:
    """Take somebody on, by first name."""
    role = access.role_for(request, shop, level=MANAGER)
    form = StaffForm(request.POST, auto_id="staff_%s")
    if form.is_valid():
        try:
            staff = operations.take_on(
                **form.cleaned_data, actor=access.owner_of(request, role.shop)
            )
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            said(request, _("%(name)s can now be chosen at the counter.") % {"name": staff.name})
            return redirect("owner:people", shop)
    return people_page(request, role, status=422, staff_form=form)


@form_of("people")
def rename_location(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """What customers and staff call a place."""
    role = access.role_for(request, shop, level=MANAGER)
    location = access.of_shop(role.shop, role.places(), pk=pk)
    form = location_form(location, request.POST)
    if form.is_valid():
        actor = access.owner_of(request, role.shop)
        operations.rename_location(location, **form.cleaned_data, actor=actor)
        said(request, _("The location is now called %(name)s.") % {"name": location.name})
        return redirect("owner:people", shop)
    others = role.places()
    forms = [(place, form if place == location else location_form(place)) for place in others]
    return people_page(request, role, status=422, location_forms=forms)
