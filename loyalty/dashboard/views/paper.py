"""Paper cards to print: a new sheet, and the same one again."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from loyalty import access, colours
from loyalty.dashboard import pdf
from loyalty.dashboard.pages import form_of
from loyalty.dashboard.paper import sheet_of
from loyalty.dashboard.views.posters import brand_of, show_posters
from loyalty.forms import KeyedForm
from members.paper.operations import print_sheet


@form_of("posters")
def make_cards(request: HttpRequest, shop: str) -> HttpResponse:
    """Ten new cards, and on to the printer."""
    role = access.role_for(request, shop)
    form = KeyedForm(request.POST)
    if not form.is_valid():
        return show_posters(request, role, status=422)
    printed = print_sheet(key=form.cleaned_data["key"], actor=access.owner_of(request, role.shop))
    return redirect("owner:cards_pdf", shop, printed["sheet"])


@require_safe
def cards_pdf(request: HttpRequest, shop: str, sheet: UUID) -> HttpResponse:
    """A sheet as PDF; where none can be made, the printable page says so."""
    role = access.role_for(request, shop)
    cards, brand = sheet_of(role.shop, sheet), brand_of(role.shop)
    html = render_to_string("print/cards.html", {"cards": cards, "brand_css": brand})
    try:
        document = pdf.drawn(html, also={brand: colours.css(role.shop.accent)})
    except pdf.NoPdf:
        notice = _("This machine can't make PDFs. Print this page from your browser instead.")
        return render(request, "print/cards.html", {"cards": cards, "notice": notice})
    response = HttpResponse(document, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{shop}-cards.pdf"'
    return response
