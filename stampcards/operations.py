"""A stamp, and what follows when it is the last one."""

from dataclasses import replace
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from django.db.models import DateTimeField, Max, OuterRef, Q, QuerySet, Subquery, Sum

from loyalty.actors import Actor
from loyalty.calendar import day_of, months_after
from loyalty.models import Shop
from loyalty.prepared import Given, Prepared
from members import visits
from members.ledger import accounts, posting
from members.ledger.locking import lock, refuse_deleted
from members.ledger.models import Account, LedgerEntry, Lot, Operation, local_day
from members.models import Membership, Programme
from members.models.programmes import ProgrammeQuerySet
from members.visits import Purchase
from rewards.models import Claim
from rewards.operations import issue_claim
from rewards.points.operations import must_be_sure
from rewards.tiers import standing
from stampcards.refusals import ReasonNeeded, TooManyStamps, asks_first, not_open
from stampcards.rules import REASON_ABOVE, StampRules

Kind = LedgerEntry.Kind
CARD_FULL = "card_full"  # the reason of the debit that turns a card
WELCOME, EXTRA, AGAIN, BONUS, LEVEL = "welcome", "extra", "again", "bonus", "level"
FROM_US = (WELCOME, BONUS, LEVEL)  # nobody came by for them
REASONS = ("group", "correction", "other")  # for many at once
ANY_PURCHASE = Purchase()


class Stamped(TypedDict):
    given: int
    before: int
    after: int
    need: int
    filled: int
    reward: str
    extra: str  # what the extra stamp was for; "": there was none
    again: bool  # staff were asked first, and meant it
    also: list[dict[str, Any]]  # what else the visit gave


@posting.operation("add_stamps", reads_cards=True)
def add_stamps(
    op: Operation,
    *,
    membership: Membership,
    programme: Programme,
    count: int,
    extra: bool = False,
    again: bool = False,
    reason: str = "",
    purchase: Purchase = ANY_PURCHASE,
    sure: bool = False,
    key: UUID,
    actor: Actor,
) -> Stamped:
    """Stamp a card: `count` stamps, and one more if they earned the `extra`.

    A full card issues its reward and the next one begins with what is left over. The same
    `purchase` may earn points as well. `again` says that staff were asked and meant it, `sure`
    that the amount is right; `reason`, one of REASONS, why so many at once. Refused:
    CardDeleted, CardIsAnother, NotStarted, ProgrammePaused, OutOfSeason, TooManyStamps,
    ReasonNeeded, DailyLimit, StampedRecently, HighAmount.
    """
    return stamp_card(
        op,
        membership=membership,
        programme=programme,
        count=count,
        extra=extra,
        again=again,
        reason=reason,
        purchase=purchase,
        sure=sure,
    )


def stamp_card(
    op: Operation,
    *,
    membership: Membership,
    programme: Programme,
    count: int,
    extra: bool = False,
    again: bool = False,
    reason: str = "",
    purchase: Purchase = ANY_PURCHASE,
    sure: bool = False,
) -> Stamped:
    """The stamps of `add_stamps`, as part of whatever operation gives them."""
    account = _open_card(op, membership, programme)
    rules = StampRules.read(account.rule_version.rules)
    extra_for = rules.extra_for if extra else ""
    _check(op, account, rules, count, reason)
    asked = asks_first(rules, op.occurred_at, count=count + bool(extra_for), **_lately(account))
    if asked and not again:
        raise asked
    must_be_sure(op.shop, purchase, sure)
    # The answer keeps that staff were asked, where the entry's one reason says why so many.
    why = reason if count > REASON_ABOVE else AGAIN if asked else ""
    lines = [_stamps(op, account, count, why)]
    if extra_for:
        lines.append(_stamps(op, account, 1, EXTRA))
    told: Stamped = {
        "given": sum(line.amount for line in lines),
        "before": account.balance,
        "after": account.balance + count,
        "filled": 0,
        "need": rules.need,
        "reward": rules.reward,
        "extra": extra_for,
        "again": asked is not None,
        "also": [],
    }
    if _nothing_follows(account, lines, told):
        visit = visits.seen(op, membership, purchase)
        posting.credit_and_answer(op, visit, replace(lines[0], visit=visit), told)
        return told
    visit = visits.note(op, membership, purchase)
    posting.post(op, *(replace(line, visit=visit) for line in lines))
    told["filled"] = fill(op, account)
    told["after"] = account.balance
    told["need"] = StampRules.read(account.rule_version.rules).need
    if _is_heard(account):
        told["also"] = visits.follow(op, visit, purchase)
    return told


