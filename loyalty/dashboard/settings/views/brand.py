"""Logo and colour: owners choose them, and see at once what customers will see."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from loyalty import access
from loyalty.dashboard.pages import form_of, page, said
from loyalty.dashboard.settings.brand import LogoForm, as_kept, as_typed
from loyalty.models import Role, Shop
from loyalty.setup.live import beside_picture
from loyalty.setup.operations import keep_look
from stampcards.colour_form import ColourForm

OWNER = Role.Level.OWNER


@require_http_methods(["GET", "HEAD", "POST"])
def brand(request: HttpRequest, shop: str) -> HttpResponse:
    """What the shop looks like on cards, pages and posters."""
    role = access.role_for(request, shop, level=OWNER)
    form, logo = forms_of(request, role.shop)
    if request.method == "POST" and all([form.is_valid(), logo.is_valid()]):
        keep_look(
            accent=form.accent,
            logo=logo.cleaned_data["picture"],
            actor=access.owner_of(request, role.shop),
        )
        said(request, _("Saved."))
        return redirect("owner:brand", shop)
    return editor(request, role, form, logo)


@form_of("brand")
def brand_preview(request: HttpRequest, shop: str) -> HttpResponse:
    """The same as it would look. Of what is sent, only a logo is kept, and shown to nobody."""
    role = access.role_for(request, shop, level=OWNER)
    form, logo = forms_of(request, role.shop)
    if not request.htmx:  # type: ignore[attr-defined]
        return editor(request, role, form, logo)
    logo = logo.go_on(role.shop)
    drawn = as_typed(form, logo, role.shop)
    return beside_picture(request, "owner/_brand_live.html", drawn, logo)


def forms_of(request: HttpRequest, shop: Shop) -> tuple[ColourForm, LogoForm]:
    """The form of the colour and that of the logo, as sent or as the page begins."""
    return ColourForm(request.POST or None, shop=shop), LogoForm.of(request, shop.logo)


def editor(request: HttpRequest, role: Role, form: ColourForm, logo: LogoForm) -> HttpResponse:
    """The page, with the shop as typed; where that can't be drawn, as it is."""
    logo = logo.go_on(role.shop)
    drawn = as_typed(form, logo, role.shop) or as_kept(role.shop, logo)
    return page(
        request,
        role,
        "owner/brand.html",
        nav="more",
        form=form,
        picture=logo,
        drawn=drawn,
        status=422 if form.errors or logo.errors else 200,
    )
