"""What a member can choose, and choosing otherwise while it is unused. Each is one post."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from loyalty import clock
from loyalty.access import of_shop
from loyalty.forms import KeyedForm
from loyalty.refusals import Refused
from members import access
from members.card import pages
from members.models import Membership
from rewards import tickets
from rewards.catalogue import operations, shelves
from rewards.catalogue.forms import ChooseForm
from rewards.catalogue.models import Reward
from rewards.catalogue.operations import Chosen
from rewards.models import Claim
from rewards.tickets import Ticket


@login_not_required
@access.card_page
@require_safe
def all_rewards(request: HttpRequest, private: str) -> HttpResponse:
    """Everything on offer, nearest first, by what it is chosen for."""
    membership = access.card_of(request, private)
    shown = shelves.by_programme(membership, pages.accounts_of(membership))
    context = {"shop": membership.shop, "membership": membership, "shelves": shown}
    return render(request, "rewards/catalogue/all.html", context)


@login_not_required
@access.card_page
@require_http_methods(["GET", "HEAD", "POST"])
def reward(request: HttpRequest, private: str, pk: int) -> HttpResponse:
    """One reward: what it is, what it costs, and the button that takes it."""
    membership = access.card_of(request, private)
    seen = shelves.shown_to_members(clock.today(membership.shop.zone))
    wanted = of_shop(membership.shop, seen, pk=pk)
    form = KeyedForm(request.POST) if request.method == "POST" else KeyedForm()
    if form.is_valid():
        try:
            chosen = operations.redeem(
                membership=membership,
                reward=wanted,
                key=form.cleaned_data["key"],
                actor=access.holder_of(membership),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return to_claim(request, membership, chosen)
    offer = shelves.offer_of(membership, wanted)
    if not offer.is_shown and not form.errors:  # who was just refused is told why
        raise Http404
    return _page(request, membership, "rewards/catalogue/reward.html", form, offer=offer)


def to_claim(request: HttpRequest, membership: Membership, chosen: Chosen) -> HttpResponse:
    """The reward in its member's hand. Points need nobody to hand them out: back to the card."""
    if chosen["handed"]:
        messages.success(request, _("Yours now: %(reward)s.") % {"reward": chosen["title"]})
        return redirect("card:card", membership.private)
    return redirect("reward:show", membership.private, chosen["claim"])


@login_not_required
@access.card_page
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, private: str, pk: int) -> HttpResponse:
    """Another reward for a full card."""
    membership, claim = _claim_of(request, private, pk)
    form = ChooseForm(request.POST) if request.method == "POST" else ChooseForm()
    if form.is_valid():
        wanted = of_shop(membership.shop, Reward.objects.all(), pk=form.cleaned_data["offer"])
        try:
            chosen = operations.choose_for_card(
                membership=membership,
                claim=claim,
                reward=wanted,
                key=form.cleaned_data["key"],
                actor=access.holder_of(membership),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return to_claim(request, membership, chosen)
    offers = shelves.for_a_full_card(membership, claim)
    template = "rewards/catalogue/choose.html"
    return _page(request, membership, template, form, claim=claim, offers=offers)


def _page(
    request: HttpRequest, membership: Membership, template: str, form: KeyedForm, **needs: Any
) -> HttpResponse:
    """A page with its form, empty or refused."""
    context = {"shop": membership.shop, "membership": membership, "form": form, **needs}
    return render(request, template, context, status=422 if form.is_bound else 200)


@login_not_required
@access.card_page
@require_POST
def cancel(request: HttpRequest, private: str, pk: int) -> HttpResponse:
    """Change my mind: points come back, and a full card stands for its own reward again."""
    membership, claim = _claim_of(request, private, pk)
    form = KeyedForm(request.POST)
    if not form.is_valid():
        return redirect("reward:show", membership.private, claim.pk)
    try:
        operations.cancel(
            membership=membership,
            claim=claim,
            key=form.cleaned_data["key"],
            actor=access.holder_of(membership),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("reward:show", membership.private, claim.pk)
    return _changed(request, membership, claim)


def _changed(request: HttpRequest, membership: Membership, claim: Claim) -> HttpResponse:
    if points := Ticket.of(claim).cost:
        messages.success(request, _("Your %(points)s are back.") % {"points": points})
        return redirect("card:card", membership.private)
    claim.refresh_from_db()
    told = {"reward": claim.title}
    messages.success(request, _("Your card stands for this again: %(reward)s.") % told)
    return redirect("reward:show", membership.private, claim.pk)


def _claim_of(request: HttpRequest, private: str, pk: int) -> tuple[Membership, Claim]:
    membership = access.card_of(request, private)
    claims = tickets.with_account()
    return membership, of_shop(membership.shop, claims, pk=pk, membership=membership)
