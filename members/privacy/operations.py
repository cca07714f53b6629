"""A card is deleted, brought back, and for good erased."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from loyalty.journal import operations as journal
from loyalty.models import Person
from loyalty.outbox import operations as outbox
from loyalty.outbox.models import OutboxMessage
from loyalty.refusals import Refused
from members.family import cards_of
from members.ledger import posting
from members.ledger.models import Operation
from members.merging import merge
from members.messages.models import Message
from members.messages.operations import locked
from members.models import Membership
from members.privacy import forgetting, people
from members.privacy.models import Erasure, new_pseudonym


class GoneForGood(Refused):
    """It was erased, or its 14 days are over."""

    code = "gone_for_good"

    def __str__(self) -> str:
        return _("This card can't be brought back any more.")


@transaction.atomic
def leave(
    membership: Membership,
    *,
    actor: Actor | None = None,
    asked_at: datetime | None = None,
    pseudonym: str = "",
) -> Erasure:
    """A card is deleted: it opens nothing, counters refuse it, and no mail about it goes out.

    For 14 days it can be brought back as it was; then it is erased. Twice is once. `actor`: who
    did it, if that was the shop; then it stands in its log. `asked_at`, `pseudonym`: as they were
    when this was asked for in a database that is lost.
    """
    card = locked(membership)
    if known := Erasure.objects.stands().filter(membership=card).first():
        return known
    card.leaving_since = asked_at or clock.now()
    card.save(update_fields=["leaving_since"])
    told = Message.objects.filter(membership=card, posted__isnull=False)
    outbox.call_off(OutboxMessage.objects.filter(pk__in=told.values("posted")))
    if actor:
        journal.write(actor, "member_deleted", after={"member": card.pk})
    return Erasure.objects.create(
        shop=card.shop,
        membership=card,
        cards=[[each.pk, each.joined_at.isoformat()] for each in cards_of(card)],
        asked_at=card.leaving_since,
        pseudonym=pseudonym or new_pseudonym(),
    )


@transaction.atomic
def leave_everywhere(cards: Iterable[Membership], person: Person) -> None:
    """Somebody deletes all their cards, and their sign-in with the last that is erased.

    Without any card it goes at once. A colleague of a shop keeps it.
    """
    for card in cards:
        with scope(shop=card.shop):
            leave(card)
    people.forget_unless_needed(person.pk)


def bring_back(membership: Membership, *, actor: Actor | None = None) -> Membership:
    """Its owner wants it after all: everything is as it was. Returns the card to open.

    Who has joined again since gets both as one. `actor`: who did it, if that was the shop; then it
    stands in its log. Refused: GoneForGood.
    """
    card, newer = _stand_again(membership, actor)
    if newer is None:
        return card
    key = keys.derived("bring_back", card.pk, newer.pk)
    owner = Actor(card.shop, Channel.CARD, person=newer.person)
    merge(kept=newer, gone=card, key=key, actor=actor or owner)
    return newer


@transaction.atomic
def _stand_again(
    membership: Membership, actor: Actor | None
) -> tuple[Membership, Membership | None]:
    card = locked(membership)
    newer = _newer_card_of(card)
    if card.leaving_since is None:
        return card, None
    if card.erased_at or clock.now() >= (card.comes_back_until or card.leaving_since):
        raise GoneForGood
    if newer:  # one card a person: the two become one in a moment
        card.person = None
    card.leaving_since = None
    card.save(update_fields=["leaving_since", "person"])
    asked = Erasure.objects.stands().filter(membership=card)
    asked.update(called_off_at=clock.now(), noted_at=None)
    if actor:
        journal.write(actor, "member_back", after={"member": (newer or card).pk})
    return card, newer


def _newer_card_of(card: Membership) -> Membership | None:
    if card.person is None:
        return None
    return Membership.objects.current().filter(person=card.person).exclude(pk=card.pk).first()


class Erased(TypedDict):
    cards: list[int]


def erase(membership: Membership, *, now: datetime | None = None) -> Erased:
    """Nothing is left by which anybody could be found. What was deleted stays so; twice is once.

    A card that nobody asked to delete is not erased.
    """
    with scope(shop=membership.shop):
        asked = Erasure.objects.stands().filter(membership=membership).first()
    if asked is None:
        return {"cards": []}
    return _erase(
        membership=membership,
        erasure=asked,
        key=keys.derived("erase", asked.pseudonym),
        actor=Actor(membership.shop, Channel.JOB, at=now),
    )


@posting.operation("erase")
def _erase(
    op: Operation, *, membership: Membership, erasure: Erasure, key: UUID, actor: Actor
) -> Erased:
    membership.refresh_from_db()  # under the lock: it may have been brought back
    erasure.refresh_from_db()
    if erasure.called_off_at or membership.erased_at:
        return {"cards": []}
    cards = cards_of(membership)
    owners = {card.person_id for card in cards if card.person_id}
    erasure.contact_proof = forgetting.proof_of(erasure, cards)
    for card in cards:
        forgetting.forget_card(op, card)
    for owner in sorted(owners):
        people.forget_unless_needed(owner)
    erasure.erased_at, erasure.noted_at = op.occurred_at, None
    erasure.save(update_fields=["contact_proof", "erased_at", "noted_at"])
    return {"cards": [card.pk for card in cards]}


def erase_due(now: datetime) -> int:
    """Erase every card whose 14 days are over, in every shop. Counts cards; twice does no harm."""
    with scopes_disabled():
        due = Erasure.objects.due(now).select_related("membership__shop").order_by("pk")
        waiting = [asked.membership for asked in due]
    return sum(bool(erase(card, now=now)["cards"]) for card in waiting)
