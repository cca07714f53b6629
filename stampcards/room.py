"""What stamp cards answer when the house asks."""

from typing import Any

from members.ledger.models import Account, Operation
from members.models import Membership
from stampcards import operations


def joined(op: Operation, membership: Membership) -> None:
    operations.give_welcome_stamps(op, membership)


def give_bonus(op: Operation, card: Membership, kind: str, n: int) -> dict[str, Any] | None:
    return operations.bonus(op, card, n) if kind == "stamps" else None


def may_undo(op: Operation, undone: Operation) -> None:
    operations.turn_cards_back(op, undone)


def settle(op: Operation, account: Account) -> None:
    if account.programme.kind == "stamps":
        operations.fill(op, account)


def merged(op: Operation, gone: Membership, kept: Membership) -> None:
    operations.move_stamps(op, gone, kept)


def unmerged(op: Operation, undone: Operation, gone: Membership, kept: Membership) -> None:
    operations.take_up_the_old_card(op, undone, gone)
