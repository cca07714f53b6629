"""A card that was deleted, as its shop still sees it: that it was, and what can be done."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from loyalty.actors import Actor
from loyalty.journal.models import Change
from loyalty.refusals import Refused
from members.models import Membership
from members.privacy import operations


class NotTheShops(Refused):
    """Its owner deleted it. Only they bring it back."""

    code = "not_the_shops"

    def __str__(self) -> str:
        return _("The member deleted this card. Only they can bring it back.")


@dataclass(frozen=True)
class Gone:
    """When it was deleted, and until when it comes back. `ours`: the shop did, and may undo it."""

    since: datetime
    until: datetime | None  # None: it is erased
    ours: bool


def of(card: Membership) -> Gone | None:
    """None: it is in use, or part of one that is."""
    if card.leaving_since is None:
        return None
    until = None if card.erased_at else card.comes_back_until
    return Gone(card.leaving_since, until, ours=until is not None and _by_the_shop(card))


def bring_back(card: Membership, *, actor: Actor) -> Membership:
    """As it was. Returns the card to open. Refused: NotTheShops, GoneForGood."""
    if card.leaving_since and not _by_the_shop(card):
        raise NotTheShops
    return operations.bring_back(card, actor=actor)


def _by_the_shop(card: Membership) -> bool:
    """Does the log say so, of this time and no earlier one?"""
    deleted = Change.objects.filter(what="member_deleted", after__member=card.pk)
    return deleted.filter(at__gte=card.leaving_since).exists()
