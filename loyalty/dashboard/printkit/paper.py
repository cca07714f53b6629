"""What stands on a sheet of paper cards: the poster's promise, and on each card its own code."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.utils import translation
from django.utils.safestring import SafeString

from loyalty import codes, qr
from loyalty.dashboard.programme.cards import promised_by
from loyalty.models import Shop
from members import kinds
from members.models import Membership, PaperCard
from members.paper.operations import CARDS_ON_A_SHEET

LONG, LONGEST = 30, 48  # letters of a headline above which it is set smaller


@dataclass(frozen=True)
class Face:
    """One card: its code and its six digits."""

    counter_code: str
    digits: str
    name: str = ""  # whose it is, where somebody has it
    on_paper: bool = True  # and not on a phone: whoever scans it may move it to one

    @property
    def code(self) -> SafeString:
        """In capitals it fits the dense alphanumeric mode, and stays readable this small."""
        return qr.svg(f"{settings.PUBLIC_URL.upper()}/S/{self.counter_code}", level="Q")


@dataclass(frozen=True)
class CardSheet:
    """The cards of one sheet that nobody has yet, in the shop's language."""

    shop: Shop
    headline: str
    small_print: str
    faces: list[Face]

    @property
    def size(self) -> str:
        """How the headline is set, as a class: it must fit its panel."""
        letters = len(self.headline)
        return "longest" if letters > LONGEST else "long" if letters > LONG else ""


def sheet_of(shop: Shop, sheet: UUID) -> CardSheet:
    """A sheet to print, or to print again. A card somebody has is not printed twice.

    404: no such sheet in this shop, or all of it in use.
    """
    cards = PaperCard.objects.filter(shop=shop, sheet=sheet, membership=None).order_by("pk")
    faces = [Face(c.counter_code, codes.spoken(c.short_code)) for c in cards]
    if not faces:
        raise Http404
    return _sheet(shop, faces)


def sample_of(shop: Shop) -> CardSheet:
    """What a sheet looks like. Its codes are nobody's."""
    return _sheet(shop, [Face("0" * codes.COUNTER_CODE_LENGTH, "123 456")] * CARDS_ON_A_SHEET)


def sheets_for(shop: Shop, members: list[Membership]) -> list[CardSheet]:
    """The cards of members on paper, ten to a sheet."""
    faces = [Face(m.counter_code, m.spoken_code, m.name, m.unclaimed) for m in members]
    tens = range(0, len(faces), CARDS_ON_A_SHEET)
    return [_sheet(shop, faces[ten : ten + CARDS_ON_A_SHEET]) for ten in tens]


def _sheet(shop: Shop, faces: list[Face]) -> CardSheet:
    programme, version = promised_by(shop)
    room = kinds.kind(programme.kind)
    with translation.override(shop.language):
        headline = room.headline(shop, version)
        small_print = room.small_print(shop, version)
    return CardSheet(shop, headline, small_print, faces)
