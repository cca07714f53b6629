"""Taking an operation back: each of its entries is reversed, once, and stays as it was."""

from datetime import date, timedelta

from django.db.models import QuerySet, Sum

from members.ledger import accounts, posting
from members.ledger.models import Account, LedgerEntry, Lot, Operation, Visit, local_day
from members.ledger.refusals import AlreadySpent
from members.models import Membership

Kind = LedgerEntry.Kind

GRACE = timedelta(days=14)  # what an undo gives back after its date has passed lasts this long


def reverse(
    op: Operation,
    undone: Operation,
    *,
    owe: bool = False,
    reason: str = "undo",
    onto: Membership | None = None,
) -> list[Account]:
    """Reverse every entry of an operation, latest first, and void its visit.

    Returns the accounts it touched. What was spent or moved since is refused (AlreadySpent);
    with `owe` what is left of an earning is taken and the rest stands as shortfall. `reason`: a
    code for the entries. `onto`: the card it goes on to, if its own has become part of that one.
    """
    today = local_day(op.shop, op.occurred_at)
    touched: dict[int, Account] = {}
    for entry in _latest_first(undone):
        if entry.account.membership.merged_into_id and not onto:
            raise AlreadySpent  # what it booked has gone to another card
        entry.account = touched[entry.account_id] = accounts.keep(op, entry.account)
        if entry.amount < 0:
            _give_back(op, entry, today, reason)
        else:
            _take_back(op, entry, today, reason, owe=owe)
    Visit.objects.filter(operation=undone).update(voided_by=op)
    for account in touched.values():
        if onto and account.membership_id != onto.pk:
            into = accounts.find(op, onto, account.programme)
            posting.transfer(op, out_of=account, into=into)
        posting.settle_debt(op, account)
    return list(touched.values())


def part(op: Operation, merged: Operation) -> list[Account]:
    """Reverse what made two cards one: to the lots it came from, as if it had never been.

    A date that passed meanwhile gets no grace: without the merge it would have passed as well.
    Returns the accounts it touched. What moved and was used since is refused (AlreadySpent).
    """
    touched: dict[int, Account] = {}
    for entry in _latest_first(merged):
        entry.account = touched[entry.account_id] = accounts.keep(op, entry.account)
        if entry.amount < 0:
            _give_back(op, entry, today=None)
        else:
            _send_back(op, entry)
    return list(touched.values())


def _latest_first(undone: Operation) -> "QuerySet[LedgerEntry]":
    entries = LedgerEntry.objects.filter(operation=undone).order_by("-seq")
    return entries.select_related("account__programme", "account__membership", "rule_version")


def _give_back(op: Operation, entry: LedgerEntry, today: date | None, reason: str = "undo") -> None:
    """A debit undone: to the same lots, dates kept. A share that lapsed by `today` gets grace."""
    if entry.reason == posting.OWED:
        entry.account.shortfall -= entry.amount
    back = posting.book_reversal(op, entry, -entry.amount, reason)
    returned, lapsed = [], 0
    for allocation in entry.allocations.select_related("lot"):
        lot, amount = allocation.lot, allocation.amount
        if today and lot.expires_on and lot.expires_on < today:
            lapsed += amount
        else:
            returned.append((lot, -amount))
    posting.allocate(back, returned)
    if today and lapsed:
        posting.make_lot(back, lapsed, today + GRACE)


def _take_back(op: Operation, entry: LedgerEntry, today: date, reason: str, *, owe: bool) -> None:
    """An earning undone: from its own lot first, then from what else is usable.

    With `owe`, what was spent of it is owed. What ran out unused did nobody any good.
    """
    own = Lot.objects.get(entry=entry)
    there = entry.amount
    if not owe:
        if own.remaining < entry.amount or not Lot.objects.usable(today).contains(own):
            raise AlreadySpent
    else:
        others = Lot.objects.filter(account=entry.account).usable(today).exclude(pk=own.pk)
        usable = others.aggregate(sum=Sum("remaining"))["sum"] or 0
        due = entry.amount - _ran_out(own)
        there = min(due, own.remaining + usable)
        entry.account.shortfall += due - there
    posting.eat(posting.book_reversal(op, entry, -there, reason), there, today, first=own)


def _ran_out(lot: Lot) -> int:
    """How much of a lot has run out and was taken off the balance."""
    expired = lot.allocations.filter(debit__kind=Kind.EXPIRE, debit__reversed_by=None)
    return expired.aggregate(sum=Sum("amount"))["sum"] or 0


def _send_back(op: Operation, entry: LedgerEntry) -> None:
    """What arrived from the other card leaves its own lot. Whatever ran out here, the lot over
    there gets back all the same: it runs out there as well, tonight."""
    own = Lot.objects.get(entry=entry)
    if own.remaining + _ran_out(own) != entry.amount:
        raise AlreadySpent
    back = posting.book_reversal(op, entry, -own.remaining, "undo")
    posting.allocate(back, [(own, own.remaining)] if own.remaining else [])
