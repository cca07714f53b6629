"""The one write path, and the only writer of the ledger.

    insert the Operation      its key is unique: from here on it is ours, or somebody's already
    lock the memberships      two tills wait for each other
    only now read and decide  the body of the operation
    write and answer          entries, lots, allocations, claims, mail
    commit                    and only then say "done"

An answer or a refusal is stored with the key, so a repeat gets the same one. See promises L1–L6.
"""

import logging
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.db import IntegrityError, InternalError, OperationalError, connection, transaction
from django.db.models import Exists
from django_scopes import scope

from loyalty import clock, keys
from loyalty.halts.refusals import Halted
from loyalty.refusals import Refused, from_stored
from members.ledger import accounts, at_once
from members.ledger.halting import halts_on, why
from members.ledger.locking import is_locked_by_itself, lock, locked_under, refuse_deleted
from members.ledger.models import (
    Account,
    Allocation,
    LedgerEntry,
    Lot,
    Operation,
    Visit,
    local_day,
)
from members.ledger.questions import Question
from members.ledger.refusals import AlreadySpent, Busy, KeyTaken, NotEnough
from members.models import Membership

log = logging.getLogger("stamkunde.ledger")

P = ParamSpec("P")
R = TypeVar("R")
Kind = LedgerEntry.Kind

ATTEMPTS = 3
# A deadlock, a lock or a connection lost, a full disk; or PostgreSQL takes no writes just now.
NOT_DECIDED = (OperationalError, InternalError)
OWED = "owed"  # the reason of a debit that pays what an undo could not take back


@dataclass(frozen=True)
class Line:
    """One fact to book. Amounts in whole stamps or points."""

    account: Account
    kind: LedgerEntry.Kind
    amount: int
    qualifying: int = 0
    reason: str = ""
    visit: Visit | None = None
    expires_on: date | None = None  # of what is earned: the last good day; None: never


def _begun(question: Question, answer: dict[str, Any] | None = None) -> Operation:
    now, actor = clock.now(), question.actor
    return Operation(
        shop=actor.shop,
        key=question.key,
        fingerprint=question.fingerprint,
        kind=question.kind,
        answer=answer,
        membership=question.memberships[0] if question.memberships else None,
        actor=actor.person,
        staff=actor.staff,
        counter=actor.counter,
        channel=actor.channel,
        occurred_at=actor.at or now,
        recorded_at=now,
    )


def operation(
    kind: str, *, reads_cards: bool = False
) -> Callable[[Callable[Concatenate[Operation, P], R]], Callable[P, R]]:
    """Make a function an operation: keyword-only, with `key` and `actor`; it happens once.

    The function gets the Operation first and runs under the lock of every membership among its
    arguments. It returns plain data, or raises a Refused; both are stored with the key. Callers
    don't pass the Operation. `reads_cards`: it refuses a deleted card itself, under the lock, from
    what it reads anyway. Raises KeyTaken, Busy, and what the function refuses.
    """

    def decorate(body: Callable[Concatenate[Operation, P], R]) -> Callable[P, R]:
        @wraps(body)
        def once(*args: P.args, **asked: P.kwargs) -> R:
            question = Question.asked(kind, asked, reads_cards=reads_cards)
            with scope(shop=question.actor.shop):
                return _with_retries(question, lambda op: body(op, *args, **asked))

        return once

    return decorate


def _with_retries(question: Question, body: Callable[[Operation], R]) -> R:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _once(question, body)
        except NOT_DECIDED as trouble:
            if connection.in_atomic_block or attempt == ATTEMPTS:
                raise Busy from trouble
            connection.close_if_unusable_or_obsolete()
            time.sleep(random.uniform(0.01, 0.1) * attempt)  # noqa: S311 (jitter, not a secret)
    raise AssertionError("unreachable")


def _once(question: Question, body: Callable[[Operation], R]) -> R:
    try:
        with transaction.atomic(durable=True):
            op = _begun(question)
            op.save(force_insert=True)
            if not (question.reads_cards and is_locked_by_itself()):
                refuse_deleted(op, lock(question.memberships))
            answer = body(op)
            if not op.is_answered:
                _answer(op, answer)
        return answer
    except Halted:
        raise  # says nothing about what was asked, so nothing is kept
    except Refused as refusal:
        return _refuse(question, refusal)
    except IntegrityError as clash:
        return _replay(question, clash)


