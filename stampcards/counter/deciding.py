"""What a manager decides about an action that came too late, or not at all."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from loyalty import clock
from loyalty.actors import Actor
from loyalty.models import Counter
from loyalty.refusals import Refused
from members.ledger import posting
from members.ledger.models import Operation
from members.models import Membership, PaperCard, Programme, RetiredCode
from members.paper.cards import member_of
from members.paper.operations import stored
from stampcards.counter.models import LateAction
from stampcards.operations import Stamped, stamp_card

State = LateAction.State
BELIEVABLE = timedelta(days=30)  # a device's time further back is taken for a wrong clock


class DecidedAlready(Refused):
    """Somebody was quicker."""

    code = "late_action_decided"

    def __str__(self) -> str:
        return _("Somebody has decided this already.")


class NobodysCard(Refused):
    """The code leads to no card of this shop."""

    code = "late_action_without_a_card"

    def __str__(self) -> str:
        return _("There is no card to put it on.")


def card_of(action: LateAction) -> Membership | None:
    """The card it was meant for, also after new codes, a move or a merge. None: there is none.

    A paper card that nobody has yet is the member it will make, not stored.
    """
    code = action.code.upper()
    by = {"short_code" if len(code) == 6 else "counter_code": code}
    card = Membership.objects.filter(**by).first()
    if card is None:
        retired = RetiredCode.objects.filter(**by).order_by("-pk").first()
        card = retired.membership if retired else None
    if card is None and (blank := PaperCard.objects.filter(**by, membership=None).first()):
        return member_of(blank)
    return card and card.became


def stamps_of(action: LateAction) -> int:
    """How many staff meant to give; 0 if that can't be read."""
    return _number(action, "count")


def _number(action: LateAction, field: str) -> int:
    text = (action.asked or {}).get(field, "")
    return int(text) if text.isdecimal() else 0


def count_it(action: LateAction, *, key: UUID, actor: Actor) -> Stamped:
    """Book a held action as what it was: with its staff, its counter and, if known, its time.

    Refused: DecidedAlready, NobodysCard, and what `add_stamps` refuses, but for its questions.
    """
    programmes = Programme.objects.filter(kind="stamps", pk=_number(action, "programme"))
    card, programme = card_of(action), programmes.first()
    if card is None or programme is None:
        raise NobodysCard
    at_the_till = replace(actor, staff=action.staff, counter=action.counter, at=happened(action))
    return _count(
        action=action,
        membership=stored(card, key=key, actor=at_the_till),
        programme=programme,
        count=stamps_of(action),
        extra=bool((action.asked or {}).get("extra")),
        key=key,
        actor=at_the_till,
    )


@posting.operation("count_late")
def _count(
    op: Operation,
    *,
    action: LateAction,
    membership: Membership,
    programme: Programme,
    count: int,
    extra: bool,
    key: UUID,
    actor: Actor,
) -> Stamped:
    _decide(action, State.APPROVED, actor)
    return stamp_card(
        op,
        membership=membership,
        programme=programme,
        count=count,
        extra=extra,
        again=True,  # nobody can be asked any more
        reason="other",
    )


def leave_out(action: LateAction, *, actor: Actor) -> None:
    """It is not booked. Refused: DecidedAlready."""
    _decide(action, State.DISMISSED, actor)


def put_back(action: LateAction) -> None:
    """Take the leaving out back: it waits again."""
    left_out = LateAction.objects.filter(pk=action.pk, state=State.DISMISSED)
    left_out.exclude(decided_by=None).update(state=State.HELD, decided_by=None, decided_at=None)


def has_been_seen(counter: Counter, *, actor: Actor) -> None:
    """The manager knows that actions of this counter are missing."""
    notices = LateAction.objects.filter(counter=counter).notices()
    notices.update(state=State.DISMISSED, decided_by=actor.person, decided_at=clock.now())


def happened(action: LateAction) -> datetime:
    """When to book it: when it happened, unless the device can't have known."""
    claimed = action.happened_at or action.received_at
    if not action.received_at - BELIEVABLE <= claimed <= action.received_at:
        return action.received_at
    return claimed


def _decide(action: LateAction, state: LateAction.State, actor: Actor) -> None:
    waiting: QuerySet[LateAction] = LateAction.objects.filter(pk=action.pk).for_a_manager()
    won = waiting.update(state=state, decided_by=actor.person, decided_at=clock.now())
    if not won:
        raise DecidedAlready
