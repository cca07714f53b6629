"""One colleague: name, role and places, gone and back, and the shop in other hands."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from loyalty import access, clock, operations, roles
from loyalty.dashboard.pages import form_of, page, said
from loyalty.dashboard.people import roster
from loyalty.dashboard.people.colleague_forms import ColleagueNameForm, HandOverForm, RoleForm
from loyalty.dashboard.people.forms import PinForm
from loyalty.dashboard.people.views.people import MANAGER, people_page
from loyalty.models import Role, StaffMember
from loyalty.refusals import Refused
from loyalty.security.lately import confirmed

OWNER = Role.Level.OWNER


def somebody(role: Role, pk: int, *, active: bool | None = None) -> StaffMember:
    """A colleague the reader looks after, or themselves.

    Somebody of places they do not see is a 404, somebody above them a 403.
    """
    everybody = StaffMember.objects.select_related("role__person", "role__shop")
    known = everybody if active is None else everybody.filter(active=active)
    staff = access.of_shop(role.shop, known, pk=pk)
    if not roles.may_see(role, staff.role):
        raise Http404
    if staff.role_id != role.pk and not roles.may_look_after(role, staff.role):
        raise PermissionDenied
    return staff


@require_safe
def colleague(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """All there is to see and to change about one of them."""
    role = access.role_for(request, shop, level=MANAGER)
    return colleague_page(request, role, somebody(role, pk))


def colleague_page(
    request: HttpRequest, role: Role, staff: StaffMember, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """The page with its forms as things are, or with the one of `forms` that was just refused."""
    theirs = staff.role
    changes = theirs is not None and roles.may_look_after(role, theirs)
    gives_away = role.level == OWNER and theirs is not None and theirs.level != OWNER
    fresh = {
        "name_form": ColleagueNameForm(initial={"name": staff.name}, auto_id="name_%s"),
        "pin_form": PinForm(of=staff),
        "role_form": role_form(role, theirs) if theirs and changes else None,
        "hand_over_form": HandOverForm(auto_id="hand_over_%s") if gives_away else None,
    }
    return page(
        request,
        role,
        "owner/colleague.html",
        nav="more",
        status=status,
        person=staff,
        places=roster.names_of_places(theirs) if theirs else [],
        is_reader=staff.role_id == role.pk,
        waiting=roster.invited(role, clock.now(), staff=staff),
        now=clock.now(),
        **{**fresh, **forms},
    )


def beside(refusal: Refused, form: RoleForm) -> str:
    """The field it is about."""
    no_place = isinstance(refusal, roles.ChooseAPlace) and "locations" in form.fields
    return "locations" if no_place else "level"


def role_form(giver: Role, role: Role, data: Any = None) -> RoleForm:
    initial = {"level": role.level, "locations": role.locations.all()}
    return RoleForm(data, giver=giver, initial=initial)


@form_of("colleague", "pk")
def rename_colleague(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """What they are called at the counter."""
    role = access.role_for(request, shop, level=MANAGER)
    staff = somebody(role, pk)
    form = ColleagueNameForm(request.POST, auto_id="name_%s")
    before = staff.name
    if form.is_valid():
        try:
            actor = access.owner_of(request, role.shop)
            roles.rename(staff, **form.cleaned_data, actor=actor)
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            said(request, _("The name was saved."))
            return redirect("owner:colleague", shop, pk)
    staff.name = before
    return colleague_page(request, role, staff, status=422, name_form=form)


@form_of("colleague", "pk")
@confirmed
def change_role(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """More, less, or elsewhere."""
    role = access.role_for(request, shop, level=MANAGER)
    staff = somebody(role, pk, active=True)
    if staff.role is None or not roles.may_look_after(role, staff.role):
        raise PermissionDenied
    form = role_form(role, staff.role, request.POST)
    if form.is_valid():
        try:
            actor = access.owner_of(request, role.shop)
            roles.change_role(staff.role, **form.given, giver=role, actor=actor)
        except Refused as refusal:
            form.add_error(beside(refusal, form), str(refusal))
        else:
            said(request, _("The role was saved."))
            return redirect("owner:people", shop)
    return colleague_page(request, role, staff, status=422, role_form=form)


@form_of("colleague", "pk")
@confirmed
def hand_over(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """Somebody else owns the shop from now on."""
    role = access.role_for(request, shop, level=OWNER)
    staff = somebody(role, pk, active=True)
    if staff.role is None:
        raise Http404
    form = HandOverForm(request.POST, auto_id="hand_over_%s")
    if form.is_valid():
        try:
            actor = access.owner_of(request, role.shop)
            roles.hand_over_shop(staff.role, giver=role, actor=actor)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            said(request, _("%(name)s owns the shop now.") % {"name": staff.name})
            return redirect("owner:people", shop)
    return colleague_page(request, role, staff, status=422, hand_over_form=form)


@form_of("people")
@confirmed
def dismiss(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """Let somebody go, at once. Nobody lets go who stands above them."""
    role = access.role_for(request, shop, level=MANAGER)
    staff = somebody(role, pk)
    try:
        operations.dismiss(staff, actor=access.owner_of(request, role.shop))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return people_page(request, role, status=422)
    if staff.role_id == role.pk:  # themselves: this shop is no longer theirs to see
        return redirect("owner:shops")
    back = reverse("owner:take_on_again", args=[shop, pk])
    said(request, _("%(name)s was removed from the staff.") % {"name": staff.name}, undo=back)
    return redirect("owner:people", shop)


@form_of("people")
@confirmed
def take_on_again(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """Take a dismissal back."""
    role = access.role_for(request, shop, level=MANAGER)
    staff = somebody(role, pk)
    try:
        operations.take_on_again(staff, actor=access.owner_of(request, role.shop))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return people_page(request, role, status=422)
    said(request, _("%(name)s is back on the staff.") % {"name": staff.name})
    return redirect("owner:people", shop)
