"""What a shop looks like to its customers: its logo and its colour."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from loyalty import clock, colours
from loyalty.models import Shop
from loyalty.pictures.forms import PictureField, PictureForm
from loyalty.pictures.models import Picture
from members.joining.offers import offers
from members.rooms import Panel
from stampcards.colour_form import ColourForm


class LogoForm(PictureForm):
    """The shop's logo."""

    picture = PictureField(
        required=False,
        label=_("Logo"),
        help_text=_("PNG, JPEG or WebP, at most 2 MB. It stands on white."),
    )


@dataclass(frozen=True)
class Look(colours.Shown):
    """The head of a customer's page, and the first thing on it. `logo`, `panel`: None without."""

    shop: Shop
    accent: str
    logo: Picture | None
    panel: Panel | None


def as_typed(form: ColourForm, logo: LogoForm, shop: Shop) -> Look | None:
    """With the logo the page shows. None: the colour is half typed."""
    if not form.is_bound or not form.is_valid():
        return None
    return _look(shop, form.accent, logo)


def as_kept(shop: Shop, logo: LogoForm) -> Look:
    return _look(shop, shop.accent, logo)


def _look(shop: Shop, accent: str, logo: LogoForm) -> Look:
    running = offers(shop, clock.now())
    panel = running[0].panel if running else None
    return Look(shop, accent, logo.initial.get("picture"), panel)
