"""From the poster to a card in one tap, and back to a card one already has."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from loyalty import access, clock
from loyalty.actors import Actor, Channel
from loyalty.models import Shop
from loyalty.refusals import Refused
from loyalty.signin import send_code
from members import access as doors
from members import operations
from members.joining import limits, sharing, sources
from members.joining.forms import HaveCardForm, JoinForm
from members.joining.offers import earning, joining, leaving, of_the_club, offers, rules_of
from members.models import Membership
from members.opening.claiming import claim
from members.rooms import benefits

GET_OR_POST = ["GET", "HEAD", "POST"]


@login_not_required
@doors.no_ambient_authority
@never_cache
@require_http_methods(GET_OR_POST)
def join(request: HttpRequest, shop: str) -> HttpResponse:
    """W1. Looking changes nothing; the tap makes the card. Whoever has one is led to it."""
    return way_in(request, access.public_shop(request, shop))


@dataclass(frozen=True)
class Friend:
    """Who else sent somebody here: a member, by their code, with a line for the newcomer."""

    code: str
    line: str = ""


def way_in(request: HttpRequest, shop: Shop, friend: Friend | None = None) -> HttpResponse:
    """The join page of a shop that was entered, and its tap; at whatever address it stands."""
    if card := doors.own_card(request, shop):
        return to_card(request, card)
    if request.method != "POST":
        form = JoinForm(initial={"p": request.GET.get("p", "")})
        return _invitation(request, shop, form, friend)
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _invitation(request, shop, form, friend, status=422)
    try:
        limits.count_join(request, clock.now())
        card = _make_card(request, shop, form, friend)
    except Refused as refusal:
        form.refuse(refusal)
        too_many = isinstance(refusal, limits.TooManyJoins)
        return _invitation(request, shop, form, friend, status=429 if too_many else 422)
    return to_card(request, card)


def _make_card(
    request: HttpRequest, shop: Shop, form: JoinForm, friend: Friend | None
) -> Membership:
    source, detail = sources.source_of(form.cleaned_data["p"])
    if friend:  # whatever poster they came by earlier
        source, detail = Membership.Source.FRIEND, friend.code
    person = request.user if request.user.is_authenticated else None
    joined = operations.join(
        source=source,
        source_detail=detail,
        language=translation.get_language(),
        person=person,
        key=form.cleaned_data["key"],
        actor=Actor(shop, Channel.CARD, person=person),
    )
    return access.of_shop(shop, Membership.objects.all(), pk=joined["membership"])


def to_card(request: HttpRequest, card: Membership) -> HttpResponse:
    """To a card, which this browser remembers from now on."""
    response = redirect("card:card", card.private)
    doors.remember(request, response, card)
    return response


def _invitation(
    request: HttpRequest,
    shop: Shop,
    form: JoinForm,
    friend: Friend | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    running = offers(shop, clock.now())
    paused = operations.ShopPaused(shop=shop.name) if shop.paused_since or not running else None
    context = {
        "shop": shop,
        "form": form,
        "paused": paused,
        "offers": running,
        "prizes": [prize for offer in running for prize in offer.prizes],
        "earning": earning(running),
        "benefits": [] if paused else benefits(shop, clock.now()),
        "friend": friend,
        "preview": sharing.preview_of(shop, running),
    }
    return render(request, "members/joining/join.html", context, status=status)


@login_not_required
@require_safe
def share_picture(request: HttpRequest, shop: str, language: str, version: str) -> HttpResponse:
    """What others see of the club page where its link is shared. Another look, another address."""
    here = access.public_shop(request, shop)
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with translation.override(language):
        preview = sharing.preview_of(here, offers(here, clock.now()))
    response = HttpResponse(sharing.drawn(preview), content_type="image/png")
    current = version == preview.version
    response["Cache-Control"] = "public, max-age=31536000, immutable" if current else "no-cache"
    return response


@login_not_required
@require_safe
def rules(request: HttpRequest, shop: str) -> HttpResponse:
    """The club rules as they are now; `?v=1` shows what a card in progress was promised."""
    here = access.public_shop(request, shop)
    number = request.GET.get("v", "")
    version = int(number) if number.isdecimal() and len(number) < 6 else None
    context = {
        "shop": here,
        "programmes": rules_of(here, clock.now(), version),
        "club": of_the_club(here, clock.now()),
        "preview": sharing.preview_of(here, offers(here, clock.now())),
        "joining": joining(),
        "leaving": leaving(here),
    }
    return render(request, "members/joining/rules.html", context)


@login_not_required
@doors.no_ambient_authority
@never_cache
@require_http_methods(GET_OR_POST)
def have_card(request: HttpRequest, shop: str) -> HttpResponse:
    """A new phone: an e-mail, a code, and the card is back. Who has one, only the mail says."""
    here = access.public_shop(request, shop)
    if request.method != "POST":
        return render(request, "members/joining/have_card.html", _asking(here, HaveCardForm()))
    form = HaveCardForm(request.POST)
    if not form.is_valid():
        return render(request, "members/joining/have_card.html", _asking(here, form), status=422)
    then = reverse("join:found", args=[here.slug])
    return send_code(request, email=form.cleaned_data["email"], then=then)


def _asking(shop: Shop, form: HaveCardForm) -> dict[str, object]:
    return {"shop": shop, "form": form}


@login_not_required
@never_cache
@require_safe
def found(request: HttpRequest, shop: str) -> HttpResponse:
    """Back from the code: to the card of the person signed in, if they have one here."""
    here = access.public_shop(request, shop)
    if not request.user.is_authenticated:
        return redirect("join:have_card", here.slug)
    card = doors.card_of_person(here, request.user) or claim(here, request.user)
    if card is None:
        context = {"shop": here, "form": JoinForm(), "email": request.user.email}
        return render(request, "members/joining/no_card.html", context)
    return to_card(request, card)
