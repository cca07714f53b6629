"""W4: a reward in its member's hand. Nothing here changes anything; staff hand it over."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from loyalty.access import of_shop
from members import access
from members.card import pages
from rewards.models import Claim
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
    context = _context(request, private, pk, waiting=waiting)
    return render(request, "rewards/reward.html", context)


@login_not_required
@access.card_page
@require_safe
def now(request: HttpRequest, private: str, pk: int) -> HttpResponse:
    """What an open page asks every two seconds: 204, or the reward as it is now."""
    context = _context(request, private, pk, waiting="waiting" in request.GET)
    if context["ticket"].look == request.GET.get("seen"):
        return HttpResponse(status=204)
    return render(request, "rewards/_ticket.html", context)


def _context(request: HttpRequest, private: str, pk: int, *, waiting: bool) -> dict:
    membership = access.card_of(request, private)
    claims = Claim.objects.select_related("shop")
    ticket = Ticket.of(of_shop(membership.shop, claims, pk=pk, membership=membership))
    used = ticket.look == Look.USED
    save_first = must_be_saved(membership)
    return {
        "shop": membership.shop,
        "membership": membership,
        "ticket": ticket,
        "waiting": waiting and ticket.look == Look.READY and not save_first,
        "save_first": save_first,
        "cards": pages.cards_of(membership) if used else [],
    }
