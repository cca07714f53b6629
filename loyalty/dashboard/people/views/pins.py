"""The PIN of somebody on the staff: set and removed by whoever looks after the people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from loyalty import access, pins
from loyalty.dashboard.pages import form_of, said
from loyalty.dashboard.people.forms import PinForm
from loyalty.dashboard.people.views.colleagues import colleague_page, somebody
from loyalty.dashboard.people.views.people import MANAGER
from loyalty.refusals import Refused
from loyalty.security.lately import confirmed


@sensitive_post_parameters("pin")
@form_of("colleague", "pk")
@confirmed
def set_pin(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """Give somebody a PIN, or a new one."""
    role = access.role_for(request, shop, level=MANAGER)
    staff = somebody(role, pk, active=True)
    form = PinForm(request.POST, of=staff)
    if form.is_valid():
        try:
            pins.set_pin(staff, **form.cleaned_data, actor=access.owner_of(request, role.shop))
        except Refused as refusal:
            form.add_error("pin", str(refusal))
        else:
            said(request, _("%(name)s has a new PIN.") % {"name": staff.name})
            return redirect("owner:colleague", shop, pk)
    return colleague_page(request, role, staff, status=422, pin_form=form)


@form_of("colleague", "pk")
@confirmed
def remove_pin(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """The name alone is enough again."""
    role = access.role_for(request, shop, level=MANAGER)
    staff = somebody(role, pk, active=True)
    pins.remove_pin(staff, actor=access.owner_of(request, role.shop))
    said(request, _("%(name)s needs no PIN any more.") % {"name": staff.name})
    return redirect("owner:colleague", shop, pk)
