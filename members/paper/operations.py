"""What can happen to a paper card: printed, taken up, moved to a phone, and moved back."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from django.utils.translation import gettext as _
from django_scopes import scope

from loyalty import clock, codes, keys
from loyalty.actors import Actor
from loyalty.refusals import Refused
from members.card_codes import free_short_code, retire_codes
from members.ledger import posting
from members.ledger.models import Operation
from members.merging import UNDOABLE_FOR, merge, undo_merge
from members.models import Membership, PaperCard, RetiredCode
from members.operations import LINK_BITS, Joined, open_programmes, take_in

CARDS_ON_A_SHEET = 10


class OnAPhone(Refused):
    """Somebody moved the card before, with another phone or long ago with this one."""

    code = "on_a_phone"

    def __str__(self) -> str:
        return _("This paper card is now on a phone.")


class NothingMoved(Refused):
    """The move was taken back already, or the card became part of another one since."""

    code = "nothing_moved"

    def __str__(self) -> str:
        return _("There is no move to undo on this card.")


class MoveStands(Refused):
    """Too long ago to be taken back."""

    code = "move_stands"

    def __str__(self) -> str:
        return _("This card was moved more than 24 hours ago. That can't be undone here.")


class Printed(TypedDict):
    sheet: str


@posting.operation("print_sheet")
def print_sheet(op: Operation, *, key: UUID, actor: Actor) -> Printed:
    """Ten new cards that nobody has. The key is the sheet's name, so a double tap makes one."""
    shorts: set[str] = set()
    while len(shorts) < CARDS_ON_A_SHEET:
        shorts.add(free_short_code())
    PaperCard.objects.bulk_create(
        PaperCard(
            shop=op.shop,
            sheet=op.key,
            counter_code=codes.counter_code(),
            short_code=short,
            printed_at=op.occurred_at,
        )
        for short in shorts
    )
    return {"sheet": str(op.key)}


def stored(card: Membership, *, key: UUID, actor: Actor) -> Membership:
    """The card itself; if it is one that nobody has yet, the member it makes now.

    `key` is of what needs the member: a repeat of that finds the same one, and after a refusal
    the next try asks anew. Refused: ShopPaused.
    """
    if card.pk is not None:
        return card
    with scope(shop=actor.shop):
        paper = PaperCard.objects.get(counter_code=card.counter_code)
    joined = take_up(paper=paper, key=keys.derived("take_up", key), actor=actor)
    return _card(joined["membership"], actor)


@posting.operation("take_up")
def take_up(op: Operation, *, paper: PaperCard, key: UUID, actor: Actor) -> Joined:
    """Somebody has this card from now on: a member with its codes, on nobody's phone yet.

    A card that was taken up a moment ago is that member's. Refused: ShopPaused.
    """
    card = locked(paper)
    if card.membership is None:
        card.membership = take_in(
            op,
            open_programmes(op),
            counter_code=card.counter_code,
            short_code=card.short_code,
            language=op.shop.language,
            source=Membership.Source.PAPER,
            unclaimed=True,
        )
        card.save(update_fields=["membership"])
    return {"membership": card.membership.pk}


def locked(paper: PaperCard) -> PaperCard:
    """Two tills stamp the same blank card: the second waits, and finds the first one's member."""
    return PaperCard.objects.select_for_update(no_key=True).get(pk=paper.pk)


class Moved(TypedDict):
    membership: int
    counter_code: str
    retired: int


def move_to_phone(
    *, membership: Membership, own: Membership | None, language: str, key: UUID, actor: Actor
) -> Membership:
    """Whoever holds the code goes on with their phone; the paper is dead at once.

    `own` is the card this phone has in the shop already: then the two become one. Returns the
    card to open: its link is new, and nobody else's. Refused: OnAPhone, ShopPaused.
    """
    membership = stored(membership, key=key, actor=actor)
    if own and own.pk == membership.pk:  # back again, on the phone that has it
        return own
    moved = move(membership=membership, language=language, key=key, actor=actor)
    card = _card(moved["membership"], actor)
    if card.counter_code != moved["counter_code"]:  # an old page, and the move was taken back since
        raise OnAPhone
    if own is None:
        return card
    merge(kept=own, gone=card, key=keys.derived("merge", key), actor=actor)
    return own


@posting.operation("move_to_phone")
def move(op: Operation, *, membership: Membership, language: str, key: UUID, actor: Actor) -> Moved:
    """New codes and a new link for a card that is on nobody's phone. Refused: OnAPhone."""
    membership.refresh_from_db()  # under the lock: somebody may have been quicker
    if not membership.unclaimed or membership.merged_into_id:
        raise OnAPhone
    retired = retire_codes(op, membership, membership)
    membership.counter_code, membership.short_code = codes.counter_code(), free_short_code()
    membership.private = keys.secret(bits=LINK_BITS)
    membership.unclaimed, membership.language = False, language
    membership.save(
        update_fields=["counter_code", "short_code", "private", "unclaimed", "language"]
    )
    return {
        "membership": membership.pk,
        "counter_code": membership.counter_code,
        "retired": retired.pk,
    }


class MovedBack(TypedDict):
    membership: int


def move_back(*, membership: Membership, key: UUID, actor: Actor) -> MovedBack:
    """The paper works again; the phone's codes and its link are dead. For 24 hours.

    What the phone had collected on a card of its own is parted from it again. Refused:
    NothingMoved, MoveStands, and what undoing a merge refuses.
    """
    with scope(shop=actor.shop):
        made = latest_move(membership)
        merged = _merged_by(made)
    if made and too_late(made, clock.now()):  # before anything is parted
        raise MoveStands
    if merged and membership.merged_into_id:
        undo_merge(undone=merged, moved=True, key=keys.derived("part", key), actor=actor)
    return _move_back(membership=membership, key=key, actor=actor)


@posting.operation("move_back")
def _move_back(op: Operation, *, membership: Membership, key: UUID, actor: Actor) -> MovedBack:
    # An e-mail that the phone tied to the card is off it again; stamps stay where they are.
    membership.refresh_from_db()
    made = latest_move(membership)
    if made is None or made.answer is None or membership.unclaimed or membership.merged_into_id:
        raise NothingMoved
    if too_late(made, op.occurred_at):
        raise MoveStands
    paper = RetiredCode.objects.get(pk=made.answer["retired"])
    retire_codes(op, membership, membership)
    membership.counter_code, membership.short_code = paper.counter_code, paper.short_code
    membership.private = keys.secret(bits=LINK_BITS)
    membership.unclaimed, membership.person = True, None
    membership.save(update_fields=["counter_code", "short_code", "private", "unclaimed", "person"])
    paper.delete()
    return {"membership": membership.pk}


def latest_move(membership: Membership) -> Operation | None:
    """When and by whom the card was moved to a phone last."""
    moves = Operation.objects.filter(membership=membership, kind="move_to_phone")
    return moves.filter(answer__refused__isnull=True).order_by("-pk").first()


def _merged_by(made: Operation | None) -> Operation | None:
    """What made one card of two when a card was moved to a phone that had one."""
    if made is None:
        return None
    return Operation.objects.filter(key=keys.derived("merge", made.key)).first()


def too_late(made: Operation, now: datetime) -> bool:
    return now - made.occurred_at > UNDOABLE_FOR


def _card(pk: int, actor: Actor) -> Membership:
    with scope(shop=actor.shop):
        return Membership.objects.select_related("shop").get(pk=pk)
