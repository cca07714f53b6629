"""The print kit, for everybody who works in the shop."""

from collections.abc import Iterable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from loyalty import access, qr
from loyalty.dashboard.pages import page
from loyalty.dashboard.printkit.forms import PosterForm
from loyalty.dashboard.printkit.paper import sample_of
from loyalty.dashboard.printkit.posters import KINDS, Kind, Poster, pieces_of, promise
from loyalty.dashboard.printkit.printing import as_pdf
from loyalty.dashboard.programme.cards import ends_of, promised_by
from loyalty.forms import KeyedForm
from loyalty.models import Role, Shop
from members.paper.cards import sheets_of


@require_safe
def posters(request: HttpRequest, shop: str) -> HttpResponse:
    """The pieces to choose from, as they will look."""
    return show_posters(request, access.role_for(request, shop))


def show_posters(request: HttpRequest, role: Role, *, status: int = 200) -> HttpResponse:
    """The page of everything there is to print."""
    options, pieces = asked(request, role.shop, KINDS.values())
    return page(
        request,
        role,
        "owner/posters.html",
        nav="posters",
        status=422 if options.errors else status,
        pieces=pieces,
        options=options,
        cards=sample_of(role.shop),
        sheets=sheets_of(role.shop),
        ends=ends_of(role.shop),
        new_sheet=KeyedForm(auto_id="sheet_%s"),
    )


@require_safe
def poster(request: HttpRequest, shop: str, kind: str) -> HttpResponse:
    """The printable page."""
    role = access.role_for(request, shop)
    return render(request, "print/poster.html", {"poster": one_piece(request, role.shop, kind)})


@require_safe
def poster_pdf(request: HttpRequest, shop: str, kind: str) -> HttpResponse:
    """The same as a PDF."""
    role = access.role_for(request, shop)
    needs = {"poster": one_piece(request, role.shop, kind)}
    return as_pdf(request, role.shop, "print/poster.html", needs, name=kind)


@require_safe
def code_picture(request: HttpRequest, shop: str) -> HttpResponse:
    """The code alone, as a picture, for a flyer of the shop's own making."""
    role = access.role_for(request, shop)
    link = f"{settings.PUBLIC_URL}{reverse('join:join', args=[role.shop.slug])}?p=flyer"
    response = HttpResponse(qr.png(link, level="Q"), content_type="image/png")
    response["Content-Disposition"] = f'attachment; filename="{shop}-code.png"'
    return response


def one_piece(request: HttpRequest, shop: Shop, kind: str) -> Poster:
    if kind not in KINDS:
        raise Http404
    _options, [piece] = asked(request, shop, [KINDS[kind]])
    return piece


def asked(
    request: HttpRequest, shop: Shop, which: Iterable[Kind]
) -> tuple[PosterForm, list[Poster]]:
    """Pieces as the address asks for them, and the form that asks.

    ?lang=da, ?ink=save, ?headline=… What it asks in vain is as if it had not.
    """
    programme, version = promised_by(shop)
    promises = {code: promise(programme, version, code) for code in dict(settings.LANGUAGES)}
    options = PosterForm(request.GET, language=shop.language, promises=promises)
    return options, pieces_of(programme, version, options.wish(), which)
