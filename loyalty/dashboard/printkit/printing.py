"""A sheet for the printer: as PDF where one can be made, else as the page it is made of."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from loyalty import colours
from loyalty.dashboard.printkit import pdf
from loyalty.models import Shop


def as_pdf(
    request: HttpRequest, shop: Shop, template: str, needs: dict[str, Any], *, name: str
) -> HttpResponse:
    """The template as `<shop>-<name>.pdf`, in the shop's colour and with its logo.

    Where none can be made, the page says how to print it from the browser.
    """
    brand = reverse("brand", args=[shop.slug, colours.version(shop.accent)])
    html = render_to_string(template, {**needs, "brand_css": brand})
    files: dict[str, str | bytes] = {brand: colours.css(shop.accent)}
    if shop.logo:
        files[shop.logo.url] = bytes(shop.logo.data)
    try:
        document = pdf.drawn(html, also=files)
    except pdf.NoPdf:
        notice = _("This machine can't make PDFs. Print this page from your browser instead.")
        return render(request, template, {**needs, "notice": notice})
    response = HttpResponse(document, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{shop.slug}-{name}.pdf"'
    return response
