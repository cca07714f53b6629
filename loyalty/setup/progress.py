"""How far an owner has come: what the session keeps while a mail is on its way."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypedDict

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from loyalty import access
from loyalty.models import Role, Shop
from loyalty.setup import operations

KEPT = "start"
BY_LANGUAGE = {"nb": Shop.Country.NORWAY, "da": Shop.Country.DENMARK}
BY_SPEECH = {
    **dict.fromkeys(("nb", "nn", "no"), Shop.Country.NORWAY),
    "da": Shop.Country.DENMARK,
    "sv": Shop.Country.SWEDEN,
    "ga": Shop.Country.IRELAND,
}


class Kept(TypedDict, total=False):
    """What was typed, the shop that came of it, and the pairing code on the last page."""

    name: str
    country: str
    shop: str
    once: str
    counter: int


def kept(request: HttpRequest) -> Kept:
    return request.session.get(KEPT, {})


def keep(request: HttpRequest, **more: Any) -> None:
    request.session[KEPT] = {**kept(request), **more}


def begin(request: HttpRequest, *, name: str, country: str) -> None:
    """Another shop: whatever was under way in this browser is left as it is."""
    request.session[KEPT] = {"name": name, "country": country}


def keep_shop(request: HttpRequest, shop: Shop) -> None:
    """The shop is open: what was typed has done its duty."""
    request.session[KEPT] = {"shop": shop.slug}


def shop_under_way(request: Any) -> Shop:
    """The shop this browser sets up, else the owner's newest unfinished one. Strangers: 404."""
    slug = kept(request).get("shop")
    if slug is None:
        newest = operations.unfinished(request.user).first()
        if newest is None:
            raise Http404
        slug = newest.slug
        keep_shop(request, newest)  # it stays the one when it has started
    return access.shop_for(request, slug, level=Role.Level.OWNER)


def while_unfinished(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For steps that are over once the programme runs: later changes have pages of their own."""

    @wraps(view)
    def step(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        shop = shop_under_way(request)
        if shop.live_since:
            return redirect("start:ready")
        return view(request, shop, *args, **kwargs)

    return step


def country_of(request: HttpRequest) -> Shop.Country:
    """A guess from what the browser speaks: nb, da, sv, en-IE, or a language we are shown in."""
    for code, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        speech, _dash, region = code.partition("-")
        if region.upper() in Shop.Country.values:
            return Shop.Country(region.upper())
        if speech in BY_SPEECH:
            return BY_SPEECH[speech]
    return BY_LANGUAGE.get(translation.get_language() or "", Shop.Country.BRITAIN)
