"""Members the owner picks by hand, on their own pages."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from loyalty import access
from loyalty.dashboard.members.views.members import card_of
from loyalty.dashboard.pages import form_of, said
from loyalty.dashboard.programme.views.early import MANAGER
from loyalty.forms import KeyedForm
from loyalty.refusals import Refused
from rewards.vip import owning
from stampcards.counter import telling


@form_of("member", "pk")
def pick_member(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """From now on, what opens to people who were picked opens to them."""
    return decide(request, shop, pk, owning.pick, _("%(name)s is picked."))


@form_of("member", "pk")
def unpick_member(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """Not any more. What they reserved stays theirs."""
    return decide(request, shop, pk, owning.unpick, _("%(name)s is not picked any more."))


def decide(
    request: HttpRequest, shop: str, pk: int, change: Callable[..., Any], told: str
) -> HttpResponse:
    """One of the two, and back to the page of the member."""
    role = access.role_for(request, shop, level=MANAGER)
    card = card_of(role, pk)
    form = KeyedForm(request.POST)
    if form.is_valid():
        actor = access.owner_of(request, role.shop)
        try:
            change(membership=card, actor=actor, **form.cleaned_data)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            said(request, told % {"name": telling.name_of(card)})
    return redirect("owner:member", shop, pk)
