"""Finding paper cards: by their ten letters in whichever shop, by six digits in one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet
from django_scopes import scopes_disabled

from loyalty.models import Shop
from members.ledger.models import Operation
from members.models import Membership, PaperCard, RetiredCode

SHEETS_SHOWN = 5  # older ones are printed, cut and somewhere in a drawer


@dataclass(frozen=True)
class Sheet:
    """One printing: how many cards it had, and how many of them somebody has."""

    sheet: UUID
    printed_at: datetime
    cards: int
    in_use: int


def sheets_of(shop: Shop) -> list[Sheet]:
    """The latest sheets, newest first."""
    sheets = PaperCard.objects.filter(shop=shop).values("sheet")
    counted = sheets.annotate(
        printed_at=Min("printed_at"), cards=Count("pk"), in_use=Count("membership")
    )
    return [Sheet(**sheet) for sheet in counted.order_by("-printed_at")[:SHEETS_SHOWN]]


def printed(code: str) -> PaperCard | None:
    """The card with these ten letters, of whichever shop. None: no such one, or it is dead."""
    with scopes_disabled():
        return _good_ones().filter(counter_code=code).first()


def printed_digits(shop: Shop, short: str) -> PaperCard | None:
    """The card of this shop with these six digits. None: no such one, or it is dead."""
    return _good_ones().filter(shop=shop, short_code=short).first()


def _good_ones() -> "QuerySet[PaperCard]":
    """Those nobody has, and those whose member has no other codes yet."""
    alive = Q(membership=None) | Q(membership__counter_code=F("counter_code"))
    cards = PaperCard.objects.select_related("shop", "membership")
    return cards.filter(alive, membership__merged_into=None, membership__leaving_since=None)


def member_of(paper: PaperCard) -> Membership:
    """Who has the card. Nobody: the member it will make, not stored; looking makes nothing."""
    return paper.membership or Membership(
        shop=paper.shop,
        counter_code=paper.counter_code,
        short_code=paper.short_code,
        language=paper.shop.language,
        source=Membership.Source.PAPER,
        unclaimed=True,
    )


def to_move(code: str) -> Membership | None:
    """The card that whoever holds these ten letters may move to their phone; maybe not stored yet.

    A card that nobody has makes a member only where customers can join.
    """
    with scopes_disabled():
        cards = Membership.objects.current().select_related("shop")
        card = cards.filter(counter_code=code, unclaimed=True).first()
    if card:
        return card
    paper = printed(code)
    return member_of(paper) if paper and paper.shop.live_since else None


def moved(code: str) -> Membership | None:
    """The member whose card had these ten letters until it was moved to a phone."""
    with scopes_disabled():
        codes = RetiredCode.objects.select_related("membership__shop")
        retired = codes.filter(counter_code=code).first()
        return retired.membership if retired and move_of(retired) else None


def move_of(retired: RetiredCode) -> Operation | None:
    """What moved the card to a phone and made this code a dead one, if that is how it died."""
    moves = Operation.objects.filter(membership=retired.membership_id, kind="move_to_phone")
    return moves.filter(answer__retired=retired.pk).first()