def _answer(op: Operation, answer: Any) -> None:
    """The last statement before the commit asks, too, whether what was done is halted."""
    halts = halts_on(op)
    if not Operation.objects.filter(~Exists(halts), pk=op.pk).update(answer=answer):
        raise why(halts)


def _refuse(question: Question, refusal: Refused) -> Any:
    """Store the refusal, so a repeat is refused the same way. What was begun is rolled back."""
    try:
        with transaction.atomic(durable=True):
            _begun(question, refusal.stored()).save(force_insert=True)
    except IntegrityError as clash:  # a twin of this request decided meanwhile
        return _replay(question, clash)
    raise refusal


def _replay(question: Question, clash: IntegrityError) -> Any:
    """The answer this key was given before, as safe as if it had been given now.

    The commit before may stand in this database alone: somebody cancelled its wait for the standby,
    or the database was started again meanwhile. A lock is a write, so this transaction waits too.
    """
    with transaction.atomic(durable=True):
        earlier = locked_under(question.key)
    if earlier is None:
        raise clash  # not our key: the database refused something else
    if not question.repeats(earlier):
        log.warning("Key %s of %s came again as %s", question.key, earlier.kind, question.kind)
        raise KeyTaken
    answer = cast(dict[str, Any], earlier.answer)
    if "refused" in answer:
        raise from_stored(answer)
    return answer


def tell_also(op: Operation, membership: Membership) -> None:
    """Let a second card show that an operation touched it: its page asks for its own latest."""
    Operation(
        shop=op.shop,
        key=keys.derived("also", op.key),
        fingerprint=op.fingerprint,
        kind=op.kind,
        answer={"also": str(op.key)},
        membership=membership,
        actor=op.actor,
        staff=op.staff,
        counter=op.counter,
        channel=op.channel,
        occurred_at=op.occurred_at,
        recorded_at=op.recorded_at,
    ).save(force_insert=True)


# --- Entries -------------------------------------------------------------------------------


def post(op: Operation, *lines: Line) -> list[LedgerEntry]:
    """Book the lines in order and return their entries. Refused: NotEnough.

    Credits become lots; debits eat lots, soonest to expire first. A correction still owed is
    taken from what is earned.
    """
    entries = _append(op, lines)
    for entry in entries:
        if entry.amount < 0:
            eat(entry, -entry.amount, local_day(op.shop, op.occurred_at))
    _make_lots(zip(lines, entries, strict=True))
    _add_up(entries)
    for account in {line.account.pk: line.account for line in lines if line.amount > 0}.values():
        settle_debt(op, account)
    return entries


def credit_and_answer(op: Operation, visit: Visit, line: Line, answer: Any) -> None:
    """Book a visit that earns one thing and nothing else, and end the operation with its answer.

    The short way of most stamps: nothing is owed, and no card is filled.
    """
    op.earns = op.is_answered = True
    entry = _entry(op, line)
    entry.account.balance += entry.amount
    entry.account.lifetime += entry.qualifying
    if not at_once.write(op, visit, entry, _lot(entry, entry.amount, line.expires_on), answer):
        raise why(halts_on(op))


def _append(op: Operation, lines: Iterable[Line]) -> list[LedgerEntry]:
    op.earns = op.earns or any(line.kind == Kind.EARN for line in lines)
    return LedgerEntry.objects.bulk_create([_entry(op, line) for line in lines])


def _entry(op: Operation, line: Line, reverses: LedgerEntry | None = None) -> LedgerEntry:
    line.account.last_seq += 1
    return LedgerEntry(
        shop=op.shop,
        account=line.account,
        seq=line.account.last_seq,
        kind=line.kind,
        amount=line.amount,
        qualifying=line.qualifying,
        operation=op,
        visit=line.visit,
        reverses=reverses,
        rule_version=line.account.rule_version,
        reason=line.reason,
    )


def _make_lots(booked: Iterable[tuple[Line, LedgerEntry]]) -> None:
    Lot.objects.bulk_create(
        _lot(entry, entry.amount, line.expires_on) for line, entry in booked if entry.amount > 0
    )


def _lot(entry: LedgerEntry, amount: int, expires_on: date | None) -> Lot:
    return Lot(
        shop_id=entry.shop_id,
        account=entry.account,
        entry=entry,
        amount=amount,
        remaining=amount,
        expires_on=expires_on,
    )


