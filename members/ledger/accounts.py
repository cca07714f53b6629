"""Finding and opening accounts within an operation, under its lock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db.models import QuerySet, Sum

from members.ledger.models import Account, Lot, Operation, local_day
from members.models import Membership, Programme, RuleVersion


def find(op: Operation, membership: Membership, programme: Programme) -> Account:
    """The account, opened on first use under the newest rules."""
    account = (
        Account.objects.select_related("programme", "rule_version")
        .filter(membership=membership, programme=programme)
        .first()
    )
    return keep(op, account) if account else open_for(op, membership, programme)


def open_for(op: Operation, membership: Membership, programme: Programme) -> Account:
    version = newest_rules(programme, op.occurred_at)
    return keep(
        op,
        Account.objects.create(
            shop=op.shop, membership=membership, programme=programme, rule_version=version
        ),
    )


def open_for_everybody(programme: Programme, version: RuleVersion) -> None:
    """Every member takes part in a programme at once; whoever joins meanwhile, at first use."""
    Account.objects.bulk_create(
        (
            Account(shop=programme.shop, membership=card, programme=programme, rule_version=version)
            for card in Membership.objects.current()
            .filter(shop=programme.shop)
            .exclude(accounts__programme=programme)
        ),
        ignore_conflicts=True,  # whoever was quicker has one
    )


def newest_rules(programme: Programme, at: datetime) -> RuleVersion:
    """The rules at that moment; the first ones, if a late action says it came before them."""
    versions = RuleVersion.objects.filter(programme=programme)
    return versions.in_force(at).first() or versions.earliest("number")


def newest_of(programmes: QuerySet[Programme], at: datetime) -> list[tuple[Programme, RuleVersion]]:
    """These programmes in order, each with its rules of that moment. One query for all of it."""
    versions = RuleVersion.objects.in_force(at).select_related("programme")
    newest: dict[int, RuleVersion] = {}
    for version in versions.filter(programme__in=programmes):
        newest.setdefault(version.programme_id, version)
    return [(newest[pk].programme, newest[pk]) for pk in sorted(newest)]


def renew_empty(programme: Programme, version: RuleVersion) -> None:
    """Cards without a stamp are not in progress: they begin under the newest rules."""
    Account.objects.filter(programme=programme, balance=0).update(rule_version=version)


def keep(op: Operation, account: Account) -> Account:
    """One object per account within an operation, so two steps never undo each other's sums."""
    kept: dict[int, Account] = op.__dict__.setdefault("_accounts", {})
    return kept.setdefault(account.pk, account)


def follow(account: Account, newest: RuleVersion) -> None:
    """Let what is booked from now on follow these rules; what was booked keeps its own."""
    if account.rule_version_id != newest.pk:
        turn(account, newest, by=0)


@contextmanager
def under(account: Account, rules: RuleVersion) -> Iterator[None]:
    """Book something under these rules. What came late is booked under those of its day, and the
    account stays with the newer ones it has reached."""
    reached = account.rule_version
    follow(account, rules)
    yield
    if reached.number > rules.number:
        follow(account, reached)


def spendable(op: Operation, account: Account) -> int:
    """What can be spent now. The balance may still hold what has run out (L9)."""
    usable = Lot.objects.filter(account=account).usable(local_day(op.shop, op.occurred_at))
    return usable.aggregate(sum=Sum("remaining"))["sum"] or 0


def turn(account: Account, version: RuleVersion, *, by: int = 1) -> None:
    """The card is full: the next one starts on these rules. `by` -1 takes that back."""
    account.cycle += by
    account.rule_version = version
    account.save(update_fields=["cycle", "rule_version"])
