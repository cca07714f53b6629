"""What stands on a piece of the print kit. One template is its preview, its page and its PDF."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise, cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from loyalty import qr
from loyalty.models import Shop
from members import kinds
from members.models import Programme, RuleVersion

LONG, LONGEST = 34, 62  # letters of a headline above which it is set smaller
WIDER = 1.3  # so much more room a capital takes


@dataclass(frozen=True)
class Kind:
    """A piece of paper. Its name is also the source of whoever joins by it."""

    name: str
    title: "str | Promise"
    use: "str | Promise"
    button: "str | Promise"
    template: str = "print/_sheet.html"


KINDS = {
    kind.name: kind
    for kind in (
        Kind("a4", _("Poster"), _("For the wall where people wait."), _("Print A4")),
        Kind("a5", _("Counter sign"), _("For a stand at the till."), _("Print A5")),
        Kind(
            "tent",
            _("Table tent"),
            _("For the tables. A4: fold it along the line, and it stands."),
            _("Print table tent"),
            "print/_tent.html",
        ),
        Kind(
            "display",
            _("Till display"),
            _("For a small holder beside the till, 148 × 105 mm."),
            _("Print till display"),
            "print/_display.html",
        ),
        Kind(
            "window",
            _("Window sticker"),
            _("For the door, 100 × 100 mm."),
            _("Print sticker"),
            "print/_window.html",
        ),
        Kind(
            "staff",
            _("Staff card"),
            _("For whoever stands at the till: what to say, and the code to hold out."),
            _("Print staff card"),
            "print/_staff.html",
        ),
    )
}


@dataclass(frozen=True)
class Wish:
    """How somebody wants their pieces. `headline`: their own words, or "" for the promise."""

    language: str
    save_ink: bool = False
    headline: str = ""

    @property
    def query(self) -> str:
        """It is part of the address of every piece, and kept nowhere else."""
        asked: dict[str, Any] = {"lang": self.language}
        if self.save_ink:
            asked["ink"] = "save"
        if self.headline:
            asked["headline"] = self.headline
        return urlencode(asked)


@dataclass(frozen=True)
class Poster:
    """One piece as somebody wants it."""

    kind: Kind
    shop: Shop
    wish: Wish
    headline: str
    invitation: str
    small_print: str

    @property
    def language(self) -> str:
        return self.wish.language

    @property
    def save_ink(self) -> bool:
        return self.wish.save_ink

    @property
    def query(self) -> str:
        """How this piece was asked for, to ask for it again in another format."""
        return self.wish.query

    @property
    def size(self) -> str:
        """How the headline is set, as a class: it must fit its panel."""
        letters = sum(WIDER if letter.isupper() else 1 for letter in self.headline)
        return "longest" if letters > LONGEST else "long" if letters > LONG else ""

    @property
    def link(self) -> str:
        return f"{settings.PUBLIC_URL}{self._path}?p={self.kind.name}"

    @property
    def address(self) -> str:
        """The link in words, for whoever can't scan: without scheme and source."""
        return (urlsplit(settings.PUBLIC_URL).netloc + self._path).rstrip("/")

    @cached_property
    def code(self) -> SafeString:
        return qr.svg(self.link, level="Q")

    @property
    def _path(self) -> str:
        return reverse("join:join", args=[self.shop.slug])


def promise(programme: Programme, version: RuleVersion, language: str) -> str:
    """What the rules promise in one line, in a language."""
    with translation.override(language):
        return kinds.kind(programme.kind).headline(programme.shop, version)


def pieces_of(
    programme: Programme, version: RuleVersion, wish: Wish, which: Iterable[Kind]
) -> list[Poster]:
    """Pieces that promise what these rules promise, in the shop's own words or in ours."""
    room, shop = kinds.kind(programme.kind), programme.shop
    with translation.override(wish.language):
        headline = wish.headline or room.headline(shop, version)
        invitation = room.invitation(shop, version)
        small_print = room.small_print(shop, version)
    return [Poster(kind, shop, wish, headline, invitation, small_print) for kind in which]
