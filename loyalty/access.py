"""Who may? Views get their objects here: strangers meet a 404, smaller roles a 403.

Finding a shop opens its scope (django-scopes): from then on a query of another shop's rows
finds nothing, and a query before that raises. `ShopScopes` closes it with the request.
"""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from django_scopes import scope

from loyalty import keys
from loyalty.actors import Actor, Channel
from loyalty.models import Counter, Role, Shop
from loyalty.prepared import Given, Prepared
from loyalty.security import proofs

M = TypeVar("M", bound=Model)

COUNTER_COOKIE = "counter" if settings.ON_THIS_MACHINE else "__Host-counter"
SIGN_IN = "accounts/"  # pages for everybody, about one of them
COUNTER_COOKIE_AGE = timedelta(days=400)  # as long as browsers keep any cookie


def _with_device(counters: "QuerySet[Counter]") -> "QuerySet[Counter]":
    read_together = counters.select_related("shop", "location", "staff")
    return read_together.filter(device_hash=Given("device"))[:1]


PAIRED = Prepared(lambda: _with_device(Counter.objects.usable()), everywhere=True)
DEVICE = Prepared(lambda: _with_device(Counter.objects.all()), everywhere=True)


class NoCounter(Exception):
    """This browser is not a paired counter, or no longer one."""


class ShopScopes:
    """Closes the scope that `enter` opened, whatever became of the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        with ExitStack() as request.shop_scope:
            return self.get_response(request)


class SignInRequired(LoginRequiredMiddleware):
    """Pages are private by default, and then no browser keeps them: tills are shared.

    On an owner's page a counter device meets the refusal.
    """

    def process_view(self, request: Any, view_func: Any, *args: Any) -> Any:
        # Django looks up who asks before it sees that the page is for everybody: a look into the
        # session, and an answer that no cache may share.
        if not getattr(view_func, "login_required", True):
            return None
        if request.user.is_authenticated and proofs.signed_in_too_long_ago(request):
            logout(request)
        return super().process_view(request, view_func, *args)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        match = request.resolver_match
        if match and (
            getattr(match.func, "login_required", True) or match.route.startswith(SIGN_IN)
        ):
            add_never_cache_headers(response)
        return response

    def handle_no_permission(self, request: Any, view_func: Any) -> Any:
        if request.resolver_match.namespace == "owner" and (counter := paired_counter(request)):
            enter(request, counter.shop)
            raise PermissionDenied
        return super().handle_no_permission(request, view_func)


def enter(request: Any, shop: Shop) -> Shop:
    """From here on this request sees one shop, in its time and, if it named none, its language."""
    request.shop_scope.enter_context(scope(shop=shop))
    request.shop_scope.enter_context(timezone.override(shop.zone))
    request.shop = shop
    if not _named_a_language(request):
        translation.activate(shop.language)
        request.LANGUAGE_CODE = translation.get_language()
    return shop


def public_shop(request: HttpRequest, slug: str) -> Shop:
    """A shop anybody may read about: one that has started."""
    shops = Shop.objects.select_related("logo").defer("logo__data")
    return enter(request, get_object_or_404(shops, slug=slug, live_since__isnull=False))


def shop_for(request: Any, slug: str, *, level: Role.Level = Role.Level.STAFF) -> Shop:
    """The shop, for those who work there."""
    return role_for(request, slug, level=level).shop


def role_for(request: Any, slug: str, *, level: Role.Level = Role.Level.STAFF) -> Role:
    """The reader's role in a shop: strangers get 404, a smaller role 403."""
    roles = Role.objects.active().select_related("shop__logo").defer("shop__logo__data")
    role = get_object_or_404(roles, shop__slug=slug, person_id=request.user.pk)
    enter(request, role.shop)  # the refusal, too, is in the shop's colour and names its owner
    if not role.covers(level):
        raise PermissionDenied
    return role


def owner_of(request: Any, shop: Shop) -> Actor:
    """The actor behind an owner's page. `shop_for` has already said that they may."""
    return Actor(shop, Channel.OWNER, person=request.user)


def owner_to_ask(shop: Shop) -> Role | None:
    """An owner of the shop: if possible one whose name is known."""
    owners = Role.objects.active().filter(shop=shop, level=Role.Level.OWNER).order_by("pk")
    known = list(owners.select_related("person", "staff"))
    return next((owner for owner in known if owner.first_name), known[0] if known else None)


def counter_of(request: HttpRequest) -> Counter:
    """The paired counter this browser is, and its shop entered. Everybody else: NoCounter."""
    counter = paired_counter(request)
    if counter is None:
        raise NoCounter
    enter(request, counter.shop)
    return counter


def paired_counter(request: HttpRequest) -> Counter | None:
    """The paired counter this browser is, if any. No shop is entered.

    One statement reads device, shop, place and who is on the till, so a revoked counter or a
    dismissed colleague is out at the very next request.
    """
    return _counter_among(PAIRED, request)


def device_of(request: HttpRequest) -> Counter | None:
    """The counter this browser is or was. A revoked one may still hand in what it saved."""
    return _counter_among(DEVICE, request)


def _counter_among(counters: Prepared[Counter], request: HttpRequest) -> Counter | None:
    device = request.COOKIES.get(COUNTER_COOKIE)
    if not device:
        return None
    counter = counters.first(device=keys.hashed(device))
    if counter and counter.staff and not counter.staff.active:
        counter.staff = None
    return counter


def remember_counter(response: HttpResponse, device: str) -> None:
    """Make the browser that gets this answer the counter `device` is the secret of."""
    response.set_cookie(
        COUNTER_COOKIE,
        device,
        max_age=COUNTER_COOKIE_AGE,
        path="/",
        secure=not settings.ON_THIS_MACHINE,
        httponly=True,
        samesite="Lax",
    )


def of_shop(shop: Shop, things: "QuerySet[M]", **wanted: object) -> M:
    """One thing of this shop; another shop's is a 404, as if it did not exist."""
    try:
        return get_object_or_404(things, shop=shop, **wanted)
    except ValueError as malformed:  # an id that is no number
        raise Http404 from malformed


def _named_a_language(request: HttpRequest) -> bool:
    """Has the reader chosen a language, or does their browser ask for one we have?"""
    if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
        return True
    for code, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            return bool(translation.get_supported_language_variant(code))
        except LookupError:
            continue
    return False
