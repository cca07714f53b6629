"""Invitations: somebody gets a sign-in of their own, by e-mail."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loyalty import access, roles
from loyalty.dashboard.pages import form_of, page, said
from loyalty.dashboard.people.colleague_forms import InviteForm, SignInForm
from loyalty.dashboard.people.roster import may_send
from loyalty.dashboard.people.views.colleagues import somebody
from loyalty.dashboard.people.views.people import MANAGER, people_page
from loyalty.invitations import operations
from loyalty.invitations.models import Invitation
from loyalty.models import Role, StaffMember
from loyalty.refusals import Refused
from loyalty.security.lately import confirmed

BESIDE = {  # where a refusal belongs
    operations.WorksHere: "email",
    operations.AlreadyInvited: "email",
    roles.NameTaken: "name",
    roles.ChooseAPlace: "locations",
}


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def invite(request: HttpRequest, shop: str) -> HttpResponse:
    """Somebody new."""
    role = access.role_for(request, shop, level=MANAGER)
    return inviting(request, role, InviteForm(request.POST or None, giver=role))


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def give_sign_in(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """Somebody who stands at the counter already."""
    role = access.role_for(request, shop, level=MANAGER)
    staff = somebody(role, pk, active=True)
    if staff.role_id:
        raise Http404
    return inviting(request, role, SignInForm(request.POST or None, giver=role), staff)


def inviting(
    request: HttpRequest, role: Role, form: SignInForm, staff: StaffMember | None = None
) -> HttpResponse:
    """The form; and once it is right, on to the people, where the invitation waits."""
    if form.is_valid():
        named: dict[str, Any] = {"name": staff.name, "staff": staff} if staff else {}
        try:
            actor = access.owner_of(request, role.shop)
            sent = operations.invite(**form.given, **named, giver=role, actor=actor)
        except Refused as refusal:
            beside = BESIDE.get(type(refusal))
            form.add_error(beside if beside in form.fields else None, str(refusal))
        else:
            said(request, _("The invitation is on its way to %(email)s.") % {"email": sent.email})
            return redirect("owner:people", role.shop.slug)
    status = 422 if form.errors else 200
    return page(
        request, role, "owner/invite.html", nav="more", status=status, form=form, person=staff
    )


def waiting(role: Role, pk: int) -> Invitation:
    """One without an answer that the reader could have sent; every other is a 404."""
    unanswered = Invitation.objects.unanswered().select_related("shop")
    invitation = access.of_shop(role.shop, unanswered, pk=pk)
    if not may_send(role, invitation):
        raise Http404
    return invitation


@form_of("people")
@confirmed
def invite_again(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """A new link and a new week."""
    role = access.role_for(request, shop, level=MANAGER)
    invitation = waiting(role, pk)
    try:
        actor = access.owner_of(request, role.shop)
        operations.send_again(invitation, giver=role, actor=actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return people_page(request, role, status=422)
    told = {"email": invitation.email}
    said(request, _("The invitation is on its way to %(email)s.") % told)
    return redirect("owner:people", shop)


@form_of("people")
def withdraw_invitation(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """Its link is dead at once."""
    role = access.role_for(request, shop, level=MANAGER)
    try:
        operations.withdraw(waiting(role, pk), actor=access.owner_of(request, role.shop))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return people_page(request, role, status=422)
    said(request, _("The invitation was withdrawn."))
    return redirect("owner:people", shop)
