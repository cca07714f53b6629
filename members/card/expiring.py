"""What runs out next, as the card page says it: every date, the next three of them at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Subquery
from django.utils import formats
from django.utils.translation import gettext as _

from loyalty.prepared import Given
from members.ledger.models import Account
from members.models import Membership
from members.notices import lots
from members.notices.lots import Lapse
from members.notices.operations import running_out

AT_ONCE = 3  # dates; the others stand on a page of their own


@dataclass(frozen=True)
class NextToExpire:
    """One programme's dates in words. `more`: there are later ones than it says."""

    first: str
    then: str
    more: bool


def lapses_to_ask(today: Given) -> Subquery:
    """What `next_to_expire` needs to know of an account, as a column of a query of accounts."""
    return lots.next_of_account(today, AT_ONCE + 1)  # one more than is said: there are more


def next_to_expire(accounts: list[Account], today: date) -> Iterator[NextToExpire]:
    """For each account with something that runs out. No query.

    Needs their programme and rule_version, and `lapses` as `lapses_to_ask` asks for them.
    """
    for account in accounts:
        if own := lots.told_of_account(account):
            yield _told(account, own, today, named=len(accounts) > 1)


def _told(account: Account, own: list[Lapse], today: date, *, named: bool) -> NextToExpire:
    first, *then = [_on_a_day(account, lapse, today) for lapse in own[:AT_ONCE]]
    return NextToExpire(
        first=_first(first, account.programme.name if named else ""),
        then=_then(then),
        more=len(own) > AT_ONCE,
    )


def _first(what: str, card: str) -> str:
    if card:
        return _("%(card)s, next to expire: %(what)s") % {"card": card, "what": what}
    return _("Next to expire: %(what)s") % {"what": what}


def _then(dates: list[str]) -> str:
    if not dates:
        return ""
    if len(dates) == 1:
        return _("Then %(what)s.") % {"what": dates[0]}
    return _("Then %(what)s and %(later)s.") % {"what": dates[0], "later": dates[1]}


def _on_a_day(account: Account, lapse: Lapse, today: date) -> str:
    """2 stamps on 30 Nov; with its year, if that is another one."""
    shape = "SHORT_DATE_FORMAT" if lapse.day.year == today.year else "DATE_FORMAT"
    told = {
        "amount": lots.amount(account, lapse.n),
        "day": formats.date_format(lapse.day, shape),
    }
    return _("%(amount)s on %(day)s") % told


def all_dates(membership: Membership, today: date) -> list[str]:
    """All that runs out, rewards too, a sentence each, soonest first."""
    things = running_out(Membership.objects.filter(pk=membership.pk), today, None)
    return [thing.words for thing in sorted(things, key=lambda thing: thing.day)]
