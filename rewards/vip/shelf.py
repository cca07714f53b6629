"""What a member sees of early access, on their card and on a page of its own."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, QuerySet

from loyalty.prepared import Given
from members.models import Membership
from rewards.vip import looks, words
from rewards.vip.looks import Look, State
from rewards.vip.models import Drop, Reservation, Vip

ON_THE_CARD = 3  # all of them have a page of their own


@dataclass(frozen=True)
class Shelf:
    badge: str = ""  # "VIP · Gold"
    looks: list[Look] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.badge and not self.looks

    @property
    def nearest(self) -> list[Look]:
        return self.looks[:ON_THE_CARD]

    @property
    def more(self) -> bool:
        return len(self.looks) > ON_THE_CARD


def shelf_of(membership: Membership, now: datetime) -> Shelf:
    """All of it."""
    picked = Vip.objects.filter(membership=membership, until=None).exists()
    found = looks.looks(membership, now)
    return Shelf(words.badge(found, picked=picked), found)


def with_something(card: Given, now: Given) -> QuerySet[Membership]:
    """The card, if its member is hand-picked, or has something kept, or anything can be seen."""
    picked = Vip.objects.filter(membership=card, until=None)
    kept = Reservation.objects.filter(membership=card).ready()
    anything = Exists(picked) | Exists(kept) | Exists(Drop.objects.current(now))
    return Membership.objects.filter(anything, pk=card)


def may_see(look: Look) -> bool:
    """Has this member any business with it? Its page is a 404 for all others."""
    teased = look.drop.others == Drop.Others.TEASER and look.right is not None
    return is_theirs(look) or look.state == State.LOCKED or (look.state == State.OVER and teased)


def is_theirs(look: Look) -> bool:
    """Do they see all of it, or only that there is something?"""
    if look.state == State.OVER:
        came = look.right is not None and look.opens_to_you is None
        return came or bool(look.had or look.waits)
    return look.state not in (State.LOCKED, State.HIDDEN)
