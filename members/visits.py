"""One customer at the till: what they bought, and what every programme makes of it."""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q

from members import rooms
from members.ledger.models import Operation, Visit, local_day
from members.models import Membership, RetiredCode
from members.refusals import CardIsAnother


@dataclass(frozen=True)
class Purchase:
    """What staff know of a visit. Money in minor units of the shop's currency."""

    amount_minor: int | None = None  # None: nobody asked
    items: int = 0
    actions: tuple[str, ...] = ()  # by name, as the rules list them
    bought: bool = True  # False: they came by, or did something the shop likes
    attended: bool = False

    @property
    def kind(self) -> Visit.Kind:
        """What the visit is written down as."""
        if self.attended:
            return Visit.Kind.ATTENDANCE
        return Visit.Kind.PURCHASE if self.bought else Visit.Kind.ACTION


def note(op: Operation, membership: Membership, purchase: Purchase) -> Visit:
    """Write the visit down, as part of the operation that is about it."""
    visit = seen(op, membership, purchase)
    visit.save(force_insert=True)
    return visit


def seen(op: Operation, membership: Membership, purchase: Purchase) -> Visit:
    """The visit, not written down yet."""
    counter = op.counter
    return Visit(
        shop=op.shop,
        membership=membership,
        operation=op,
        location=counter.location if counter else None,
        counter=counter,
        staff=op.staff,
        kind=purchase.kind,
        amount_minor=purchase.amount_minor,
        at=op.occurred_at,
    )


def follow(op: Operation, visit: Visit, purchase: Purchase) -> list[dict[str, Any]]:
    """Let every programme give what a visit earns by itself. Returns what each gave, to be told."""
    given: list[dict[str, Any]] = []
    for visited in rooms.answering("visited"):
        given += visited(op, visit, purchase)
    return given


def heard(card: int | OuterRef) -> Q:
    """Does anybody want to hear of a card's visits? To be asked along with something else."""
    asked = (hears_visits(card) for hears_visits in rooms.answering("hears_visits"))
    return reduce(or_, (Q(Exists(rows)) for rows in asked), Q())


def must_be_in_use(op: Operation, membership: Membership) -> None:
    """Under the lock: is it still a card of its own? Refused: CardIsAnother."""
    if Membership.objects.filter(pk=membership.pk).exclude(merged_into=None).exists():
        raise moved(op, membership)


def moved(op: Operation, membership: Membership) -> CardIsAnother:
    """It became part of another card: when."""
    retired = RetiredCode.objects.filter(counter_code=membership.counter_code).first()
    moment = retired.retired_at if retired else op.occurred_at
    return CardIsAnother(day=local_day(op.shop, moment).isoformat())
