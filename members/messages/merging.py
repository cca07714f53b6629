"""Two cards become one: what was told comes along, and nobody who stopped mail gets any."""

from typing import Any

from loyalty.outbox import operations as outbox
from loyalty.outbox.models import OutboxMessage
from members.ledger.models import Operation
from members.messages import mailing
from members.messages.models import Message
from members.models import Consent, Membership
from members.models.consents import ConsentQuerySet

Purpose = Message.Purpose


def hand_on(op: Operation, gone: Membership, kept: Membership) -> dict[str, Any]:
    """Messages and the answer about news follow the card that is kept. Returns what moved."""
    moved = {"messages": _move_messages(gone, kept), "consents": _move_consents(op, gone, kept)}
    if not _will_want_service_mail(kept, gone):
        mailing.call_off(kept, Purpose.SERVICE)
    if not mailing.wants(kept, Purpose.NEWS):
        mailing.call_off(kept, Purpose.NEWS)
    return moved


def _will_want_service_mail(kept: Membership, gone: Membership) -> bool:
    """A card that nobody had saved takes over the other one's owner, and what they chose."""
    return kept.service_mail or (kept.person_id is None and gone.service_mail)


def _move_messages(gone: Membership, kept: Membership) -> list[int]:
    """What both were told stays with each; a second mail about it that waits is called off."""
    told_both = Message.objects.true().filter(membership=kept).values("once")
    doubled = Message.objects.true().filter(membership=gone, once__in=told_both)
    outbox.call_off(OutboxMessage.objects.filter(pk__in=doubled.values("posted")))
    moving = Message.objects.filter(membership=gone).exclude(pk__in=doubled.values("pk"))
    moved = list(moving.values_list("pk", flat=True))
    Message.objects.filter(pk__in=moved).update(membership=kept)
    return moved


def _move_consents(op: Operation, gone: Membership, kept: Membership) -> dict[str, list[int]]:
    """What was said about news counts on a card that never said anything.

    Who took it back on either card gets no news on the one that is kept.
    """
    theirs, own = _latest(gone), _latest(kept)
    if own is None:
        moving = Consent.objects.filter(membership=gone)
        moved = list(moving.values_list("pk", flat=True))
        Consent.objects.filter(pk__in=moved).update(membership=kept)
        return {"moved": moved}
    if own.withdrawn_at:
        return {}
    if theirs and theirs.withdrawn_at:
        _end(Consent.objects.filter(pk=own.pk), op, Consent.Way.MERGE)
        return {"ended": [own.pk]}
    return {"stood": [own.pk]}


def _latest(card: Membership) -> Consent | None:
    return Consent.objects.filter(membership=card).order_by("-pk").first()


def _end(consents: ConsentQuerySet, op: Operation, way: str) -> None:
    consents.stands().update(withdrawn_at=op.occurred_at, withdrawn_by=way)


def hand_back(op: Operation, undone: Operation, gone: Membership, kept: Membership) -> None:
    """Each has its own again. Who stopped mail on the one card has stopped it on both."""
    answer = undone.answer or {}
    moved = Message.objects.filter(membership=kept, pk__in=answer["moved"].get("messages", []))
    moved.update(membership=gone)
    _part_consents(op, gone, kept, answer["moved"].get("consents", {}))
    if "service_mail" in answer["filled_in"] and not kept.service_mail:
        gone.service_mail = False
        gone.save(update_fields=["service_mail"])


def _part_consents(
    op: Operation, gone: Membership, kept: Membership, then: dict[str, list[int]]
) -> None:
    said = _latest(kept)
    if then.get("stood") and said and said.withdrawn_at:
        _end(Consent.objects.filter(membership=gone), op, said.withdrawn_by)
    if said and said.pk in then.get("ended", []):  # nothing was said since
        Consent.objects.filter(pk=said.pk).update(withdrawn_at=None, withdrawn_by="")
    theirs = Consent.objects.filter(membership=kept, pk__in=then.get("moved", []))
    theirs.update(membership=gone)
