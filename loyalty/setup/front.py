"""The pages anybody may read: what this is, and what we promise."""

from dataclasses import replace

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from loyalty.models import Shop, Trade
from stampcards import kind, trades
from stampcards.faces import CardFace

EXAMPLES = 3


@login_not_required
@require_safe
def front(request: HttpRequest, language: str = "") -> HttpResponse:
    """The product page: in the reader's language, or in the one its address names."""
    with translation.override(language or translation.get_language()):
        context = {
            "face": _example(),
            "cards": trades.CARDS.items(),
            "examples": Shop.objects.filter(live_since__isnull=False)[:EXAMPLES]
            if settings.DEMO
            else [],
            "front": True,
        }
        response = render(request, "front/front.html", context)
    if language:
        response["Content-Language"] = language
    return response


@login_not_required
@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """Privacy, help, accessibility."""
    return render(request, f"front/{name}.html")


def _example() -> CardFace:
    """A real card, half way to its reward."""
    shop = Shop(name="Kaffe & Kardemomme", trade=Trade.CAFE)
    language = translation.get_language() or settings.LANGUAGE_CODE
    name, rules = trades.proposal(Trade.CAFE, currency=Shop.Currency.NOK, language=language)
    return replace(kind.preview(shop, name, rules), done=4)