def _nothing_follows(account: Account, lines: list[posting.Line], told: Stamped) -> bool:
    """One more on a card that is not full by it: most stamps, and a queue is waiting."""
    plain = len(lines) == 1 and not account.shortfall and not _is_heard(account)
    return plain and told["after"] < told["need"]


def give_welcome_stamps(op: Operation, membership: Membership) -> None:
    """The head start on a member's first card of each kind, as part of joining."""
    for programme in _given_to(op).in_order():
        account = accounts.find(op, membership, programme)
        rules = StampRules.read(account.rule_version.rules)
        if rules.welcome:
            posting.post(op, _stamps(op, account, rules.welcome, WELCOME))


def bonus(op: Operation, membership: Membership, n: int) -> dict[str, Any] | None:
    """Stamps from the shop on its first card, as part of the operation that gives them.

    What was given, as a part to be told. None: there is no stamp card.
    """
    programme = _given_to(op).in_order().first()
    if programme is None:
        return None
    account = accounts.find(op, membership, programme)
    posting.post(op, _stamps(op, account, n, BONUS))
    filled = fill(op, account)
    need = StampRules.read(account.rule_version.rules).need
    return {
        "kind": "stamps",
        "given": n,
        "after": account.balance,
        "need": need,
        "filled": filled,
    }


def _given_to(op: Operation) -> ProgrammeQuerySet:
    """The cards the shop itself puts stamps on."""
    today = local_day(op.shop, op.occurred_at)
    return Programme.objects.on().goes_on(today).filter(kind="stamps")


def fill(op: Operation, account: Account) -> int:
    """Issue a reward for every time the card is full, and turn to the next card.

    Counts only what has not run out. On each new card wait the stamps of the member's level.
    Returns how many cards were filled.
    """
    filled = 0
    left = _usable(op, account)
    while left >= (rules := StampRules.read(account.rule_version.rules)).need:
        posting.post(op, posting.Line(account, Kind.SPEND, -rules.need, reason=CARD_FULL))
        today = local_day(op.shop, op.occurred_at)
        issue_claim(
            op,
            membership=account.membership,
            source=Claim.Source.CARD,
            account=account,
            cycle=account.cycle,
            title=rules.reward,
            value_minor=rules.reward_value_minor,
            expires_on=months_after(today, rules.reward_months) if rules.reward_months else None,
        )
        newest = accounts.newest_rules(account.programme, op.occurred_at)
        accounts.turn(account, newest)
        left -= rules.need
        if filled == 0:
            head_start = standing.head_start_of(account.membership)
        if head_start:
            _let_wait(op, account, head_start)
            left = _usable(op, account)
        filled += 1
    return filled


def _let_wait(op: Operation, account: Account, head_start: int) -> None:
    """Stamps wait on a card that begins: never all it needs, or it would fill itself."""
    need = StampRules.read(account.rule_version.rules).need
    posting.post(op, _stamps(op, account, min(head_start, need - 1), LEVEL))


def turn_cards_back(op: Operation, undone: Operation) -> None:
    """Undoing what filled a card takes up the old card again. Only the latest can be.

    Refused: AlreadySpent.
    """
    turns = LedgerEntry.objects.filter(operation=undone, kind=Kind.SPEND, reason=CARD_FULL)
    turns = turns.select_related("account__programme", "rule_version").order_by("-seq")
    for turn in turns:
        later = LedgerEntry.objects.filter(
            account=turn.account, kind=Kind.SPEND, reason=CARD_FULL, seq__gt=turn.seq
        )
        if later.filter(reversed_by=None).exclude(operation=undone).exists():
            raise posting.AlreadySpent
        accounts.turn(accounts.keep(op, turn.account), turn.rule_version, by=-1)


def move_stamps(op: Operation, gone: Membership, kept: Membership) -> None:
    """Two cards become one: all stamps on one card, dates kept, the welcome counted once."""
    theirs = Account.objects.filter(membership=gone, programme__kind="stamps")
    for out_of in theirs.select_related("programme", "rule_version"):
        into = accounts.find(op, kept, out_of.programme)
        _drop_second_welcome(op, out_of, into)
        posting.transfer(op, out_of=out_of, into=into)
        fill(op, into)


def take_up_the_old_card(op: Operation, undone: Operation, gone: Membership) -> None:
    """A card that was empty while it was part of another goes on under the rules it had."""
    left = LedgerEntry.objects.filter(operation=undone, account__membership=gone)
    stamps = left.filter(account__programme__kind="stamps")
    for entry in stamps.select_related("account", "rule_version"):
        accounts.turn(accounts.keep(op, entry.account), entry.rule_version, by=0)


