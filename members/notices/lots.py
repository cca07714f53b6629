"""What runs out of the ledger: stamps and points, per card and day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import JSONField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Least
from django.utils.translation import ngettext

from loyalty.prepared import Given
from members.kinds import kind
from members.ledger.models import Account, Lot
from members.models import Membership
from members.rooms import RunsOut
from members.templatetags.days import day as in_words

# The announced end of a programme is the last day of what would have lasted longer.
ENDS = "account__programme__honoured_until"
LAST_DAY = Least(Coalesce("expires_on", ENDS), Coalesce(ENDS, "expires_on"))


@dataclass(frozen=True)
class Lapse:
    """So much on one account is good through a day."""

    account: int  # its pk
    day: date
    n: int  # whole stamps or points


def lapses(memberships: "QuerySet[Membership]", since: date, until: date | None) -> list[Lapse]:
    """What is left with a last good day from `since` to `until`; None: no limit. One query."""
    dated = _dated(since).filter(account__membership__in=memberships)
    within = dated.filter(day__lte=until) if until else dated
    by_day = within.values("account", "day").annotate(n=Sum("remaining"))
    return [Lapse(**lapse) for lapse in by_day.order_by("day", "account")]


class AsList(Subquery):
    """All rows of `day` and `n` as one value: [["2027-11-30", 2], ["2027-12-14", 5]]."""

    template = "(SELECT json_group_array(json_array(day, n)) FROM (%(subquery)s) AS found)"
    output_field = JSONField()

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        template = "(SELECT jsonb_agg(jsonb_build_array(day, n)) FROM (%(subquery)s) AS found)"
        return self.as_sql(compiler, connection, template=template)


def next_of_account(since: Given, most: int) -> AsList:
    """The next days on which something runs out, as a column of accounts; see `told_of_account`."""
    own = _dated(since).filter(account=OuterRef("pk")).order_by()
    return AsList(own.values("day").annotate(n=Sum("remaining")).order_by("day")[:most])


def told_of_account(account: Account) -> list[Lapse]:
    """From the column `lapses` of an account, soonest first."""
    found = sorted(account.lapses or [])  # type: ignore[attr-defined]
    return [Lapse(account.pk, date.fromisoformat(day), n) for day, n in found]


def _dated(since: date | Given) -> "QuerySet[Any]":
    """What is left and runs out, not before a day; with the last good `day` of it."""
    return Lot.objects.left().annotate(day=LAST_DAY).filter(day__gte=since)


def running_out(
    memberships: "QuerySet[Membership]", since: date, until: date | None
) -> Iterator[RunsOut]:
    """Each in a sentence. Two queries, whatever the number of cards."""
    found = lapses(memberships, since, until)
    known = Account.objects.select_related("programme", "rule_version")
    accounts = known.in_bulk([lapse.account for lapse in found])
    for lapse in found:
        account = accounts[lapse.account]
        yield RunsOut(account.membership_id, lapse.day, sentence(account, lapse))


def sentence(account: Account, lapse: Lapse) -> str:
    """5 stamps on Coffee card run out on 30 November."""
    return ngettext(
        "%(amount)s on %(card)s runs out on %(day)s.",
        "%(amount)s on %(card)s run out on %(day)s.",
        lapse.n,
    ) % {
        "amount": amount(account, lapse.n),
        "card": account.programme.name,
        "day": in_words(lapse.day),
    }


def amount(account: Account, n: int) -> str:
    """5 stamps, as the programme calls them."""
    words: str = kind(account.programme.kind).amount_words(account.rule_version, n)
    return words
