"""The PIN of somebody on the staff: set and removed by whoever looks after the people."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from loyalty import access, pins
from loyalty.dashboard.forms import PinForm
from loyalty.dashboard.pages import form_of, said
from loyalty.dashboard.views.people import MANAGER, people_page
from loyalty.models import Role, StaffMember
from loyalty.refusals import Refused


@sensitive_post_parameters("pin")
@form_of("people")
def set_pin(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """Give somebody a PIN, or a new one."""
    role = access.role_for(request, shop, level=MANAGER)
    staff = somebody_below(role, pk)
    form = PinForm(request.POST, of=staff)
    if form.is_valid():
        try:
            pins.set_pin(staff, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("pin", str(refusal))
        else:
            said(request, _("%(name)s has a new PIN.") % {"name": staff.name})
            return redirect("owner:people", shop)
    return people_page(request, role, status=422, pin_form=form)


@form_of("people")
def remove_pin(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """The name alone is enough again."""
    role = access.role_for(request, shop, level=MANAGER)
    staff = somebody_below(role, pk)
    pins.remove_pin(staff)
    said(request, _("%(name)s needs no PIN any more.") % {"name": staff.name})
    return redirect("owner:people", shop)


def somebody_below(role: Role, pk: int) -> StaffMember:
    """One of the staff, who stands no higher than the reader."""
    active = StaffMember.objects.filter(active=True).select_related("role")
    staff = access.of_shop(role.shop, active, pk=pk)
    if staff.role and not role.covers(Role.Level(staff.role.level)):
        raise PermissionDenied
    return staff
