"""What a manager decides about an action that came too late, or not at all."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from loyalty import clock
from loyalty.actors import Actor
from loyalty.journal import operations as journal
from loyalty.models import Counter
from loyalty.refusals import Refused
from members import kinds
from members.giving import GivingForm
from members.ledger import accounts, posting
from members.ledger.models import Account, Operation
from members.models import Membership, PaperCard, Programme, RetiredCode, RuleVersion
from members.paper.cards import member_of
from members.paper.operations import stored
from stampcards.counter.late import Unreadable
from stampcards.counter.models import LateAction

State = LateAction.State
LONGEST_NUMBER = 18  # digits of one that a database holds
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
    """The card it was meant for, also after new codes, a move or a merge. None: there is none, or
    its owner deleted it.

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
    return card.became if card and card.became.leaving_since is None else None


@dataclass(frozen=True)
class Wish:
    """What staff meant to give, and the rules of the moment it happened."""

    programme: Programme
    rules: RuleVersion
    form: GivingForm

    def __str__(self) -> str:
        """1 stamp; 7 points, 74 kr."""
        words: str = kinds.kind(self.programme.kind).asked_words(self.rules, self.form)
        return words


def wish_of(action: LateAction) -> Wish | None:
    """What a device's form asked for. None: that can't be read."""
    programme = _programme_of(action)
    if programme is None:
        return None
    rules = accounts.newest_rules(programme, happened(action))
    rules.programme = programme
    account = Account(shop=programme.shop, programme=programme, rule_version=rules)
    asked = {**(action.asked or {}), "key": str(action.key)}
    form = kinds.kind(programme.kind).counter_form(account, asked)
    return Wish(programme, rules, form) if form.is_valid() else None


def _programme_of(action: LateAction) -> Programme | None:
    named = (action.asked or {}).get("programme", "")
    if not named.isdecimal() or len(named) > LONGEST_NUMBER:
        return None
    return Programme.objects.select_related("shop").filter(pk=int(named)).first()


def count_it(action: LateAction, *, key: UUID, actor: Actor) -> dict[str, Any]:
    """Book a held action as what it was: with its staff, its counter and, if known, its time.

    Refused: DecidedAlready, NobodysCard, Unreadable, and what the kind of programme refuses, but
    for its questions.
    """
    card = card_of(action)
    if card is None:
        raise NobodysCard
    if wish_of(action) is None:
        raise Unreadable
    at_the_till = replace(actor, staff=action.staff, counter=action.counter, at=happened(action))
    return _count(
        action=action,
        membership=stored(card, key=key, actor=at_the_till),
        key=key,
        actor=at_the_till,
    )


@posting.operation("count_late")
def _count(
    op: Operation, *, action: LateAction, membership: Membership, key: UUID, actor: Actor
) -> dict[str, Any]:
    _decide(action, State.APPROVED, actor)
    wish = cast(Wish, wish_of(action))
    kind = kinds.kind(wish.programme.kind)
    answer: dict[str, Any] = kind.book(op, membership, wish.programme, wish.form)
    return answer


@transaction.atomic
def leave_out(action: LateAction, *, actor: Actor) -> None:
    """It is not booked. Refused: DecidedAlready."""
    _decide(action, State.DISMISSED, actor)
    journal.write(actor, "late_left_out", location=action.counter.location, after=_about(action))


@transaction.atomic
def put_back(action: LateAction, *, actor: Actor) -> None:
    """Take the leaving out back: it waits again."""
    left_out = LateAction.objects.filter(pk=action.pk, state=State.DISMISSED)
    left_out = left_out.exclude(decided_by=None)
    if left_out.update(state=State.HELD, decided_by=None, decided_at=None):
        place = action.counter.location
        journal.write(actor, "late_put_back", location=place, after=_about(action))


def _about(action: LateAction) -> dict[str, Any]:
    """For the journal: who gave it, and when."""
    return {"staff": action.staff_id, "happened_at": happened(action)}


@transaction.atomic
def has_been_seen(counter: Counter, *, actor: Actor) -> None:
    """The manager knows that actions of this counter are missing."""
    notices = LateAction.objects.filter(counter=counter).notices()
    if notices.update(state=State.DISMISSED, decided_by=actor.person, decided_at=clock.now()):
        journal.write(actor, "missing_seen", about=counter.name, location=counter.location)


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
