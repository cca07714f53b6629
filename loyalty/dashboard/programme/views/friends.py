"""Bringing a friend. Owners edit; managers look."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loyalty import access
from loyalty.dashboard.money.unit_costs import unit_costs
from loyalty.dashboard.pages import form_of, page, said
from loyalty.dashboard.switching import switch
from loyalty.models import Role, Shop
from loyalty.refusals import Refused
from loyalty.setup import live
from rewards.friends import owning, previews
from rewards.friends.forms import InvitingForm
from rewards.friends.owning import Scheme
from rewards.friends.previews import FriendsPreview

OWNER, MANAGER = Role.Level.OWNER, Role.Level.MANAGER


@require_http_methods(["GET", "HEAD", "POST"])
def friends(request: HttpRequest, shop: str) -> HttpResponse:
    """What both get, beside how it will look to them; and who came lately."""
    wanted = OWNER if request.method == "POST" else MANAGER
    role = access.role_for(request, shop, level=wanted)
    scheme = owning.scheme_of_owner(role.shop)
    form = _form(request, role.shop, scheme)
    if request.method == "POST" and form.is_valid():
        try:
            first = owning.keep_scheme(form.scheme(), actor=access.owner_of(request, role.shop))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            said(request, _("Bringing a friend is on.") if first else _("Saved."))
            return redirect("owner:friends", shop)
    return _editor(request, role, form, scheme)


@form_of("friends")
def friends_preview(request: HttpRequest, shop: str) -> HttpResponse:
    """As it would look. Nothing is kept."""
    role = access.role_for(request, shop, level=OWNER)
    scheme = owning.scheme_of_owner(role.shop)
    form = _form(request, role.shop, scheme)
    if not request.htmx:  # type: ignore[attr-defined]
        return _editor(request, role, form, scheme)
    return live.swapped_in(request, form, "owner/_friends_preview.html", partial(_drawn, form))


@form_of("friends")
def friends_off(request: HttpRequest, shop: str) -> HttpResponse:
    """No invitations from now on."""
    told = _("Bringing a friend is off. Rewards that are ready can still be handed out.")
    return switch(request, shop, owning.switch_off, told, page="friends", undo="friends_on")


@form_of("friends")
def friends_on(request: HttpRequest, shop: str) -> HttpResponse:
    """Invitations again."""
    told = _("Bringing a friend is on.")
    return switch(request, shop, owning.switch_on, told, page="friends", undo="friends_off")


def _form(request: HttpRequest, shop: Shop, scheme: Scheme) -> InvitingForm:
    return InvitingForm(request.POST or None, shop=shop, scheme=scheme)


def _editor(request: HttpRequest, role: Role, form: InvitingForm, scheme: Scheme) -> HttpResponse:
    """The page, with the scheme as typed; where that can't be drawn, as it is."""
    typed = live.as_typed(form, partial(_drawn, form))
    return page(
        request,
        role,
        "owner/friends.html",
        nav="programme",
        section="friends",
        status=422 if form.errors else 200,
        form=form,
        scheme=scheme,
        preview=typed or previews.of_scheme(scheme, unit_costs(role.shop)),
        brought=previews.latest(role.shop),
    )


def _drawn(form: InvitingForm) -> FriendsPreview:
    return previews.of_scheme(form.scheme(), unit_costs(form.shop))
