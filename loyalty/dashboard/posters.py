"""What stands on a poster. One template is its preview, its printable page and its PDF."""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from loyalty import qr
from loyalty.models import Shop
from members import kinds
from members.models import Programme, RuleVersion

LONG, LONGEST = 34, 62  # letters of a headline above which it is set smaller


@dataclass(frozen=True)
class Kind:
    """A piece of paper. Its name is also the source of whoever joins by it."""

    name: str
    title: "str | Promise"
    use: "str | Promise"
    button: "str | Promise"


KINDS = {
    kind.name: kind
    for kind in (
        Kind("a4", _("Poster"), _("For the wall where people wait."), _("Print A4")),
        Kind("a5", _("Counter sign"), _("For a stand at the till."), _("Print A5")),
    )
}


@dataclass(frozen=True)
class Poster:
    """One poster in one language."""

    kind: Kind
    shop: Shop
    language: str
    save_ink: bool
    headline: str
    small_print: str

    @property
    def size(self) -> str:
        """How the headline is set, as a class: it must fit its panel."""
        letters = len(self.headline)
        return "longest" if letters > LONGEST else "long" if letters > LONG else ""

    @property
    def link(self) -> str:
        return f"{settings.PUBLIC_URL}{self._path}?p={self.kind.name}"

    @property
    def query(self) -> str:
        """How this poster was asked for, to ask for it again in another format."""
        return urlencode({"lang": self.language, **({"ink": "save"} if self.save_ink else {})})

    @property
    def address(self) -> str:
        """The link in words, for whoever can't scan: without scheme and source."""
        return (urlsplit(settings.PUBLIC_URL).netloc + self._path).rstrip("/")

    @property
    def code(self) -> SafeString:
        return qr.svg(self.link, level="Q")

    @property
    def _path(self) -> str:
        return reverse("join:join", args=[self.shop.slug])


def poster_of(
    programme: Programme, version: RuleVersion, kind: Kind, *, language: str, save_ink: bool
) -> Poster:
    """The poster that promises what these rules promise."""
    room = kinds.kind(programme.kind)
    with translation.override(language):
        return Poster(
            kind=kind,
            shop=programme.shop,
            language=language,
            save_ink=save_ink,
            headline=room.headline(programme.shop, version),
            small_print=room.small_print(programme.shop, version),
        )
