"""The preview that follows what an owner types, on every page that has one."""

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from loyalty.models import Shop
from loyalty.pictures.forms import PictureForm
from loyalty.refusals import Refused
from stampcards import previews
from stampcards.owner_forms import CardForm
from stampcards.rules import StampRules

HALF_TYPED = 204  # htmx swaps nothing
Drawn = TypeVar("Drawn")


class Typed(Protocol):
    """A form that shows what was refused."""

    is_bound: bool

    def is_valid(self) -> bool: ...

    def refuse(self, refusal: Refused) -> None: ...


def swapped_in(
    request: HttpRequest, form: Typed, template: str, draw: Callable[[], Any], **needs: Any
) -> HttpResponse:
    """The part to swap in, with what `draw` makes of the form as its `preview`.

    Nothing is kept. While a field is half typed, nothing changes.
    """
    if not form.is_valid():
        return HttpResponse(status=HALF_TYPED)
    try:
        context = {"preview": draw(), "live": True, **needs}
    except Refused as refusal:
        answer = render(request, "setup/_cost.html", {"refusal": refusal, "live": True})
        answer["HX-Reswap"] = "none"  # the preview stays as it was; only the reason comes along
        return answer
    return render(request, template, context)


def beside_picture(
    request: HttpRequest, template: str, drawn: Any, picture: PictureForm, **needs: Any
) -> HttpResponse:
    """The part to swap in where a picture can be chosen: one that just was comes along in any case.

    `drawn`: None while a field is half typed, when nothing else changes.
    """
    if drawn is None and not request.FILES:
        return HttpResponse(status=HALF_TYPED)
    context = {"drawn": drawn, "picture": picture, "live": bool(request.FILES), **needs}
    answer = render(request, template, context)
    if drawn is None:
        answer["HX-Reswap"] = "none"
    return answer


def as_typed(form: Typed, draw: Callable[[], Drawn]) -> Drawn | None:
    """What the whole page shows of a form. None: it says nothing that can be drawn."""
    if form.is_bound and form.is_valid():
        try:
            return draw()
        except Refused as refusal:
            form.refuse(refusal)
    return None


def preview(request: HttpRequest, shop: Shop, form: CardForm) -> HttpResponse:
    """The card as it would look, to swap in."""
    draw = partial(previews.of_form, shop, form)
    return swapped_in(request, form, "setup/_preview.html", draw)


def shown(shop: Shop, form: CardForm, *, name: str, rules: StampRules) -> previews.CardPreview:
    """The card as typed; where that can't be drawn, as it is kept."""
    typed = as_typed(form, partial(previews.of_form, shop, form))
    return typed or previews.of_rules(shop, name=name, accent=shop.accent, rules=rules)
