"""Paper cards to print: a new sheet, and the same one again."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from loyalty import access
from loyalty.dashboard.pages import form_of
from loyalty.dashboard.printkit.paper import sheet_of
from loyalty.dashboard.printkit.printing import as_pdf
from loyalty.dashboard.printkit.views.posters import show_posters
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
    """A sheet as PDF."""
    role = access.role_for(request, shop)
    needs = {"cards": sheet_of(role.shop, sheet)}
    return as_pdf(request, role.shop, "print/cards.html", needs, name="cards")
