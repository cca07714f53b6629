"""W4: a reward in its member's hand. Nothing here changes anything; staff hand it over."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from loyalty.access import of_shop
from loyalty.forms import KeyedForm
from members import access
from members.card import pages
from members.models import Membership
from rewards import tickets
from rewards.catalogue import shelves
from rewards.operations import must_be_saved
from rewards.tickets import Look, Ticket


@login_not_required
@access.card_page
@require_safe
def show(request: HttpRequest, private: str, pk: int) -> HttpResponse:
    """The reward, and what to do with it."""
    return _page(request, private, pk, waiting=False)


@login_not_required
@access.card_page
@require_safe
def use(request: HttpRequest, private: str, pk: int) -> HttpResponse:
    """At the counter: the code, as large as can be, until staff have handed it out."""
    return _page(request, private, pk, waiting=True)


def _page(request: HttpRequest, private: str, pk: int, *, waiting: bool) -> HttpResponse:
    membership, ticket = _ticket_of(request, private, pk)
    context = _context(membership, ticket, waiting=waiting)
    return render(request, "rewards/reward.html", context)


@login_not_required
@access.card_page
@require_safe
def now(request: HttpRequest, private: str, pk: int) -> HttpResponse:
    """What an open page asks every two seconds: 204, or the reward as it is now."""
    membership, ticket = _ticket_of(request, private, pk)
    if ticket.look == request.GET.get("seen"):
        return HttpResponse(status=204)
    context = _context(membership, ticket, waiting="waiting" in request.GET)
    return render(request, "rewards/_ticket.html", context)


def _ticket_of(request: HttpRequest, private: str, pk: int) -> tuple[Membership, Ticket]:
    membership = access.card_of(request, private)
    claim = of_shop(membership.shop, tickets.with_account(), pk=pk, membership=membership)
    return membership, Ticket.of(claim)


def _context(membership: Membership, ticket: Ticket, *, waiting: bool) -> dict[str, Any]:
    ready, used = ticket.look == Look.READY, ticket.look == Look.USED
    save_first = must_be_saved(membership)
    return {
        "shop": membership.shop,
        "membership": membership,
        "ticket": ticket,
        "waiting": waiting and ready and not save_first,
        "save_first": save_first,
        "others": ready and shelves.for_a_full_card(membership, ticket.claim),
        "form": KeyedForm(auto_id="change_%s"),
        "cards": pages.cards_of(membership) if used else [],
    }
