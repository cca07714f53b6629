"""The page behind the link: who invites to what, and then yes."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from loyalty import access, signin
from loyalty.invitations import operations
from loyalty.invitations.models import Invitation
from loyalty.models import Role
from loyalty.refusals import Refused

View = Callable[..., HttpResponse]
GONE, UNPROCESSABLE = 410, 422


def with_the_link(view: View) -> View:
    """Whoever holds the link of a week may read it; what is none is a 404, used or old ones say so.

    Only the address it was sent to can accept, so all this shows is who invites to what.
    """

    @login_not_required
    @never_cache
    @wraps(view)
    def opened(request: HttpRequest, secret: str) -> HttpResponse:
        invitation = operations.invitation_of(secret)
        if invitation is None:
            raise Http404
        access.enter(request, invitation.shop)
        if works_here(request, invitation):
            return page(request, invitation, "invitations/works_here.html")
        try:
            operations.refuse_over(invitation)
        except operations.InvitationOver as over:
            return page(request, invitation, "invitations/over.html", status=GONE, over=over)
        return view(request, invitation, secret)

    return opened


def works_here(request: Any, invitation: Invitation) -> bool:
    """Is it the reader's own, who has a role here? They accepted it, or had one before."""
    reader = request.user
    mine = reader.is_authenticated and operations.is_for(invitation, reader)
    active = Role.objects.active().filter(shop=invitation.shop, person_id=reader.pk)
    return mine and active.exists()


def page(
    request: Any, invitation: Invitation, template: str, *, status: int = 200, **needs: Any
) -> HttpResponse:
    context = {**needs, "shop": invitation.shop, "invitation": invitation}
    return render(request, template, context, status=status)


def asking(request: Any, invitation: Invitation, secret: str, **more: Any) -> HttpResponse:
    """Who invites to what, and the one button that fits whoever reads it."""
    reader = request.user
    mine = reader.is_authenticated and operations.is_for(invitation, reader)
    needs = {**operations.about(invitation), "secret": secret, "mine": mine, **more}
    return page(request, invitation, "invitations/show.html", **needs)


@with_the_link
@require_safe
def show(request: HttpRequest, invitation: Invitation, secret: str) -> HttpResponse:
    """Opening it changes nothing."""
    return asking(request, invitation, secret)


def of_its_page(view: View) -> View:
    """A form that stands on the page; whoever comes without it is shown the page."""

    @wraps(view)
    def posted(request: HttpRequest, invitation: Invitation, secret: str) -> HttpResponse:
        if request.method != "POST":
            return redirect("invitation:show", secret)
        return view(request, invitation, secret)

    return posted


@with_the_link
@of_its_page
def send_code(request: HttpRequest, invitation: Invitation, secret: str) -> HttpResponse:
    """To the address it was sent to, and to no other: so a link passed on is of no use."""
    back = reverse("invitation:show", args=[secret])
    return signin.send_code(request, email=invitation.email, then=back, back=back)


@with_the_link
@of_its_page
def accept(request: Any, invitation: Invitation, secret: str) -> HttpResponse:
    """They work here from now on."""
    if not request.user.is_authenticated:
        return redirect("invitation:show", secret)
    try:
        operations.accept(invitation, person=request.user)
    except Refused as refusal:
        return asking(request, invitation, secret, refusal=refusal, status=UNPROCESSABLE)
    messages.success(request, _("Welcome! You work at %(shop)s now.") % {"shop": invitation.shop})
    return redirect("owner:week", invitation.shop.slug)
