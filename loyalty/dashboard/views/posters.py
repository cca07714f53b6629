"""Posters to print, for everybody who works in the shop."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from loyalty import access, colours, qr
from loyalty.dashboard import pdf
from loyalty.dashboard.cards import promised_by
from loyalty.dashboard.forms import PosterForm
from loyalty.dashboard.pages import page
from loyalty.dashboard.paper import sample_of
from loyalty.dashboard.posters import KINDS, Poster, poster_of
from loyalty.forms import KeyedForm
from loyalty.models import Role, Shop
from members.paper.cards import sheets_of


@require_safe
def posters(request: HttpRequest, shop: str) -> HttpResponse:
    """The pieces to choose from, as they will look."""
    return show_posters(request, access.role_for(request, shop))


def show_posters(request: HttpRequest, role: Role, *, status: int = 200) -> HttpResponse:
    """The page of everything there is to print."""
    pieces = [asked(request, role.shop, kind) for kind in KINDS]
    return page(
        request,
        role,
        "owner/posters.html",
        nav="posters",
        status=status,
        pieces=pieces,
        options=PosterForm(initial={"lang": pieces[0].language, "ink": pieces[0].save_ink}),
        cards=sample_of(role.shop),
        sheets=sheets_of(role.shop),
        new_sheet=KeyedForm(auto_id="sheet_%s"),
    )


@require_safe
def poster(request: HttpRequest, shop: str, kind: str) -> HttpResponse:
    """The printable page."""
    role = access.role_for(request, shop)
    return render(request, "print/poster.html", {"poster": asked(request, role.shop, kind)})


@require_safe
def poster_pdf(request: HttpRequest, shop: str, kind: str) -> HttpResponse:
    """The same as a PDF; where none can be made, the printable page says so."""
    role = access.role_for(request, shop)
    poster, brand = asked(request, role.shop, kind), brand_of(role.shop)
    html = render_to_string("print/poster.html", {"poster": poster, "brand_css": brand})
    try:
        document = pdf.drawn(html, also={brand: colours.css(role.shop.accent)})
    except pdf.NoPdf:
        notice = _("This machine can't make PDFs. Print this page from your browser instead.")
        return render(request, "print/poster.html", {"poster": poster, "notice": notice})
    response = HttpResponse(document, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{shop}-{kind}.pdf"'
    return response


@require_safe
def code_picture(request: HttpRequest, shop: str) -> HttpResponse:
    """The code alone, as a picture, for a flyer of the shop's own making."""
    role = access.role_for(request, shop)
    link = f"{settings.PUBLIC_URL}{reverse('join:join', args=[role.shop.slug])}?p=flyer"
    response = HttpResponse(qr.png(link, level="Q"), content_type="image/png")
    response["Content-Disposition"] = f'attachment; filename="{shop}-code.png"'
    return response


def asked(request: HttpRequest, shop: Shop, kind: str) -> Poster:
    """The poster as the address asks for it: ?lang=da, ?ink=save."""
    if kind not in KINDS:
        raise Http404
    programme, version = promised_by(shop)
    language = request.GET.get("lang", "")
    return poster_of(
        programme,
        version,
        KINDS[kind],
        language=language if language in dict(settings.LANGUAGES) else shop.language,
        save_ink=request.GET.get("ink") == "save",
    )


def brand_of(shop: Shop) -> str:
    return reverse("brand", args=[shop.slug, colours.version(shop.accent)])
