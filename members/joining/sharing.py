"""What a link to the club page shows where it is shared: words, and a picture with its promise.

Made of what the page says to everybody. Who shared it, and who looks, is not in it.
"""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from loyalty import colours
from loyalty.models import Shop
from members.joining.offers import Offer
from members.joining.share_card import HEIGHT, WIDTH, Card, png

DRAWING = 1  # raise it when share_card.py draws differently: the address is cached for ever
TERRITORIES = {"en-gb": "en_GB", "nb": "nb_NO", "da": "da_DK"}


@dataclass(frozen=True)
class Preview:
    """In the language of whoever looks. `headline`: "" while nobody can join."""

    shop: Shop
    headline: str
    invitation: str
    small_print: str
    language: str

    width, height = WIDTH, HEIGHT

    @property
    def title(self) -> str:
        return f"{self.shop.name}: {self.headline}" if self.headline else self.shop.name

    @property
    def description(self) -> str:
        """What must stand beside the promise, stands beside it here too."""
        if not self.headline:
            return ""
        one_tap = _("One tap. No app, no password.")
        return " ".join(filter(None, [self.invitation, one_tap, self.small_print]))

    @property
    def locale(self) -> str:
        return TERRITORIES[self.language]

    @property
    def address(self) -> str:
        """The page itself, by whatever poster somebody came."""
        return settings.PUBLIC_URL + reverse("join:join", args=[self.shop.slug])

    @property
    def rules(self) -> str:
        return settings.PUBLIC_URL + reverse("join:rules", args=[self.shop.slug])

    @property
    def picture(self) -> str:
        where = [self.shop.slug, self.language, self.version]
        return settings.PUBLIC_URL + reverse("join:share_picture", args=where)

    @cached_property
    def version(self) -> str:
        """Names the picture by all that is drawn in it."""
        logo = self.shop.logo and self.shop.logo.name
        told = (DRAWING, self.shop.accent, logo, self.shop.name, self.headline, self.lines)
        return sha256(repr(told).encode()).hexdigest()[:12]

    @property
    def lines(self) -> list[str]:
        """Below the promise, in the picture."""
        return [line for line in (self.invitation, self.small_print) if line]


def preview_of(shop: Shop, running: list[Offer]) -> Preview:
    """The first promise of a shop, as the page makes it, in the language that is on."""
    first = running[0] if running and not shop.paused_since else None
    return Preview(
        shop=shop,
        headline=first.headline if first else "",
        invitation=first.invitation if first else "",
        small_print=first.small_print if first else "",
        language=translation.get_language() or shop.language,
    )


def drawn(preview: Preview) -> bytes:
    """The picture as a PNG."""
    shop = preview.shop
    shown = colours.tokens(shop.accent)
    return png(
        Card(
            fill=shown["fill"],
            ink=shown["on"],
            edge=shown["card_edge"],
            shop=shop.name,
            headline=preview.headline,
            lines=tuple(preview.lines),
            logo=bytes(shop.logo.data) if shop.logo else b"",
        )
    )
