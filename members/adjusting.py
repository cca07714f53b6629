"""A manager sets a balance right, up or down, for a reason from a list."""

from typing import TypedDict
from uuid import UUID

from django.utils.translation import gettext as _

from loyalty.actors import Actor
from loyalty.numbers import whole
from loyalty.refusals import Refused
from members import kinds, rooms, visits
from members.ledger import accounts, posting
from members.ledger.models import Account, LedgerEntry, Operation, local_day
from members.models import Membership, Programme
from members.refusals import NotStarted, ProgrammeOff

Kind = LedgerEntry.Kind
MOST = 1_000  # stamps or points, either way, in one correction
REASONS = ("forgotten", "goodwill", "mistake", "other")


class AdjustNeedsReason(Refused):
    """What is corrected by hand wants a reason from the list."""

    code = "adjust_needs_reason"

    def __str__(self) -> str:
        return _("Choose why it is corrected.")


class AdjustOutOfBounds(Refused):
    """Nothing, or more than `most`, either way."""

    code = "adjust_out_of_bounds"

    def __str__(self) -> str:
        told = {"most": whole(self.values["most"])}
        return _("Type a number from 1 to %(most)s, with + or −.") % told


class Adjusted(TypedDict):
    programme: int
    amount: int
    after: int  # in whole stamps or points
    owed: int  # of an earlier correction, still


@posting.operation("adjust_balance")
def adjust_balance(
    op: Operation,
    *,
    membership: Membership,
    programme: Programme,
    amount: int,
    reason: str,
    key: UUID,
    actor: Actor,
) -> Adjusted:
    """Add to a balance, or take from it: `amount` in whole stamps or points, one of REASONS.

    It counts for no tier. What is added lasts as if it were earned now, pays what is owed first,
    and fills a card. Refused: CardIsAnother, NotStarted, ProgrammeOff, AdjustOutOfBounds,
    AdjustNeedsReason, NotEnough.
    """
    visits.must_be_in_use(op, membership)
    _check(op, programme, amount, reason)
    account = accounts.find(op, membership, programme)
    posting.post(op, _line(op, account, amount, reason))
    for settle in rooms.answering("settle"):
        settle(op, account)
    return {
        "programme": programme.pk,
        "amount": amount,
        "after": account.balance,
        "owed": account.shortfall,
    }


def _check(op: Operation, programme: Programme, amount: int, reason: str) -> None:
    if op.shop.live_since is None:
        raise NotStarted
    off_since = Programme.objects.values_list("off_since", flat=True).get(pk=programme.pk)
    if off_since:  # on pause, what went wrong can still be set right
        raise ProgrammeOff(since=local_day(op.shop, off_since).isoformat())
    if not 1 <= abs(amount) <= MOST:
        raise AdjustOutOfBounds(most=MOST)
    if reason not in REASONS:
        raise AdjustNeedsReason


def _line(op: Operation, account: Account, amount: int, reason: str) -> posting.Line:
    if amount < 0:
        return posting.Line(account, Kind.ADJUST, amount, reason=reason)
    kind = kinds.kind(account.programme.kind)
    accounts.follow(account, kind.rules_for_more(account, op.occurred_at))
    until = kind.lasts_until(account.rule_version, local_day(op.shop, op.occurred_at))
    return posting.Line(account, Kind.ADJUST, amount, reason=reason, expires_on=until)
