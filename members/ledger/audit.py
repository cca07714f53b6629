"""Prove the ledger: every balance from its entries and from its lots. See promises, L2."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, IntegerField, Max, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django_scopes import scopes_disabled

from members import rooms
from members.ledger.models import Account, Allocation, LedgerEntry, Lot, Operation


def disagreements() -> Iterator[str]:
    """A sentence for each thing that does not add up, over all shops. None is the promise."""
    with scopes_disabled():
        yield from _balances()
        yield from _sequences()
        yield from _lots()
        yield from _strangers()
        yield from _undecided()
        for audit in rooms.answering("audit"):
            yield from audit()


def _sum_of(rows: type[Any], field: str, owner: str = "account") -> Coalesce:
    total = (
        rows.objects.filter(**{owner: OuterRef("pk")})
        .order_by()
        .values(owner)
        .annotate(total=Sum(field))
        .values("total")
    )
    return Coalesce(Subquery(total, output_field=IntegerField()), 0)


def _balances() -> Iterator[str]:
    accounts = Account.objects.annotate(
        booked=_sum_of(LedgerEntry, "amount"),
        earned=_sum_of(LedgerEntry, "qualifying"),
        in_lots=_sum_of(Lot, "remaining"),
    ).exclude(balance=F("booked"), lifetime=F("earned"), in_lots=F("balance"))
    for account in accounts:
        yield (
            f"account {account.pk}: balance {account.balance}, entries {account.booked}, "
            f"lots {account.in_lots}, lifetime {account.lifetime} of {account.earned}"
        )


def _sequences() -> Iterator[str]:
    accounts = Account.objects.annotate(
        count=Count("entries"), first=Min("entries__seq"), last=Max("entries__seq")
    ).exclude(Q(count=0, last_seq=0) | Q(first=1, last=F("count"), last_seq=F("count")))
    for account in accounts:
        yield f"account {account.pk}: {account.count} entries, numbered to {account.last}"


def _lots() -> Iterator[str]:
    lots = Lot.objects.annotate(eaten=_sum_of(Allocation, "amount", "lot"))
    for lot in lots.exclude(remaining=F("amount") - F("eaten")):
        yield f"lot {lot.pk}: got {lot.amount}, eaten {lot.eaten}, left {lot.remaining}"
    debits = LedgerEntry.objects.filter(amount__lt=0).annotate(
        eaten=_sum_of(Allocation, "amount", "debit")
    )
    for entry in debits.exclude(amount=-F("eaten")):
        yield f"entry {entry.pk}: took {-entry.amount}, from lots {entry.eaten}"


def _strangers() -> Iterator[str]:
    """Rows that reach into another shop, or onto another card."""
    of_one_shop = Q(
        account__shop=F("shop"),
        operation__shop=F("shop"),
        rule_version__shop=F("shop"),
        account__membership__shop=F("shop"),
        account__programme__shop=F("shop"),
    )
    elsewhere = ~of_one_shop | Q(visit__isnull=False) & ~Q(visit__shop=F("shop"))
    for entry in LedgerEntry.objects.filter(elsewhere):
        yield f"entry {entry.pk} reaches into another shop"
    reversals = LedgerEntry.objects.filter(reverses__isnull=False)
    for entry in reversals.exclude(reverses__account=F("account")):
        yield f"entry {entry.pk} reverses one of another account"
    for lot in Lot.objects.exclude(account=F("entry__account"), shop=F("entry__shop")):
        yield f"lot {lot.pk} is not its entry's"
    of_its_lot = Q(lot__account=F("debit__account"), lot__shop=F("shop"))
    for allocation in Allocation.objects.exclude(of_its_lot):
        yield f"allocation {allocation.pk} takes from another account"


def _undecided() -> Iterator[str]:
    for operation in Operation.objects.filter(answer__isnull=True):
        yield f"operation {operation.pk} was committed without an answer"