def eat(entry: LedgerEntry, amount: int, today: date, first: Lot | None = None) -> None:
    """Take an amount from the usable lots. What is checked is what is drawn. Refused: NotEnough.

    `first` is emptied before the others, even if it has run out.
    """
    lots = list(Lot.objects.filter(account=entry.account).usable(today).soonest_first())
    if first is not None:
        lots = [first, *(lot for lot in lots if lot.pk != first.pk)]
    eaten = []
    for lot in lots:
        if bite := min(lot.remaining, amount):
            amount -= bite
            eaten.append((lot, bite))
    if amount:
        raise NotEnough(missing=amount)
    allocate(entry, eaten)


def allocate(entry: LedgerEntry, eaten: Iterable[tuple[Lot, int]]) -> None:
    """What a debit takes from which lots; negative where its undoing gives it back."""
    allocations = []
    for lot, bite in eaten:
        lot.remaining -= bite
        allocations.append(Allocation(shop_id=entry.shop_id, debit=entry, lot=lot, amount=bite))
    Allocation.objects.bulk_create(allocations)
    Lot.objects.bulk_update([allocation.lot for allocation in allocations], ["remaining"])


def _add_up(entries: Iterable[LedgerEntry]) -> None:
    touched = {}
    for entry in entries:
        entry.account.balance += entry.amount
        entry.account.lifetime += entry.qualifying
        touched[entry.account_id] = entry.account
    for account in touched.values():
        account.save(update_fields=at_once.SUMS)


def settle_debt(op: Operation, account: Account) -> None:
    """Whoever owes something has nothing to spend: what is earned or comes back pays it."""
    if account.shortfall and (owed := min(account.shortfall, accounts.spendable(op, account))):
        _take_what_is_owed(op, account, owed)


def _take_what_is_owed(op: Operation, account: Account, amount: int) -> None:
    account.shortfall -= amount
    post(op, Line(account, Kind.ADJUST, -amount, reason=OWED))


# --- For `reversing`: an undo decides what to take back, and has it written here ---------------


def book_reversal(op: Operation, entry: LedgerEntry, amount: int, reason: str) -> LedgerEntry:
    """The entry that takes another one back. Its lots and allocations are the caller's choice."""
    line = Line(entry.account, Kind.REVERSE, amount, -entry.qualifying, reason)
    back = _entry(op, line, reverses=entry)
    back.save(force_insert=True)
    _add_up([back])
    return back


def make_lot(entry: LedgerEntry, amount: int, expires_on: date | None) -> None:
    """Let part of a credit be spent until another day than it was earned for."""
    _lot(entry, amount, expires_on).save(force_insert=True)


# --- Expiry --------------------------------------------------------------------------------


def expire(op: Operation, lot: Lot) -> LedgerEntry:
    """Take what is left of a lapsed lot off the balance."""
    line = Line(accounts.keep(op, lot.account), Kind.EXPIRE, -lot.remaining)
    [entry] = _append(op, [line])
    allocate(entry, [(lot, lot.remaining)])
    _add_up([entry])
    return entry


# --- Moving between cards ------------------------------------------------------------------


def transfer(op: Operation, *, out_of: Account, into: Account) -> int:
    """Move everything on one account to another of the same programme. Lots keep their dates.

    What is still owed moves too, and is taken from what can be used there.
    """
    move_debt(out_of=out_of, into=into, amount=out_of.shortfall)
    lots = list(Lot.objects.filter(account=out_of).left().soonest_first())
    amount = sum(lot.remaining for lot in lots)
    if not amount:
        settle_debt(op, into)
        return 0
    [debit] = _append(op, [Line(out_of, Kind.TRANSFER, -amount, reason="merge")])
    lines = [
        Line(into, Kind.TRANSFER, lot.remaining, reason="merge", expires_on=lot.expires_on)
        for lot in lots
    ]
    allocate(debit, [(lot, lot.remaining) for lot in lots])
    received = _append(op, lines)
    _make_lots(zip(lines, received, strict=True))
    _add_up([debit, *received])
    settle_debt(op, into)
    return amount


def move_debt(*, out_of: Account, into: Account, amount: int) -> None:
    """Let another account owe this much of what one owes. Refused: AlreadySpent."""
    if out_of.shortfall < amount:
        raise AlreadySpent  # it was paid since
    out_of.shortfall -= amount
    into.shortfall += amount
    for account in (out_of, into):
        account.save(update_fields=["shortfall"])
