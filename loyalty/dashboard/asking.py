"""Whoever may not open a page asks the owner for it, from the page that says no."""

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from loyalty import access
from loyalty.dashboard.pages import form_of, said
from loyalty.models import Role
from loyalty.outbox import operations as outbox


@form_of("week")
def ask_owner(request: HttpRequest, shop: str) -> HttpResponse:
    """A note to an owner: who asks, and for which page. Five an hour, then it waits."""
    role = access.role_for(request, shop)
    wanted = _page_of(request.POST.get("page", ""), shop)
    owner = access.owner_to_ask(role.shop)
    if owner is None or role.covers(Role.Level.OWNER):
        return redirect(wanted)
    if ratelimit.consume(request, action="ask_owner", user=request.user):
        _send(role, owner, wanted)
        said(request, _("Sent. They get an e-mail with a link to the page."))
    else:
        messages.error(request, _("Five notes within an hour are enough. Talk to them."))
    return redirect("owner:week", shop)


def _page_of(path: str, shop: str) -> str:
    """An address of the shop's own pages, or 404: no note carries a link to elsewhere."""
    try:
        found = resolve(path)
    except Resolver404 as nowhere:
        raise Http404 from nowhere
    if found.namespace != "owner" or found.kwargs.get("shop") != shop:
        raise Http404
    return path


@transaction.atomic
def _send(role: Role, owner: Role, wanted: str) -> None:
    outbox.post(
        to=owner.person.email or "",
        template="owner/mail/asked",
        values={
            "shop": role.shop.name,
            "name": role.first_name or role.person.email,
            "page": settings.PUBLIC_URL + wanted,
            "people": settings.PUBLIC_URL + reverse("owner:people", args=[role.shop.slug]),
        },
        language=owner.person.language or role.shop.language,
    )
