"""What the shop wants to reach: one number and a day."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loyalty import access
from loyalty.dashboard.pages import form_of, page, said
from loyalty.dashboard.places import sees_all
from loyalty.dashboard.week.forms import GoalForm
from loyalty.models import Role
from loyalty.refusals import Refused
from rewards.figures.goals import drop_goal, set_goal
from rewards.figures.models import Goal

MANAGER = Role.Level.MANAGER


@require_http_methods(["GET", "HEAD", "POST"])
def goal(request: HttpRequest, shop: str) -> HttpResponse:
    """Set one, or change the one there is."""
    role = _role_for(request, shop)
    known = Goal.objects.filter(shop=role.shop).first()
    form = GoalForm(request.POST or None, goal=known)
    if request.method == "POST" and form.is_valid():
        try:
            set_goal(**form.cleaned_data, actor=access.owner_of(request, role.shop))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            said(request, _("Saved."))
            return redirect("owner:week", shop)
    status = 422 if form.errors else 200
    return page(request, role, "owner/goal.html", nav="week", status=status, form=form, goal=known)


@form_of("goal")
def drop(request: HttpRequest, shop: str) -> HttpResponse:
    """No goal any more."""
    role = _role_for(request, shop)
    drop_goal(access.owner_of(request, role.shop))
    said(request, _("The goal is removed."))
    return redirect("owner:week", shop)


def _role_for(request: HttpRequest, shop: str) -> Role:
    """The goal is the whole shop's: who runs some of its places does not set it."""
    role = access.role_for(request, shop, level=MANAGER)
    if not sees_all(role):
        raise PermissionDenied
    return role
