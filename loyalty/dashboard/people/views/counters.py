"""Counters: pairing a device, switching one off, and making one of this very browser."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from loyalty import access, clock, operations, qr
from loyalty.dashboard.pages import form_of, page, said
from loyalty.dashboard.people import roster
from loyalty.dashboard.people.forms import CounterForm
from loyalty.dashboard.people.views.people import MANAGER, people_page
from loyalty.models import Counter, Role, StaffMember
from loyalty.security.lately import confirmed

OFFERED = "offered_pairing"  # in the session: the link is shown to whoever asked for it, only


@form_of("people")
@confirmed
def add_counter(request: HttpRequest, shop: str) -> HttpResponse:
    """A new counter, waiting for the device that shall be it."""
    role = access.role_for(request, shop, level=MANAGER)
    form = CounterForm(request.POST, auto_id="counter_%s", locations=role.places())
    if form.is_valid():
        actor = access.owner_of(request, role.shop)
        pairing = operations.offer_pairing(**form.cleaned_data, actor=actor)
        request.session[OFFERED] = {"counter": pairing.counter.pk, "once": pairing.once}
        return redirect("owner:pairing", shop, pairing.counter.pk)
    return people_page(request, role, status=422, counter_form=form)


@never_cache  # it shows a secret
@require_safe
def pairing(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """The code that pairs a device, until it is used or its ten minutes are over.

    The page asks again by itself; while nothing has changed the answer is 204.
    """
    role = access.role_for(request, shop, level=MANAGER)
    counter = access.of_shop(role.shop, counters_of(role), pk=pk)
    once = offered(request, counter)
    if request.htmx and once:  # type: ignore[attr-defined]
        return HttpResponse(status=204)
    link = once and settings.PUBLIC_URL + reverse("counter:pair", args=[once])
    needs: dict[str, Any] = {"counter": counter, "link": link, "code": link and qr.svg(link)}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "owner/_pairing.html", {"shop": role.shop, **needs})
    return page(request, role, "owner/pairing.html", nav="more", **needs)


def counters_of(role: Role) -> QuerySet[Counter]:
    """Those of the places they look after."""
    return Counter.objects.usable().filter(location__in=role.places())


def offered(request: HttpRequest, counter: Counter) -> str:
    """The secret of the link this browser was given for this counter, as long as it is good."""
    mine = request.session.get(OFFERED, {})
    if mine.get("counter") != counter.pk:
        return ""
    waiting = Counter.objects.waiting_to_pair(clock.now()).filter(pk=counter.pk, paired_at=None)
    if not waiting.exists():
        del request.session[OFFERED]
        return ""
    return mine["once"]


@form_of("people")
def revoke(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """Switch a counter off, at once."""
    role = access.role_for(request, shop, level=MANAGER)
    counter = access.of_shop(role.shop, counters_of(role), pk=pk)
    operations.revoke(counter, actor=access.owner_of(request, role.shop))
    back = reverse("owner:bring_back", args=[shop, pk])
    said(request, _("%(counter)s was switched off.") % {"counter": counter.name}, undo=back)
    return redirect("owner:people", shop)


@form_of("people")
@confirmed
def bring_back(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """Switch a counter on again."""
    role = access.role_for(request, shop, level=MANAGER)
    removed = roster.counters_removed(role.shop, clock.now()).filter(location__in=role.places())
    counter = access.of_shop(role.shop, removed, pk=pk)
    operations.bring_back(counter, actor=access.owner_of(request, role.shop))
    said(request, _("%(counter)s works again.") % {"counter": counter.name})
    return redirect("owner:people", shop)


@form_of("week")
def open_counter(request: HttpRequest, shop: str) -> HttpResponse:
    """Make this very browser a counter of the shop, with the reader on the till.

    Counters are for owners and managers to add: a device outlives the dismissal of who opened it.
    """
    role = access.role_for(request, shop, level=MANAGER)
    counter = access.paired_counter(request)
    if counter is None or counter.shop_id != role.shop_id:
        return pair_this_browser(request, role)
    return at_the_till(role, counter)


@confirmed
def pair_this_browser(request: HttpRequest, role: Role) -> HttpResponse:
    reader = StaffMember.objects.filter(role=role, active=True).first()
    name = _("Opened by %(name)s") % {"name": reader} if reader else _("Opened by the owner")
    actor = access.owner_of(request, role.shop)
    pairing = operations.offer_pairing(location=role.places()[0], name=name, actor=actor)
    counter, device = operations.pair(pairing.once)
    response = at_the_till(role, counter)
    access.remember_counter(response, device)
    return response


def at_the_till(role: Role, counter: Counter) -> HttpResponse:
    """The counter page, with the reader on the till."""
    if reader := StaffMember.objects.filter(role=role, active=True).first():
        operations.put_on_the_till(counter, reader)
    return redirect("counter:home")
