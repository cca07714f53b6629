"""The door to a card: whoever holds its private link holds the card."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django_scopes import scopes_disabled

from loyalty import access
from loyalty.actors import Actor, Channel
from members.models import Membership


class UnknownCard(Http404):
    """No card has this link."""


def card_of(request: HttpRequest, private: str) -> Membership:
    """The card behind a private link. A card that was merged leads to the one it became."""
    with scopes_disabled():
        cards = Membership.objects.select_related("shop", "merged_into__shop")
        card = cards.filter(private=private).first()
    if card is None:
        raise UnknownCard
    card = card.merged_into or card
    access.enter(request, card.shop)
    return card


def holder_of(membership: Membership) -> Actor:
    """The actor behind a card's own page."""
    return Actor(membership.shop, Channel.CARD, person=membership.person)


def no_ambient_authority(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For pages whose address is the key: they work without cookies, so without a CSRF cookie.

    A post that says it comes from another site is refused all the same.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD") and _is_from_elsewhere(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def _is_from_elsewhere(request: HttpRequest) -> bool:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin")
    return bool(origin) and urlsplit(origin).netloc != request.get_host()