def _drop_second_welcome(op: Operation, out_of: Account, into: Account) -> None:
    theirs = LedgerEntry.objects.filter(account=into, reason=WELCOME)
    welcomes = Lot.objects.filter(account=out_of, entry__reason=WELCOME)
    ours = welcomes.usable(local_day(op.shop, op.occurred_at)).first()
    if ours and theirs.exists():
        line = posting.Line(out_of, Kind.ADJUST, -ours.remaining, reason="welcomed_twice")
        posting.post(op, line)


def stamps_of(account: int | OuterRef) -> QuerySet[LedgerEntry]:
    """What was stamped on an account and stands, latest first; what comes from us is no visit."""
    earned = LedgerEntry.objects.filter(account=account, kind=Kind.EARN, reversed_by=None)
    return earned.exclude(reason__in=FROM_US).order_by("-seq")


class Lately(TypedDict):
    last: datetime | None
    today: int


def stamped_lately(account: Account, shop: Shop, at: datetime) -> Lately:
    """When an account was stamped last, and how many stamps that shop day has seen."""
    found = stamps_of(account.pk).aggregate(
        last=Max("operation__occurred_at"), today=Sum("amount", filter=_on_day(shop, at))
    )
    return {"last": found["last"], "today": found["today"] or 0}


def _on_day(shop: Shop, at: datetime) -> Q:
    """Stamped on the day of this moment, as the shop counts days."""
    return _between(*day_of(at, shop.zone))


def _between(midnight: "datetime | Given", next_one: "datetime | Given") -> Q:
    return Q(operation__occurred_at__gte=midnight, operation__occurred_at__lt=next_one)


def _cards() -> QuerySet[Account]:
    moment = DateTimeField()
    stamped = stamps_of(OuterRef("pk")).order_by()
    today = stamped.filter(_between(Given("midnight", moment), Given("next_one", moment)))
    latest = stamped.order_by("-operation__occurred_at")
    return (
        Account.objects.filter(membership=Given("membership"), programme=Given("programme"))
        .select_related("programme", "rule_version", "membership")
        .annotate(heard=visits.heard(OuterRef("membership")))
        .annotate(last_stamp=Subquery(latest.values("operation__occurred_at")[:1]))
        .annotate(
            stamps_today=Subquery(today.values("account").annotate(sum=Sum("amount")).values("sum"))
        )[:1]
    )


CARD = Prepared(_cards)


def _open_card(op: Operation, membership: Membership, programme: Programme) -> Account:
    """The account, and in the same query how it was stamped lately. Refused: CardDeleted."""
    midnight, next_one = day_of(op.occurred_at, op.shop.zone)
    account = CARD.first(
        membership=membership.pk, programme=programme.pk, midnight=midnight, next_one=next_one
    )
    if account is None:
        refuse_deleted(op, lock([membership]))
        return accounts.open_for(op, membership, programme)
    refuse_deleted(op, account.membership.leaving_since)
    return accounts.keep(op, account)


def _lately(account: Any) -> Lately:
    """As `_open_card` found it. An account it had to open has seen nothing yet."""
    today = getattr(account, "stamps_today", None)
    return {"last": getattr(account, "last_stamp", None), "today": today or 0}


def _is_heard(account: Any) -> bool:
    """Is a visit worth anything else? Most shops have one card, and a queue is waiting."""
    return getattr(account, "heard", True)


def _check(op: Operation, account: Account, rules: StampRules, count: int, reason: str) -> None:
    if account.membership.merged_into_id:
        raise visits.moved(op, account.membership)
    if closed := not_open(account.programme, rules, op.shop, op.occurred_at):
        raise closed
    if not 1 <= count <= rules.most_per_purchase:
        raise TooManyStamps(most=rules.most_per_purchase)
    if count > REASON_ABOVE and reason not in REASONS:
        raise ReasonNeeded


def _stamps(op: Operation, account: Account, count: int, reason: str) -> posting.Line:
    months = StampRules.read(account.rule_version.rules).expires_months
    today = local_day(op.shop, op.occurred_at)
    return posting.Line(
        account,
        Kind.EARN,
        count,
        qualifying=0 if reason in FROM_US else count,
        reason=reason,
        expires_on=months_after(today, months) if months else None,
    )


def _usable(op: Operation, account: Account) -> int:
    """Stamps that have not run out. The balance may still hold some that have (L9)."""
    rules = StampRules.read(account.rule_version.rules)
    if account.balance < rules.need:
        return account.balance  # not full either way, so no need to look
    usable = Lot.objects.filter(account=account).usable(local_day(op.shop, op.occurred_at))
    return usable.aggregate(sum=Sum("remaining"))["sum"] or 0
