"""The preview that follows what an owner types, on every page that edits a card."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from loyalty.models import Shop
from loyalty.refusals import Refused
from stampcards import previews
from stampcards.owner_forms import CardForm
from stampcards.rules import StampRules

HALF_TYPED = 204  # htmx swaps nothing


def preview(request: HttpRequest, shop: Shop, form: CardForm) -> HttpResponse:
    """The part to swap in. Nothing is kept. While a field is half typed, nothing changes."""
    if not form.is_valid():
        return HttpResponse(status=HALF_TYPED)
    try:
        context = {"preview": previews.of_form(shop, form), "live": True}
    except Refused as refusal:
        answer = render(request, "setup/_cost.html", {"refusal": refusal, "live": True})
        answer["HX-Reswap"] = "none"  # the card stays as it was; only the reason comes along
        return answer
    return render(request, "setup/_preview.html", context)


def shown(shop: Shop, form: CardForm, *, name: str, rules: StampRules) -> previews.CardPreview:
    """What the whole page shows: the card as typed; where that can't be drawn, as it is kept."""
    if form.is_bound and form.is_valid():
        try:
            return previews.of_form(shop, form)
        except Refused as refusal:
            form.refuse(refusal)
    return previews.of_rules(shop, name=name, accent=shop.accent, rules=rules)
