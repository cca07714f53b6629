"""A visit that earns points."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, TypedDict
from uuid import UUID

from django.db.models import Max, QuerySet

from loyalty import money
from loyalty.actors import Actor
from loyalty.calendar import day_of
from loyalty.models import Shop
from members import visits
from members.ledger import accounts, lasting, posting
from members.ledger.models import Account, LedgerEntry, Operation, Visit, local_day
from members.models import Membership, Programme
from members.refusals import closed
from members.visits import Purchase
from rewards.points.refusals import AttendedToday, EarnedJustNow, HighAmount, NothingEarned
from rewards.points.rules import Expiry, PointRules
from rewards.points.scheme import points_scheme
from rewards.tiers import standing

Kind = LedgerEntry.Kind
COOLING = timedelta(minutes=5)  # within it, the counter asks before giving more (CTR-04)


class Given(TypedDict):
    """What a visit gave in one programme; kept in the answer, to be told."""

    kind: str
    programme: int
    given: int
    after: int
    unit: list[str]  # PointRules.called
    done: list[str]  # what else it was for, by name


class Earned(TypedDict):
    also: list[dict[str, Any]]


@posting.operation("earn_points")
def earn_points(
    op: Operation,
    *,
    membership: Membership,
    programme: Programme,
    purchase: Purchase,
    again: bool = False,
    sure: bool = False,
    key: UUID,
    actor: Actor,
) -> Earned:
    """Give a member what a visit earns, in points.

    `again` says that staff were asked and meant it, `sure` that the amount is right. Refused:
    CardIsAnother, NotStarted, ProgrammePaused, AttendedToday, EarnedJustNow, HighAmount,
    NothingEarned.
    """
    return earn(
        op,
        membership=membership,
        programme=programme,
        purchase=purchase,
        again=again,
        sure=sure,
    )


def earn(
    op: Operation,
    *,
    membership: Membership,
    programme: Programme,
    purchase: Purchase,
    again: bool = False,
    sure: bool = False,
) -> Earned:
    """The points of `earn_points`, as part of whatever operation gives them."""
    visits.must_be_in_use(op, membership)
    if shut := closed(programme, op.shop, op.occurred_at):
        raise shut
    account = accounts.find(op, membership, programme)
    if purchase.attended and attended_on(account, op):
        raise AttendedToday
    if not again and (asked := asks_first(earned_lately(account), op.occurred_at)):
        raise asked
    must_be_sure(op.shop, purchase, sure)
    given = visits.follow(op, visits.note(op, membership, purchase), purchase)
    if not any(part["kind"] == "points" for part in given):
        raise NothingEarned
    return {"also": given}


def must_be_sure(shop: Shop, purchase: Purchase, sure: bool) -> None:
    """A finger may have slipped. Refused: HighAmount."""
    if not sure and (purchase.amount_minor or 0) > money.HIGH_MINOR[shop.currency]:
        raise HighAmount(amount_minor=purchase.amount_minor, currency=shop.currency)


def follow(op: Operation, visit: Visit, purchase: Purchase) -> list[dict[str, Any]]:
    """Give what a visit earns in the points schemes that run, whichever form registered it."""
    schemes = points_scheme().running().goes_on(local_day(op.shop, op.occurred_at))
    known = schemes.annotate(percent=standing.percent_of(visit.membership_id))
    given = [_earn(op, visit, purchase, programme) for programme in known]
    return [dict(part) for part in given if part]


def _earn(op: Operation, visit: Visit, purchase: Purchase, programme: Any) -> Given | None:
    times = standing.times(programme.percent)  # by the member's level, asked with the programme
    account = accounts.find(op, visit.membership, programme)
    with accounts.under(account, accounts.newest_rules(programme, op.occurred_at)):
        return _book(op, visit, purchase, account, times)


def _book(
    op: Operation, visit: Visit, purchase: Purchase, account: Account, times: Fraction
) -> Given | None:
    stay_awake(op, account)
    rules = PointRules.read(account.rule_version.rules)
    n = rules.points_for(purchase, multiplier=times)
    if not n:
        return None
    until = rules.until(local_day(op.shop, op.occurred_at))
    posting.post(
        op, posting.Line(account, Kind.EARN, n, qualifying=n, visit=visit, expires_on=until)
    )
    return _part(account, n, *purchase.actions)


def _part(account: Account, n: int, *done: str) -> Given:
    """What was given, to be told."""
    rules = PointRules.read(account.rule_version.rules)
    return {
        "kind": "points",
        "programme": account.programme_id,
        "given": n,
        "after": account.balance,
        "unit": [*rules.called],
        "done": [*done],
    }


def stay_awake(op: Operation, account: Account) -> None:
    """A visit or a reward keeps points alive that run out when nothing happens.

    Those that were earned under older rules as well, by the longer of the two: a change of rules
    never shortens what was earned (A3).
    """
    today = local_day(op.shop, op.occurred_at)
    now = PointRules.read(account.rule_version.rules)
    if now.expiry == Expiry.IDLE:
        lasting.prolong(account, now.until(today), op)
    for older in lasting.rules_of_lots(account).exclude(pk=account.rule_version_id):
        then = PointRules.read(older.rules)
        if then.expiry == Expiry.IDLE:
            lasting.prolong(account, then.until(today), op, under=older)


def bonus(op: Operation, membership: Membership, n: int) -> Account | None:
    """Points from the shop, as part of the operation that gives them. None: there is no scheme."""
    programme = points_scheme().goes_on(local_day(op.shop, op.occurred_at)).first()
    if programme is None:
        return None
    account = accounts.find(op, membership, programme)
    with accounts.under(account, accounts.newest_rules(programme, op.occurred_at)):
        rules = PointRules.read(account.rule_version.rules)
        until = rules.until(local_day(op.shop, op.occurred_at))
        posting.post(op, posting.Line(account, Kind.EARN, n, reason="bonus", expires_on=until))
    return account


def bonus_part(op: Operation, membership: Membership, n: int) -> Given | None:
    """As `bonus`; what was given, as a part to be told. None: there is no scheme."""
    account = bonus(op, membership, n)
    return _part(account, n) if account else None


def earned_of(account: int | None) -> QuerySet[LedgerEntry]:
    """What visits brought to an account and stands."""
    return LedgerEntry.objects.filter(
        account=account, kind=Kind.EARN, visit__isnull=False, reversed_by=None
    )


def earned_lately(account: Account) -> datetime | None:
    """When an account earned last. None: never."""
    return earned_of(account.pk).aggregate(last=Max("operation__occurred_at"))["last"]


def asks_first(last: datetime | None, at: datetime) -> EarnedJustNow | None:
    """What staff are asked before they give more, if `last` is close. None: nothing."""
    if last is not None and (since := abs(at - last)) < COOLING:
        return EarnedJustNow(minutes=int(since.total_seconds() // 60))
    return None


def attended_on(account: Account, op: Operation) -> bool:
    """Has coming by been counted on the day of this operation, as the shop counts days?"""
    midnight, next_one = day_of(op.occurred_at, op.shop.zone)
    came = earned_of(account.pk).filter(visit__kind=Visit.Kind.ATTENDANCE)
    return came.filter(visit__at__gte=midnight, visit__at__lt=next_one).exists()
