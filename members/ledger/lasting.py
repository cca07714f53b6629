"""Until when what was earned can be used: other rules may let it last longer."""

from datetime import date

from django.db.models import QuerySet

from members.ledger.models import Account, Lot, Operation, local_day
from members.models import RuleVersion


def prolong(
    account: Account, until: date | None, op: Operation, *, under: RuleVersion | None = None
) -> None:
    """Let what has a last day, and has not passed it, last at least until another one.

    `under`: only what was booked under these rules.
    """
    live = Lot.objects.filter(account=account).usable(local_day(op.shop, op.occurred_at))
    if under is not None:
        live = live.filter(entry__rule_version=under)
    live.filter(expires_on__lt=until).update(expires_on=until)


def rules_of_lots(account: Account) -> QuerySet[RuleVersion]:
    """The rules under which what is left, and has a last day, was booked."""
    lots = Lot.objects.filter(account=account, expires_on__isnull=False).left()
    return RuleVersion.objects.filter(pk__in=lots.values("entry__rule_version"))
