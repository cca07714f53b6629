"""What a counter saved without a connection and could not count by itself."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from loyalty import access
from loyalty.dashboard.flags import latecomers
from loyalty.dashboard.pages import form_of, page, said
from loyalty.forms import KeyedForm
from loyalty.models import Counter, Role
from loyalty.refusals import Refused
from members.models import Programme
from stampcards.counter import deciding
from stampcards.counter.models import LateAction

MANAGER = Role.Level.MANAGER


@require_safe
def late(request: HttpRequest, shop: str) -> HttpResponse:
    """What waits for a decision, and what is missing."""
    return _list(request, access.role_for(request, shop, level=MANAGER))


@form_of("late")
def count(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """Put it on the card after all."""
    role = access.role_for(request, shop, level=MANAGER)
    action = access.of_shop(role.shop, LateAction.objects.exclude(asked=None), pk=pk)
    form = KeyedForm(request.POST)
    if form.is_valid():
        try:
            deciding.count_it(
                action, actor=access.owner_of(request, role.shop), **form.cleaned_data
            )
        except deciding.DecidedAlready as refusal:
            messages.error(request, str(refusal))  # its line is gone
        except Refused as refusal:
            form.refuse(refusal)
        else:
            said(request, _("Counted."))
            return redirect("owner:late", shop)
    return _list(request, role, status=422, refused={action.pk: form})


@form_of("late")
def leave_out(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """It is not counted."""
    role = access.role_for(request, shop, level=MANAGER)
    action = access.of_shop(role.shop, LateAction.objects.exclude(asked=None), pk=pk)
    try:
        deciding.leave_out(action, actor=access.owner_of(request, role.shop))
    except deciding.DecidedAlready as refusal:
        said(request, str(refusal))
    else:
        said(request, _("Left out."), undo=reverse("owner:put_late_back", args=[shop, pk]))
    return redirect("owner:late", shop)


@form_of("late")
def put_back(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """Undo of leaving out."""
    role = access.role_for(request, shop, level=MANAGER)
    action = access.of_shop(role.shop, LateAction.objects.exclude(asked=None), pk=pk)
    deciding.put_back(action, actor=access.owner_of(request, role.shop))
    return redirect("owner:late", shop)


@form_of("late")
def seen(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """The manager knows what is missing from this counter."""
    role = access.role_for(request, shop, level=MANAGER)
    counter = access.of_shop(role.shop, Counter.objects.all(), pk=pk)
    deciding.has_been_seen(counter, actor=access.owner_of(request, role.shop))
    return redirect("owner:late", shop)


def _list(
    request: HttpRequest,
    role: Role,
    *,
    status: int = 200,
    refused: dict[int, Any] | None = None,
) -> HttpResponse:
    return page(
        request,
        role,
        "owner/late.html",
        nav="week",
        status=status,
        actions=latecomers.waiting(refused or {}),
        counters=latecomers.missing(),
        only_stamps=Programme.objects.only_stamps(),
    )
