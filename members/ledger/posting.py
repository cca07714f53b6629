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
from datetime import date, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.db import IntegrityError, OperationalError, connection, models, transaction
from django_scopes import scope

from loyalty import clock
from loyalty.refusals import Refused, from_stored
from members.ledger import accounts
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
GRACE = timedelta(days=14)  # what an undo gives back after its date has passed lasts this long


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


def operation(kind: str) -> Callable[[Callable[Concatenate[Operation, P], R]], Callable[P, R]]:
    """Make a function an operation: keyword-only, with `key` and `actor`; it happens once.

    The function gets the Operation first and runs under the lock of every membership among its
    arguments. It returns plain data, or raises a Refused; both are stored with the key. Callers
    don't pass the Operation. Raises KeyTaken, Busy, and what the function refuses.
    """

    def decorate(body: Callable[Concatenate[Operation, P], R]) -> Callable[P, R]:
        @wraps(body)
        def once(*args: P.args, **asked: P.kwargs) -> R:
            question = Question.asked(kind, asked)
            with scope(shop=question.actor.shop):
                return _with_retries(question, lambda op: body(op, *args, **asked))

        return once

    return decorate


def _with_retries(question: Question, body: Callable[[Operation], R]) -> R:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _once(question, body)
        except OperationalError as trouble:  # deadlock, lock or connection lost: not decided
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
            lock(question.memberships)
            answer = body(op)
            Operation.objects.filter(pk=op.pk).update(answer=answer)
        return answer
    except Refused as refusal:
        return _refuse(question, refusal)
    except IntegrityError as clash:
        return _replay(question, clash)


def _refuse(question: Question, refusal: Refused) -> Any:
    """Store the refusal, so a repeat is refused the same way. What was begun is rolled back."""
    try:
        with transaction.atomic(durable=True):
            _begun(question, refusal.stored()).save(force_insert=True)
    except IntegrityError as clash:  # a twin of this request decided meanwhile
        return _replay(question, clash)
    raise refusal


def _replay(question: Question, clash: IntegrityError) -> Any:
    """The answer this key was given before."""
    earlier = Operation.objects.filter(key=question.key).first()
    if earlier is None:
        raise clash  # not our key: the database refused something else
    if earlier.fingerprint != question.fingerprint:
        log.warning("Key %s of %s came again as %s", question.key, earlier.kind, question.kind)
        raise KeyTaken
    answer = cast(dict[str, Any], earlier.answer)
    if "refused" in answer:
        raise from_stored(answer)
    return answer


def lock(memberships: Iterable[Membership]) -> None:
    """Make everyone else who touches these memberships wait for our commit.

    Two tills read one balance and both spend it: that is the race. Ids in order, so two
    operations can never wait for each other.
    """
    ids = sorted(membership.pk for membership in memberships)
    if ids:
        locked = Membership.objects.select_for_update(no_key=True, of=("self",))
        list(locked.filter(pk__in=ids).order_by("pk").values_list("pk"))


# --- Entries -------------------------------------------------------------------------------


def post(op: Operation, *lines: Line) -> list[LedgerEntry]:
    """Book the lines in order and return their entries. Refused: NotEnough.

    Credits become lots; debits eat lots, soonest to expire first. A correction still owed is
    taken from what is earned.
    """
    entries = _append(op, lines)
    for entry in entries:
        if entry.amount < 0:
            _eat(entry, -entry.amount, local_day(op.shop, op.occurred_at))
    _make_lots(zip(lines, entries, strict=True))
    _add_up(entries)
    for line in lines:
        if line.amount > 0 and line.account.shortfall:
            _take_what_is_owed(op, line)
    return entries


def _append(op: Operation, lines: Iterable[Line]) -> list[LedgerEntry]:
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
        Lot(
            shop_id=entry.shop_id,
            account=entry.account,
            entry=entry,
            amount=entry.amount,
            remaining=entry.amount,
            expires_on=line.expires_on,
        )
        for line, entry in booked
        if entry.amount > 0
    )


def _eat(entry: LedgerEntry, amount: int, today: date, first: Lot | None = None) -> None:
    """Take an amount from the usable lots. What is checked is what is drawn. Refused: NotEnough."""
    lots = list(Lot.objects.filter(account=entry.account).usable(today).soonest_first())
    if first is not None:
        lots.sort(key=lambda lot: lot.pk != first.pk)
    eaten = []
    for lot in lots:
        bite = min(lot.remaining, amount)
        if bite:
            lot.remaining -= bite
            amount -= bite
            eaten.append(Allocation(shop_id=entry.shop_id, debit=entry, lot=lot, amount=bite))
    if amount:
        raise NotEnough(missing=amount)
    _allocate(eaten)


def _allocate(allocations: list[Allocation]) -> None:
    Allocation.objects.bulk_create(allocations)
    Lot.objects.bulk_update([allocation.lot for allocation in allocations], ["remaining"])


