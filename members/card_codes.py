"""The codes of a card as its shop knows them: which are free, and which are dead."""

from loyalty import codes
from members.ledger.models import Operation
from members.models import Membership, PaperCard, RetiredCode


def free_short_code() -> str:
    """A code no card of this shop has or had. Of two who choose alike, the database stops one."""
    while True:
        short = codes.short_code()
        cards = (
            kind.objects.filter(short_code=short) for kind in (Membership, RetiredCode, PaperCard)
        )
        if not any(kind.exists() for kind in cards):
            return short


def retire_codes(op: Operation, card: Membership, leads_to: Membership) -> RetiredCode:
    """The card's codes are dead from this moment."""
    return RetiredCode.objects.create(
        shop=op.shop,
        membership=leads_to,
        counter_code=card.counter_code,
        short_code=card.short_code,
        retired_at=op.occurred_at,
    )
