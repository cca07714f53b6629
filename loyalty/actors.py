"""Who asked: every entry says who, from where, and when it happened."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from loyalty.models import Counter, Person, Shop, StaffMember


class Channel(StrEnum):
    COUNTER = "counter"  # a paired device
    CARD = "card"  # the member's own page
    OWNER = "owner"  # the owner's pages
    JOB = "job"  # nobody: a rule of time


@dataclass(frozen=True)
class Actor:
    """Somebody who may act in one shop, as `loyalty.access` found them."""

    shop: Shop
    channel: Channel
    person: Person | None = None
    staff: StaffMember | None = None
    counter: Counter | None = None
    at: datetime | None = None  # when it happened; None: now

    @classmethod
    def of_counter(
        cls, counter: Counter, *, staff: StaffMember | None = None, at: datetime | None = None
    ) -> "Actor":
        """Whoever is on the till now; or who was, for what happened before and arrives late."""
        return cls(
            counter.shop, Channel.COUNTER, staff=staff or counter.staff, counter=counter, at=at
        )