def _add_up(entries: Iterable[LedgerEntry]) -> None:
    touched = {}
    for entry in entries:
        entry.account.balance += entry.amount
        entry.account.lifetime += entry.qualifying
        touched[entry.account_id] = entry.account
    for account in touched.values():
        account.save(update_fields=["balance", "lifetime", "shortfall", "last_seq"])


def _take_what_is_owed(op: Operation, line: Line) -> None:
    taken = min(line.account.shortfall, line.amount)
    line.account.shortfall -= taken
    post(op, Line(line.account, Kind.ADJUST, -taken, reason="owed"))


# --- Undoing -------------------------------------------------------------------------------


def reverse(op: Operation, undone: Operation, *, owe: bool = False) -> list[Account]:
    """Reverse every entry of an operation, latest first, and void its visit.

    Returns the accounts it touched. What was spent or moved since is refused (AlreadySpent);
    with `owe` what is left of an earning is taken and the rest stands as shortfall.
    """
    entries = (
        LedgerEntry.objects.filter(operation=undone)
        .select_related("account__programme", "account__membership", "rule_version")
        .order_by("-seq")
    )
    touched: dict[int, Account] = {}
    for entry in entries:
        if entry.account.membership.merged_into_id:
            raise AlreadySpent  # what it booked has gone to another card
        entry.account = touched[entry.account_id] = accounts.keep(op, entry.account)
        if entry.amount < 0:
            _give_back(op, entry)
        else:
            _take_back(op, entry, owe=owe)
    Visit.objects.filter(operation=undone).update(voided_by=op)
    return list(touched.values())


def _give_back(op: Operation, entry: LedgerEntry) -> None:
    """A debit undone: to the same lots, dates kept. A lapsed lot's share gets a grace date."""
    today = local_day(op.shop, op.occurred_at)
    line = Line(entry.account, Kind.REVERSE, -entry.amount, -entry.qualifying, "undo")
    back = _entry(op, line, reverses=entry)
    back.save(force_insert=True)
    returned, lapsed = [], 0
    for allocation in entry.allocations.select_related("lot"):
        lot = allocation.lot
        if lot.expires_on and lot.expires_on < today:
            lapsed += allocation.amount
            continue
        lot.remaining += allocation.amount
        returned.append(
            Allocation(shop_id=op.shop_id, debit=back, lot=lot, amount=-allocation.amount)
        )
    _allocate(returned)
    if lapsed:
        Lot.objects.create(
            shop=op.shop,
            account=entry.account,
            entry=back,
            amount=lapsed,
            remaining=lapsed,
            expires_on=today + GRACE,
        )
    _add_up([back])


def _take_back(op: Operation, entry: LedgerEntry, *, owe: bool) -> None:
    """An earning undone: from its own lot first, then from what else is usable."""
    today = local_day(op.shop, op.occurred_at)
    own = Lot.objects.get(entry=entry)
    there = entry.amount
    if not owe:
        if own.remaining < entry.amount or not Lot.objects.usable(today).contains(own):
            raise AlreadySpent
    else:
        usable = Lot.objects.filter(account=entry.account).usable(today)
        there = min(entry.amount, usable.aggregate(sum=models.Sum("remaining"))["sum"] or 0)
    entry.account.shortfall += entry.amount - there
    line = Line(entry.account, Kind.REVERSE, -there, -entry.qualifying, "undo")
    back = _entry(op, line, reverses=entry)
    back.save(force_insert=True)
    _eat(back, there, today, first=own)
    _add_up([back])


# --- Expiry --------------------------------------------------------------------------------


def expire(op: Operation, lot: Lot) -> LedgerEntry:
    """Take what is left of a lapsed lot off the balance."""
    line = Line(accounts.keep(op, lot.account), Kind.EXPIRE, -lot.remaining)
    [entry] = _append(op, [line])
    gone = Allocation(shop=op.shop, debit=entry, lot=lot, amount=lot.remaining)
    lot.remaining = 0
    _allocate([gone])
    _add_up([entry])
    return entry


# --- Moving between cards ------------------------------------------------------------------


def transfer(op: Operation, *, out_of: Account, into: Account) -> int:
    """Move everything on one account to another of the same programme. Lots keep their dates."""
    lots = list(Lot.objects.filter(account=out_of).left().soonest_first())
    amount = sum(lot.remaining for lot in lots)
    if not amount:
        return 0
    [debit] = _append(op, [Line(out_of, Kind.TRANSFER, -amount, reason="merge")])
    moved = [(lot.remaining, lot.expires_on) for lot in lots]
    eaten = [Allocation(shop=op.shop, debit=debit, lot=lot, amount=lot.remaining) for lot in lots]
    for lot in lots:
        lot.remaining = 0
    _allocate(eaten)
    lines = [Line(into, Kind.TRANSFER, left, reason="merge", expires_on=day) for left, day in moved]
    received = _append(op, lines)
    _make_lots(zip(lines, received, strict=True))
    _add_up([debit, *received])
    return amount
