"""Staff make a card for somebody who has no phone with them, and told a number or an e-mail."""

import json
from dataclasses import asdict, dataclass
from typing import TypedDict
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from loyalty import codes
from loyalty.actors import Actor
from loyalty.models import Shop
from loyalty.outbox import operations as outbox
from loyalty.refusals import Refused
from members.card_codes import free_short_code
from members.ledger import posting
from members.ledger.models import Operation
from members.models import Membership
from members.operations import open_programmes, take_in


class NotOpenYet(Refused):
    """The shop is still being set up."""

    code = "not_open_yet"

    def __str__(self) -> str:
        return _("This is a preview. Start the programme first.")


@dataclass(frozen=True)
class Contact:
    """What somebody said of themselves. `phone` is E.164; "" is what they left out."""

    phone: str = ""
    name: str = ""
    email: str = ""

    def __str__(self) -> str:
        # An operation keeps a fingerprint of this for ever, so nobody may read a number from it.
        told = json.dumps(asdict(self))
        return salted_hmac("members.joining.contact", told, algorithm="sha256").hexdigest()


class Enrolled(TypedDict):
    cards: list[int]
    made: bool


@posting.operation("enrol")
def enrol(op: Operation, *, contact: Contact, key: UUID, actor: Actor) -> Enrolled:
    """Make a card for somebody at the counter; or, if the number is on cards here, name those.

    Needs a number or an e-mail. The address gets the link to the new card and is not kept: nobody
    proved it. Without one, the card waits for whoever takes it over.
    Refused: NotOpenYet, ShopPaused.
    """
    if actor.shop.live_since is None:
        raise NotOpenYet
    _one_at_a_time(op.shop)
    if known := _cards_with(contact.phone):
        return {"cards": known, "made": False}
    card = take_in(
        op,
        open_programmes(op),
        name=contact.name,
        named=bool(contact.name),
        phone=contact.phone,
        counter_code=codes.counter_code(),
        short_code=free_short_code(),
        language=op.shop.language,
        source=Membership.Source.COUNTER,
        unclaimed=not contact.email,
    )
    if contact.email:
        _send_link(card, contact.email)
    return {"cards": [card.pk], "made": True}


def _one_at_a_time(shop: Shop) -> None:
    """Two tills are told one number: the second waits, and finds the card the first one made."""
    Shop.objects.lock(shop)


def _cards_with(phone: str) -> list[int]:
    cards = Membership.objects.current().filter(phone=phone) if phone else Membership.objects.none()
    return list(cards.order_by("pk").values_list("pk", flat=True))


def _send_link(card: Membership, email: str) -> None:
    outbox.post(
        to=email,
        template="members/joining/mail/your_card",
        values={
            "shop": card.shop.name,
            "link": settings.PUBLIC_URL + reverse("card:card", args=[card.private]),
            "card": card.pk,  # the link may be another by the time this is to be forgotten
        },
        language=card.language,
        headers={"Reply-To": card.shop.contact_email},
    )
