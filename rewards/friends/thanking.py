"""Giving one side what it gets, as part of the operation that earned it."""

from datetime import date, datetime, timedelta
from typing import Any, TypedDict

from django.utils import translation
from django.utils.translation import gettext as _

from loyalty.models import Shop
from members import rooms
from members.ledger.models import Operation, local_day
from members.messages.models import Message
from members.messages.operations import take_off, tell
from members.models import Membership
from rewards.friends import words
from rewards.friends.models import Referral, Thanked, Thanks
from rewards.models import Claim
from rewards.operations import issue_claim

Behaviour, Side = Thanks.Behaviour, Thanks.Side
NEWS = "rewards/friends/news"  # the templates of what is told
PROGRAMME_OF = {Behaviour.STAMPS: "stamps", Behaviour.BONUS: "points"}


class Gave(TypedDict):
    """What one side got, to be told: a part of what a programme gave, or the title of a reward."""

    part: dict[str, Any] | None
    title: str


def thank(op: Operation, referral: Referral, side: Thanks.Side, card: Membership) -> Gave | None:
    """Give a side what the shop gives it now, once. None: it gives that side nothing."""
    thanks = Thanks.objects.filter(inviting__shop=op.shop, side=side).first()
    if thanks is None:
        return None
    thanks.shop = op.shop
    gave, claim = _give(op, thanks, card)
    if gave is None:
        return None
    thanked = Thanked.objects.create(
        shop=op.shop,
        referral=referral,
        side=side,
        operation=op,
        claim=claim,
        at=op.occurred_at,
    )
    _tell(thanked, thanks, card)
    return gave


def _give(op: Operation, thanks: Thanks, card: Membership) -> tuple[Gave | None, Claim | None]:
    if kind := PROGRAMME_OF.get(Behaviour(thanks.behaviour)):
        part = give_bonus(op, card, kind, thanks.n or 0)
        return ({"part": part, "title": ""}, None) if part else (None, None)
    with translation.override(op.shop.language):  # a claim is in the words of its shop
        title, terms = words.what(thanks), _terms(thanks)
    claim = issue_claim(
        op,
        membership=card,
        source=Claim.Source.FRIEND,
        title=title,
        terms=terms,
        value_minor=thanks.value_minor,
        percent=thanks.percent,
        off_minor=thanks.amount_minor,
        expires_on=last_day(thanks, local_day(op.shop, op.occurred_at)),
    )
    return {"part": None, "title": title}, claim


def give_bonus(op: Operation, card: Membership, kind: str, n: int) -> dict[str, Any] | None:
    """So many from the shop, in its first programme of a kind. None: it has none."""
    answers = (give(op, card, kind, n) for give in rooms.answering("give_bonus"))
    return next((part for part in answers if part), None)


def _terms(thanks: Thanks) -> str:
    """Three friends make three vouchers, not thirty percent (REF-04)."""
    if thanks.behaviour != Behaviour.PERCENT:
        return thanks.terms
    return f"{_('One voucher per visit.')} {thanks.terms}".strip()


def last_day(thanks: Thanks, today: date) -> date | None:
    if thanks.use_within_days is None:
        return None
    return today + timedelta(days=thanks.use_within_days)


def can_give(shop: Shop, behaviour: str) -> bool:
    """Is there something to put it on? Stamps and points need a programme that is on."""
    kind = PROGRAMME_OF.get(Behaviour(behaviour))
    return kind is None or words.programme(shop, kind) is not None


# --- What stands on the card about it -----------------------------------------------------


def _tell(thanked: Thanked, thanks: Thanks, card: Membership) -> None:
    referral = thanked.referral
    other = referral.friend if thanked.side == Side.MEMBER else referral.member
    tell(
        card,
        template=f"{NEWS}/{thanked.side}",
        values={"friend": words.first_name(other), "what": words.kept(thanks)},
        purpose=Message.Purpose.SERVICE,
        once=once(thanked),
        at=thanked.at,
    )


def say_no(friend: Membership, at: datetime) -> None:
    """Why an invitation brings nothing, to whoever came by it. The caller holds their card."""
    tell(
        friend,
        template="rewards/friends/news/refused",
        values={},
        purpose=Message.Purpose.SERVICE,
        once="friend-refused",
        at=at,
    )


def tell_no_more(thanked: Thanked, card: Membership) -> None:
    """It was taken back."""
    take_off(card, once(thanked))


def once(thanked: Thanked) -> str:
    return f"friend-{thanked.pk}"
