"""What happened on one card, operation by operation, as its shop sees it: who, where, how much."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet

from loyalty.dashboard.deeds import DEEDS, Deeds, Part
from loyalty.dashboard.members.forms import TakeBackForm
from members.ledger.models import LedgerEntry, Operation
from members.models import Membership
from members.operations import FINAL, VOIDABLE_FOR
from rewards.models import Claim, HandOver
from rewards.tiers.models import TierMove

LINES_A_PAGE = 25
# What time did is set right with the balance, not taken back.
STANDS = (*FINAL, "expire")


@dataclass(frozen=True)
class Line:
    """An operation."""

    operation: Operation
    parts: list[Part]
    who: str  # "Storgata, Ola"
    paid: str  # "74 kr", or ""
    undone: str  # "Taken back by Ingrid: Refund", or ""
    form: TakeBackForm | None  # None: it stands, or is gone

    @property
    def at(self) -> datetime:
        return self.operation.occurred_at


def page_of(
    card: Membership, number: str, now: datetime, refused: TakeBackForm | None = None
) -> tuple[Page, list[Line]]:
    """One page, latest first. `refused`: the form that was just said no to."""
    page = Paginator(_told(card), LINES_A_PAGE).get_page(number)
    operations = list(page)
    deeds = Deeds(card.shop, operations, card)
    lines = [_line(card, deeds, operation, now, refused) for operation in operations]
    return page, lines


def _told(card: Membership) -> QuerySet[Operation]:
    """The operations of a card that there is something to say about."""
    own = LedgerEntry.objects.filter(account__membership=card)
    booked = Exists(own.filter(operation=OuterRef("pk")))
    handed = Exists(HandOver.objects.filter(operation=OuterRef("pk")))
    back = Exists(HandOver.objects.filter(undone_by=OuterRef("pk")))
    issued = Exists(Claim.objects.filter(operation=OuterRef("pk")))
    moved = Exists(TierMove.objects.filter(operation=OuterRef("pk"), membership=card))
    deed = Q(kind__in=[*DEEDS], answer__also__isnull=True)
    left_a_trace = deed | handed | back | issued | moved
    here = Q(membership=card, answer__refused__isnull=True) & left_a_trace
    # An operation may book on two cards, and what made the card stands on none.
    elsewhere = Q(pk__in=own.values("operation"))
    operations = Operation.objects.filter(here | (elsewhere & booked))
    return operations.select_related("staff", "actor", "counter__location").order_by("-pk")


def _line(
    card: Membership,
    deeds: Deeds,
    operation: Operation,
    now: datetime,
    refused: TakeBackForm | None,
) -> Line:
    undone = deeds.undone(operation)
    form = None
    if not undone and _can_be_taken_back(card, deeds, operation, now):
        mine = refused if refused and refused.of == operation else None
        form = mine or TakeBackForm(of=operation)
    return Line(
        operation=operation,
        parts=list(deeds.parts(operation)),
        who=deeds.who_and_where(operation),
        paid=deeds.paid(operation),
        undone=undone,
        form=form,
    )


def _can_be_taken_back(card: Membership, deeds: Deeds, operation: Operation, now: datetime) -> bool:
    if card.merged_into_id or operation.membership_id != card.pk:
        return False
    if operation.kind in STANDS or operation.occurred_at + VOIDABLE_FOR < now:
        return False
    booked = deeds.entries[operation.pk] or deeds.handed[operation.pk]
    return bool(booked) or deeds.still_reserved(operation)
