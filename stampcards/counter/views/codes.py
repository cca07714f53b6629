"""The address inside a card's QR: the sheet for a counter, a friendly nothing for all others.

A card that is on nobody's phone yet can be moved to the phone that opened it.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from loyalty import access
from loyalty.actors import Actor, Channel
from loyalty.forms import KeyedForm
from loyalty.refusals import Refused
from members import access as doors
from members.models import Membership
from members.paper.operations import OnAPhone, move_to_phone
from stampcards.counter import finding

GONE, NOT_DONE = 410, 422


@login_not_required  # anybody may photograph a card; they learn which shop it is of
@doors.card_page
@require_safe
def code(request: HttpRequest, code: str) -> HttpResponse:
    """Opening it changes nothing, whoever opens it."""
    if access.paired_counter(request):
        return redirect("counter:card", code)
    if card := finding.to_move(code):
        return _offer(request, card, KeyedForm())
    if moved := finding.moved(code):
        return _refusal(request, moved, OnAPhone(), status=GONE)
    return _plain(request, code)


@login_not_required  # whoever holds a card that is on nobody's phone may take it
@doors.card_page
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, code: str) -> HttpResponse:
    """Move this card to my phone. A double tap finds the card that the first one moved."""
    if request.method != "POST" or access.paired_counter(request):
        return redirect("counter:code", code)
    card = finding.to_move(code) or finding.moved(code)
    if card is None:
        return _plain(request, code)
    shop = access.enter(request, card.shop)
    form = KeyedForm(request.POST)
    if not form.is_valid():
        return _offer(request, card, KeyedForm(), status=NOT_DONE)
    person = request.user if request.user.is_authenticated else None
    try:
        mine = move_to_phone(
            membership=card,
            own=doors.own_card(request, shop),
            language=get_language() or shop.language,
            key=form.cleaned_data["key"],
            actor=Actor(shop, Channel.CARD, person=person),
        )
    except Refused as refusal:
        return _refusal(request, card, refusal)
    response = redirect("card:card", mine.private)
    doors.remember(request, response, mine)
    return response


def _offer(
    request: HttpRequest, card: Membership, form: KeyedForm, *, status: int = 200
) -> HttpResponse:
    """The shop, and the button. Nothing of what is on the card."""
    shop = access.enter(request, card.shop)
    context = {
        "shop": shop,
        "code": card.counter_code,
        "form": form,
        "has_card": doors.own_card(request, shop) is not None,
    }
    return render(request, "counter/move.html", context, status=status)


def _refusal(
    request: HttpRequest, card: Membership, refusal: Refused, *, status: int = NOT_DONE
) -> HttpResponse:
    shop = access.enter(request, card.shop)
    own = doors.own_card(request, shop)
    context = {"shop": shop, "refusal": refusal, "own": own and own.private}
    return render(request, "counter/moved.html", context, status=status)


def _plain(request: HttpRequest, code: str) -> HttpResponse:
    shop = finding.shop_of(code)
    if shop is None:
        return render(request, "counter/code.html", status=404)
    access.enter(request, shop)
    own = doors.own_card(request, shop)
    return render(request, "counter/code.html", {"shop": shop, "own": own and own.private})
