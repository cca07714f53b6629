"""The door to a card: whoever holds its private link holds the card."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django_scopes import scopes_disabled

from loyalty import access, clock, errors
from loyalty.actors import Actor, Channel
from loyalty.models import Person, Shop
from loyalty.prepared import Given, Prepared
from members.models import Membership
from members.models.memberships import COMES_BACK_WITHIN

View = Callable[..., HttpResponse]

CARDS_COOKIE = "cards" if settings.ON_THIS_MACHINE else "__Host-cards"
REMEMBERED_SECONDS = 400 * 24 * 3600  # the longest a browser keeps a cookie; every visit renews it
LINK = re.compile(r"[A-Za-z0-9_-]{1,40}")  # what a private link may be made of
MOST_REMEMBERED = 20  # links, so that the cookie stays below a kilobyte


def _cards() -> "QuerySet[Membership]":
    cards = Membership.objects.select_related("shop__logo").defer("shop__logo__data")
    return cards.filter(private=Given("link"))[:1]


CARD = Prepared(_cards, everywhere=True)


class UnknownCard(Http404):
    """No card has this link."""


class DeletedCard(Http404):
    """Its owner deleted it, and may bring it back."""

    def __init__(self, card: Membership) -> None:
        super().__init__("A card that was deleted.")
        self.card = card


def card_of(request: HttpRequest, private: str) -> Membership:
    """The card behind a private link. A card that was merged leads to the one it became.

    One that was deleted is no card: its pages say so, and how it comes back.
    """
    card = deleted_or_not(request, private)
    if card.leaving_since:
        raise DeletedCard(card)
    return card


def deleted_or_not(request: HttpRequest, private: str) -> Membership:
    """The same, also of a card that may still be brought back. Its 14 days over, it is unknown."""
    if not LINK.fullmatch(private):
        raise UnknownCard
    card = CARD.first(link=private)
    if card is None:
        raise UnknownCard
    with scopes_disabled():
        card = card.became
    if card.comes_back_until and card.comes_back_until <= clock.now():
        raise UnknownCard
    access.enter(request, card.shop)
    return card


def own_card(request: HttpRequest, shop: Shop) -> Membership | None:
    """The card this browser, or the person signed in here, has in a shop. None: neither has one.

    The card remembered first comes first: a link somebody sends later does not take its place.
    """
    if links := remembered(request):
        cards = Membership.objects.filter(shop=shop, private__in=links)
        found = {card.private: card for card in cards}
        for link in links:
            if link in found and (card := found[link].became).leaving_since is None:
                return card
    return card_of_person(shop, request.user)


def card_of_person(shop: Shop, person: Person | AnonymousUser) -> Membership | None:
    """The card somebody saved with their e-mail in a shop."""
    if not person.is_authenticated:
        return None
    return Membership.objects.current().filter(shop=shop, person=person).first()


def cards_of_person(person: Person | AnonymousUser) -> list[Membership]:
    """All cards somebody saved, shop by shop: the person's own, so no shop's scope holds."""
    if not person.is_authenticated:
        return []
    with scopes_disabled():
        cards = Membership.objects.current().filter(person=person).select_related("shop")
        return list(cards.order_by("shop__name", "pk"))


def deleted_cards_of_person(person: Person | AnonymousUser) -> list[Membership]:
    """Those they deleted and may bring back, latest first."""
    if not person.is_authenticated:
        return []
    since = clock.now() - COMES_BACK_WITHIN
    with scopes_disabled():
        left = Membership.objects.filter(person=person, merged_into=None, leaving_since__gt=since)
        return list(left.select_related("shop").order_by("-leaving_since"))


def has_clubs(person: Person | AnonymousUser) -> bool:
    """Does somebody who is signed in have cards in two shops or more?"""
    if not person.is_authenticated:
        return False
    with scopes_disabled():
        return Membership.objects.current().filter(person=person)[:2].count() > 1


def holder_of(membership: Membership) -> Actor:
    """The actor behind a card's own page."""
    return Actor(membership.shop, Channel.CARD, person=membership.person)


def remembered(request: HttpRequest) -> list[str]:
    """The private links this browser keeps, oldest first."""
    links = request.COOKIES.get(CARDS_COOKIE, "").split(".")
    return [link for link in links if LINK.fullmatch(link)]


def remember(request: HttpRequest, response: HttpResponse, membership: Membership) -> None:
    """Let this browser find the card again from the poster. It may refuse; the link still works."""
    links = remembered(request)
    if membership.private not in links:
        links.append(membership.private)
    response.set_cookie(
        CARDS_COOKIE,
        ".".join(links[-MOST_REMEMBERED:]),
        max_age=REMEMBERED_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=not settings.ON_THIS_MACHINE,
    )


def card_page(view: View) -> View:
    """For every page of a card: its link is the key, so nobody else may keep it or get it."""

    @no_ambient_authority
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except UnknownCard:
            response = render(request, "members/card/unknown.html", status=404)
        except DeletedCard as deleted:
            context = {"shop": deleted.card.shop, "membership": deleted.card}
            response = render(request, "members/privacy/deleted.html", context, status=410)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return page


def no_ambient_authority(view: View) -> View:
    """For pages whose address is the key: they work without cookies, so without a CSRF cookie.

    A post that says it comes from another site is refused all the same.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD") and _is_from_elsewhere(request):
            return errors.csrf_failure(request, "from another site")
        return view(request, *args, **kwargs)

    return guarded


def _is_from_elsewhere(request: HttpRequest) -> bool:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin")
    try:
        return bool(origin) and urlsplit(origin).netloc != request.get_host()
    except ValueError:  # an origin no browser sends
        return True
