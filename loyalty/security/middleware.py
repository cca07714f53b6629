"""An owner of a running shop without a second factor reaches only the page that sets one up."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from loyalty.security import factors, proofs

OWNERS_PAGES = "owner"  # the namespace below /o/


class SecondFactorRequired:
    """Stands before every owner's page, those of managers and staff included.

    Set-up (/start/) stays open: it is over when the shop starts, and only then this is asked for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        match = request.resolver_match
        if not settings.REQUIRE_SECOND_FACTOR or match is None or match.namespace != OWNERS_PAGES:
            return None
        person = request.user
        if not person.is_authenticated or not factors.must_have_one(person):
            return None
        if not factors.factors_of(person).exists():
            return _by_way_of(reverse("account_protect"), request)
        if not proofs.has_proved_a_factor(request):
            return _by_way_of(get_adapter().get_reauthentication_methods(person)[0]["url"], request)
        return None


def _by_way_of(address: str, request: HttpRequest) -> HttpResponse:
    """There, and then back to where they wanted to go; a form is not sent a second time."""
    wanted = request.get_full_path() if request.method == "GET" else reverse("owner:shops")
    return redirect(f"{address}?{urlencode({'next': wanted})}")
