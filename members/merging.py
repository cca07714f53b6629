"""Two cards of one person become one; and for a day they can become two again."""

from datetime import timedelta
from typing import Any, TypedDict, cast
from uuid import UUID

from django_scopes import scope

from loyalty.actors import Actor, Channel
from members import rooms
from members.card_codes import retire_codes
from members.ledger import accounts, posting, reversing
from members.ledger.models import Account, Operation
from members.ledger.refusals import AlreadySpent
from members.models import Membership, RetiredCode
from members.refusals import MergeStands, NothingToUndo, NotMergeable, SavedByTwo, TooLateToUndo

UNDOABLE_FOR = timedelta(hours=24)
# What is filled in from the other card, and its columns.
NOTHING: dict[str, Any] = {
    "name": "",
    "person": None,
    "phone": "",
    "birthday": None,
    "service_mail": False,
    "note": "",
}
COLUMNS = ["name", "person", "phone", "birth_day", "birth_month", "service_mail", "note"]


class Merged(TypedDict):
    """What there is to know when it is undone. No name stands here: answers are kept for ever."""

    membership: int
    gone: int
    filled_in: list[str]
    claimed: bool  # the card that is kept came onto a phone by this
    owed: dict[str, int]  # programme: what moved of a shortfall
    moved: dict[str, Any]  # as the rooms said


@posting.operation("merge")
def merge(op: Operation, *, kept: Membership, gone: Membership, key: UUID, actor: Actor) -> Merged:
    """Make one card of two: every line kept, dates kept, the welcome counted once.

    The codes and the link of the card that is gone lead to the one that is kept. Name `kept`
    first: the operation stands on that card. Refused: NotMergeable, SavedByTwo.
    """
    gone.refresh_from_db()  # under the lock: somebody may have been quicker
    kept.refresh_from_db()
    if gone.pk == kept.pk or gone.merged_into_id or kept.merged_into_id:
        raise NotMergeable
    if actor.channel != Channel.CARD and _are_two_people(gone, kept):
        raise SavedByTwo
    owed = _owed(gone)
    moved: dict[str, Any] = {}
    for merged in rooms.answering("merged"):
        moved |= merged(op, gone, kept) or {}
    retire_codes(op, gone, kept)
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    still_owed = _owed(gone)
    return {
        "membership": kept.pk,
        "gone": gone.pk,
        "filled_in": _fill_in(kept, gone),
        "claimed": _claim(kept, gone),
        "owed": {where: n for where, n in owed.items() if where not in still_owed},
        "moved": moved,
    }


def undo_merge(*, undone: Operation, moved: bool = False, key: UUID, actor: Actor) -> "Undone":
    """Make two cards of one again, each as it was: balance, dates, rewards, codes, name.

    What the kept card got since stays with it. Any counter of the shop may, if a counter merged
    them, or if by it a paper card was `moved` to a phone. Refused: NothingToUndo, TooLateToUndo,
    MergeStands, AlreadySpent, and what the rooms refuse.
    """
    merged = cast(Merged, undone.answer or {})
    if "gone" not in merged:  # it was refused
        raise NothingToUndo
    with scope(shop=undone.shop):
        cards = Membership.objects.in_bulk([merged["gone"], merged["membership"]])
    gone, kept = cards[merged["gone"]], cards[merged["membership"]]
    return _part(undone=undone, kept=kept, gone=gone, moved=moved, key=key, actor=actor)


class Undone(TypedDict):
    undone: str


@posting.operation("undo")
def _part(
    op: Operation,
    *,
    undone: Operation,
    kept: Membership,
    gone: Membership,
    moved: bool,
    key: UUID,
    actor: Actor,
) -> Undone:
    gone.refresh_from_db()  # under the lock of both
    kept.refresh_from_db()
    _check(op, undone, actor, gone, kept, moved=moved)
    merged = cast(Merged, undone.answer)
    for may_undo in rooms.answering("may_undo"):
        may_undo(op, undone)
    touched = reversing.part(op, undone)
    _move_debts_back(op, merged, gone, kept)
    for account in touched:
        posting.settle_debt(op, account)
    for unmerged in rooms.answering("unmerged"):
        unmerged(op, undone, gone, kept)
    _give_back_what_was_filled_in(kept, gone, merged)
    RetiredCode.objects.filter(counter_code=gone.counter_code).delete()
    gone.merged_into = None
    gone.save(update_fields=["merged_into"])
    posting.tell_also(op, kept if undone.membership_id == gone.pk else gone)
    for account in touched:
        for settle in rooms.answering("settle"):
            settle(op, account)
    return {"undone": str(undone.key)}


def _check(
    op: Operation,
    undone: Operation,
    actor: Actor,
    gone: Membership,
    kept: Membership,
    *,
    moved: bool,
) -> None:
    undos = Operation.objects.filter(kind="undo", membership=undone.membership)
    if undos.filter(answer__undone=str(undone.key)).exists():
        raise NothingToUndo
    if actor.channel == Channel.COUNTER and undone.counter_id is None and not moved:
        raise TooLateToUndo  # the customer merged them, on the card page
    if op.occurred_at > undone.occurred_at + UNDOABLE_FOR:
        raise MergeStands
    if kept.merged_into_id or _has_another_card(gone, kept):
        raise AlreadySpent


def _are_two_people(gone: Membership, kept: Membership) -> bool:
    return None not in (gone.person_id, kept.person_id) and gone.person_id != kept.person_id


def _has_another_card(gone: Membership, kept: Membership) -> bool:
    """Has its person got a card elsewhere since? Everybody has one in a shop."""
    if gone.person_id is None:
        return False
    theirs = Membership.objects.current().filter(person=gone.person_id)
    return theirs.exclude(pk=kept.pk).exists()


def _owed(card: Membership) -> dict[str, int]:
    owing = Account.objects.filter(membership=card, shortfall__gt=0)
    return {str(account.programme_id): account.shortfall for account in owing}


def _move_debts_back(op: Operation, merged: Merged, gone: Membership, kept: Membership) -> None:
    owing = Account.objects.filter(membership=gone, programme__in=[*map(int, merged["owed"])])
    for account in owing.select_related("programme", "rule_version"):
        posting.move_debt(
            out_of=accounts.find(op, kept, account.programme),
            into=accounts.keep(op, account),
            amount=merged["owed"][str(account.programme_id)],
        )


def _fill_in(kept: Membership, gone: Membership) -> list[str]:
    missing = [name for name in NOTHING if not getattr(kept, name) and getattr(gone, name)]
    if kept.person_id and "service_mail" in missing:
        missing.remove("service_mail")  # its owner was asked, and wants none
    for name in missing:
        setattr(kept, name, getattr(gone, name))
    kept.save(update_fields=COLUMNS)
    return missing


def _claim(kept: Membership, gone: Membership) -> bool:
    """A card made at the counter is on a phone now, if the other one was: that link leads here."""
    if not kept.unclaimed or gone.unclaimed:
        return False
    kept.unclaimed = False
    kept.save(update_fields=["unclaimed"])
    return True


def _give_back_what_was_filled_in(kept: Membership, gone: Membership, merged: Merged) -> None:
    """Unless somebody has changed it since."""
    for name in merged["filled_in"]:
        if getattr(kept, name) == getattr(gone, name):
            setattr(kept, name, NOTHING[name])
    kept.unclaimed = kept.unclaimed or merged["claimed"]
    kept.save(update_fields=[*COLUMNS, "unclaimed"])
