"""Bringing a friend. Owners edit; managers look."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loyalty import access
from loyalty.dashboard.pages import form_of, page, said
from loyalty.dashboard.unit_costs import unit_costs
from loyalty.models import Role, Shop
from loyalty.refusals import Refused
from rewards.friends import owning, previews
from rewards.friends.forms import InvitingForm
from rewards.friends.owning import Scheme

OWNER, MANAGER = Role.Level.OWNER, Role.Level.MANAGER
HALF_TYPED = 204  # htmx swaps nothing


@require_http_methods(["GET", "HEAD", "POST"])
def friends(request: HttpRequest, shop: str) -> HttpResponse:
    """What both get, beside how it will look to them; and who came lately."""
    wanted = OWNER if request.method == "POST" else MANAGER
    role = access.role_for(request, shop, level=wanted)
    scheme = owning.scheme_of_owner(role.shop)
    form = _form(request, role.shop, scheme)
    if request.method == "POST" and form.is_valid():
        try:
            first = owning.keep_scheme(form.scheme())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            said(request, _("Bringing a friend is on.") if first else _("Saved."))
            return redirect("owner:friends", shop)
    return _editor(request, role, form, scheme)


@form_of("friends")
def friends_preview(request: HttpRequest, shop: str) -> HttpResponse:
    """As it would look. Nothing is kept. While a field is half typed, nothing changes."""
    role = access.role_for(request, shop, level=OWNER)
    scheme = owning.scheme_of_owner(role.shop)
    form = _form(request, role.shop, scheme)
    if not request.htmx:  # type: ignore[attr-defined]
        return _editor(request, role, form, scheme)
    if not form.is_valid():
        return HttpResponse(status=HALF_TYPED)
    shown = previews.of_scheme(form.scheme(), unit_costs(role.shop))
    return render(request, "owner/_friends_preview.html", {"preview": shown, "live": True})


@form_of("friends")
def friends_off(request: HttpRequest, shop: str) -> HttpResponse:
    """No invitations from now on."""
    role = access.role_for(request, shop, level=OWNER)
    owning.switch_off(role.shop)
    told = _("Bringing a friend is off. Rewards that are ready can still be handed out.")
    said(request, told, undo=reverse("owner:friends_on", args=[shop]))
    return redirect("owner:friends", shop)


@form_of("friends")
def friends_on(request: HttpRequest, shop: str) -> HttpResponse:
    """Invitations again."""
    role = access.role_for(request, shop, level=OWNER)
    owning.switch_on(role.shop)
    told = _("Bringing a friend is on.")
    said(request, told, undo=reverse("owner:friends_off", args=[shop]))
    return redirect("owner:friends", shop)


def _form(request: HttpRequest, shop: Shop, scheme: Scheme) -> InvitingForm:
    return InvitingForm(request.POST or None, shop=shop, scheme=scheme)


def _editor(request: HttpRequest, role: Role, form: InvitingForm, scheme: Scheme) -> HttpResponse:
    """The page, with the scheme as typed; where that can't be drawn, as it is."""
    typed = form.scheme() if form.is_bound and form.is_valid() else scheme
    return page(
        request,
        role,
        "owner/friends.html",
        nav="programme",
        status=422 if form.errors else 200,
        form=form,
        scheme=scheme,
        preview=previews.of_scheme(typed, unit_costs(role.shop)),
        brought=previews.latest(role.shop),
    )
