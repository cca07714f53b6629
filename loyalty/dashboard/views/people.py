"""Staff, counters and places on one page: owners and managers."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from loyalty import access, clock, operations
from loyalty.dashboard import roster
from loyalty.dashboard.forms import CounterForm, LocationForm, PinForm, StaffForm
from loyalty.dashboard.pages import form_of, page, said
from loyalty.models import Location, Role, StaffMember
from loyalty.refusals import Refused

MANAGER = Role.Level.MANAGER


@require_safe
def people(request: HttpRequest, shop: str) -> HttpResponse:
    """Who works here, on which devices, where."""
    return people_page(request, access.role_for(request, shop, level=MANAGER))


def people_page(
    request: HttpRequest,
    role: Role,
    *,
    status: int = 200,
    pin_form: PinForm | None = None,
    **forms: Any,
) -> HttpResponse:
    """The page with its empty forms, or with the one of `forms` that was just refused."""
    shop, now = role.shop, clock.now()
    locations = list(shop.locations.order_by("pk"))
    fresh = {
        "staff_form": StaffForm(auto_id="staff_%s"),
        "counter_form": CounterForm(auto_id="counter_%s", locations=shop.locations.all()),
        "location_forms": [(place, location_form(place)) for place in locations],
    }
    everybody = list(roster.staff_of(shop))
    return page(
        request,
        role,
        "owner/people.html",
        nav="people",
        status=status,
        staff=[(one, pin_form_for(role, one, pin_form)) for one in everybody if one.active],
        former=[person for person in everybody if not person.active],
        counters=roster.counters_in_use(shop),
        removed=roster.counters_removed(shop, now),
        locked=roster.locked_counters(shop, now),
        now=now,
        **{**fresh, **forms},
    )


def pin_form_for(role: Role, person: StaffMember, refused: PinForm | None) -> PinForm | None:
    """The form for a person's PIN; None for somebody who stands above the reader."""
    if person.role and not role.covers(Role.Level(person.role.level)):
        return None
    return refused if refused and refused.of == person else PinForm(of=person)


def location_form(location: Location, data: Any = None) -> LocationForm:
    return LocationForm(data, auto_id=f"location{location.pk}_%s", initial={"name": location.name})


@form_of("people")
def add_staff(request: HttpRequest, shop: str) -> HttpResponse:
    """Take somebody on, by first name."""
    role = access.role_for(request, shop, level=MANAGER)
    form = StaffForm(request.POST, auto_id="staff_%s")
    if form.is_valid():
        try:
            staff = operations.take_on(shop=role.shop, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            said(request, _("%(name)s can now be chosen at the counter.") % {"name": staff.name})
            return redirect("owner:people", shop)
    return people_page(request, role, status=422, staff_form=form)


@form_of("people")
def dismiss(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """Let somebody go, at once. Nobody lets go who stands above them."""
    role = access.role_for(request, shop, level=MANAGER)
    staff = access.of_shop(role.shop, StaffMember.objects.select_related("role"), pk=pk)
    if staff.role and not role.covers(Role.Level(staff.role.level)):
        raise PermissionDenied
    try:
        operations.dismiss(staff)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return people_page(request, role, status=422)
    if staff.role_id == role.pk:  # themselves: this shop is no longer theirs to see
        return redirect("owner:shops")
    back = reverse("owner:take_on_again", args=[shop, pk])
    said(request, _("%(name)s was removed from the staff.") % {"name": staff.name}, undo=back)
    return redirect("owner:people", shop)


@form_of("people")
def take_on_again(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """Take a dismissal back."""
    role = access.role_for(request, shop, level=MANAGER)
    staff = access.of_shop(role.shop, StaffMember.objects.select_related("role"), pk=pk)
    if staff.role and not role.covers(Role.Level(staff.role.level)):
        raise PermissionDenied
    try:
        operations.take_on_again(staff)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return people_page(request, role, status=422)
    said(request, _("%(name)s is back on the staff.") % {"name": staff.name})
    return redirect("owner:people", shop)


@form_of("people")
def rename_location(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """What customers and staff call a place."""
    role = access.role_for(request, shop, level=MANAGER)
    location = access.of_shop(role.shop, Location.objects.all(), pk=pk)
    form = location_form(location, request.POST)
    if form.is_valid():
        operations.rename_location(location, **form.cleaned_data)
        said(request, _("The location is now called %(name)s.") % {"name": location.name})
        return redirect("owner:people", shop)
    others = role.shop.locations.order_by("pk")
    forms = [(place, form if place == location else location_form(place)) for place in others]
    return people_page(request, role, status=422, location_forms=forms)
