"""Two cards of one member become one, and for a day they can become two again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from loyalty import access, clock, keys
from loyalty.dashboard.members import two_cards
from loyalty.dashboard.members.filters import OtherCardForm
from loyalty.dashboard.members.views.members import MANAGER, card_of, in_use
from loyalty.dashboard.pages import form_of, page, said
from loyalty.forms import KeyedForm
from loyalty.models import Role
from loyalty.refusals import Refused
from members.ledger.models import Operation
from members.merging import merge, undo_merge
from members.models import Membership
from stampcards.counter import telling
from stampcards.counter.merging import MergeForm


@require_safe
def other_card(request: HttpRequest, shop: str, pk: int) -> HttpResponse:
    """One card is open, the other is wanted. Looking for it changes nothing."""
    role = access.role_for(request, shop, level=MANAGER)
    card = in_use(card_of(role, pk))
    form = OtherCardForm(request.GET or None)
    found = None
    if form.is_valid():
        found = two_cards.others_of(card, form.cleaned_data["q"], clock.now())
        if len(found.sides) == 1:
            return redirect("owner:merge_with", shop, pk, found.sides[0].membership.pk)
    return page(
        request,
        role,
        "owner/members/merge.html",
        nav="members",
        status=422 if form.errors else 200,
        card=card,
        name=telling.name_of(card),
        form=form,
        found=found,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def merge_with(request: HttpRequest, shop: str, pk: int, other: int) -> HttpResponse:
    """Both side by side, and a button that makes them one."""
    role = access.role_for(request, shop, level=MANAGER)
    if pk == other:
        return redirect("owner:merge", shop, pk)
    cards = [card_of(role, pk), card_of(role, other)]
    if done := _done(request, cards):  # a second tap, or the back button
        return redirect("owner:member", shop, done.pk)
    now = clock.now()
    sides = [two_cards.side_of(in_use(card), cards[0], now) for card in cards]
    if request.method != "POST":
        return _compare(request, role, MergeForm(sides=sides))
    form = MergeForm(request.POST, sides=sides)
    if form.is_valid():
        asked = form.cleaned_data
        kept, gone = sorted(cards, key=lambda card: card.counter_code != asked["keep"])
        try:
            merge(kept=kept, gone=gone, key=asked["key"], actor=access.owner_of(request, role.shop))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _merged(request, kept, asked["key"])
    return _compare(request, role, form)


def _done(request: HttpRequest, cards: list[Membership]) -> Membership | None:
    """The card that these two are already."""
    one, other = (card.became for card in cards)
    return one if one == other else None


def _merged(request: HttpRequest, kept: Membership, key: UUID) -> HttpResponse:
    operation = access.of_shop(kept.shop, Operation.objects.all(), key=key)
    undo = reverse("owner:part_cards", args=[kept.shop.slug, kept.pk, operation.pk])
    said(request, telling.merged(kept, key).text, undo=undo)
    return redirect("owner:member", kept.shop.slug, kept.pk)


def _compare(request: HttpRequest, role: Role, form: MergeForm) -> HttpResponse:
    first, second = form.sides
    return page(
        request,
        role,
        "owner/members/merge_with.html",
        nav="members",
        status=422 if form.errors else 200,
        card=first.membership,
        other=second.membership,
        form=form,
    )


@form_of("member", "pk")
def part_cards(request: HttpRequest, shop: str, pk: int, operation: int) -> HttpResponse:
    """They were two customers after all: each card as it was, for 24 hours."""
    role = access.role_for(request, shop, level=MANAGER)
    card = card_of(role, pk)
    merges = Operation.objects.filter(membership=card, kind="merge").select_related("shop")
    undone = access.of_shop(role.shop, merges, pk=operation)
    form = KeyedForm(request.POST)
    key = form.cleaned_data["key"] if form.is_valid() else keys.derived("part_cards", undone.key)
    try:
        undo_merge(undone=undone, key=key, actor=access.owner_of(request, role.shop))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Undone. They are two cards again."))
    return redirect("owner:member", shop, pk)
