"""A member chooses a reward; and chooses otherwise, while it has not been used."""

from datetime import date, datetime, timedelta
from typing import Any, TypedDict
from uuid import UUID

from django_scopes import scope, scopes_disabled

from loyalty import keys
from loyalty.actors import Actor, Channel
from loyalty.models import Shop
from members import visits
from members.ledger import accounts, posting, reversing
from members.ledger.models import Account, LedgerEntry, Operation, local_day
from members.models import Membership
from members.refusals import NothingToUndo, no_more_honoured
from rewards import operations as claims
from rewards.catalogue import stock, whom
from rewards.catalogue.models import Reward
from rewards.catalogue.refusals import (
    EnoughOfIt,
    NotInGroup,
    NotOffered,
    NotYourLevel,
    PointsMissing,
)
from rewards.models import Claim
from rewards.points.operations import bonus, stay_awake
from rewards.points.rules import PointRules

Kind = LedgerEntry.Kind
CHOSEN = "chosen"  # the reason of the debit that pays for a reward
CHOOSING, CANCELLING, LAPSING = "choose_for_card", "cancel_claim", "lapse_claim"


class Chosen(TypedDict):
    claim: int
    title: str
    cost: int  # in points; 0: a full card
    after: int  # points that are left
    handed: bool
    unit: list[str]  # PointRules.called; nothing for a full card


@posting.operation("redeem")
def redeem(
    op: Operation, *, membership: Membership, reward: Reward, key: UUID, actor: Actor
) -> Chosen:
    """Spend a member's points on a reward, which is theirs to use from now on.

    Bonus points arrive at once. Refused: CardIsAnother, HonouredNoMore, NotOffered, NotYourLevel,
    NotInGroup, SoldOut, EnoughOfIt, PointsMissing.
    """
    return _redeem(op, membership, reward)


@posting.operation("redeem_now")
def redeem_now(
    op: Operation, *, membership: Membership, reward: Reward, key: UUID, actor: Actor
) -> Chosen:
    """At the counter: spend the points and hand the reward over, in one go.

    Refused: as `redeem`, and SaveFirst.
    """
    if claims.must_be_saved(membership):
        raise claims.SaveFirst
    answer = _redeem(op, membership, reward)
    if not answer["handed"]:
        claims.hand(op, Claim.objects.get(pk=answer["claim"]))
    return {**answer, "handed": True}


@posting.operation(CHOOSING)
def choose_for_card(
    op: Operation, *, membership: Membership, claim: Claim, reward: Reward, key: UUID, actor: Actor
) -> Chosen:
    """Take another reward for a full card than the one that stands on it.

    Refused: CardIsAnother, NotReady, AlreadyUsed, NotOffered, NotYourLevel, NotInGroup, SoldOut,
    EnoughOfIt.
    """
    op.redeems = True
    visits.must_be_in_use(op, membership)
    claim = claims.ready_for(op, membership, claim)
    _check(op, membership, reward)
    if claim.cycle is None or reward.cost or not claim.account:
        raise NotOffered
    if claim.account.programme_id != reward.programme_id:
        raise NotOffered
    stock.put_back(claim.reward_id)
    stock.take_one(reward)
    claims.promise(claim, **_promise_of(reward, local_day(op.shop, op.occurred_at)))
    return _deliver(op, claim, reward, cost=0)


@posting.operation(CANCELLING)
def cancel(
    op: Operation, *, membership: Membership, claim: Claim, key: UUID, actor: Actor
) -> dict[str, int]:
    """Choose otherwise, before it is used: points return to where they came from, and a full card
    stands for its own reward again.

    Refused: NotReady, AlreadyUsed, and NothingToUndo where nothing was chosen.
    """
    claim = claims.ready_for(op, membership, claim)
    if claim.cost:
        _give_back(op, claim, Claim.State.CANCELLED)
    elif claim.instead_of:
        _stand_for_its_own(claim)
    else:
        raise NothingToUndo
    return {"claim": claim.pk}


@posting.operation(LAPSING)
def lapse(
    op: Operation, *, membership: Membership, claim: Claim, key: UUID, actor: Actor
) -> dict[str, int]:
    """A reward that cost points has run out. They come back, if the rules of then say so."""
    lapsed = Claim.objects.lapsed(local_day(op.shop, op.occurred_at)).filter(pk=claim.pk)
    found = lapsed.filter(membership=membership).select_related("operation").first()
    if found is None:
        return {"claim": 0}
    spent = LedgerEntry.objects.select_related("rule_version").get(
        operation=found.operation, kind=Kind.SPEND
    )
    if PointRules.read(spent.rule_version.rules).returns:
        _give_back(op, found, Claim.State.EXPIRED)
    else:
        _end(found, Claim.State.EXPIRED)
    return {"claim": found.pk}


def lapse_claims(now: datetime) -> int:
    """Lapse every reward chosen for points whose last day is over in its shop's time.

    Twice changes nothing. Counts claims.
    """
    done = 0
    with scopes_disabled():
        shops = list(Shop.objects.all())
    for shop in shops:
        with scope(shop=shop):
            lapsed = Claim.objects.exclude(cost=0).lapsed(local_day(shop, now))
            for claim in lapsed.order_by("pk"):
                lapse(
                    membership=claim.membership,
                    claim=claim,
                    key=keys.derived(
                        "lapse", claim.pk, claim.membership_id, claim.hand_overs.count()
                    ),
                    actor=Actor(shop, Channel.JOB, at=now),
                )
                done += 1
    return done


def _give_back(op: Operation, claim: Claim, state: Claim.State) -> None:
    """End an unused claim; its points return to the same lots, with their old dates (L8). If
    their card has become part of another since, they go on to that one, with the same dates."""
    reversing.reverse(op, claim.operation, onto=claim.membership)
    _end(claim, state)


def _end(claim: Claim, state: Claim.State) -> None:
    """Nobody used it, so there is one more for others."""
    Claim.objects.filter(pk=claim.pk).update(state=state)
    stock.put_back(claim.reward_id)


def unchoose(undone: Operation) -> bool:
    """The bonus a member took for a full card went with its undoing: the card stands for its own
    reward again. False: it was no such choice."""
    handed = Claim.objects.filter(hand_overs__operation=undone, instead_of__isnull=False)
    chosen = list(handed.exclude(operation=undone)) if undone.kind == CHOOSING else []
    for claim in chosen:
        _stand_for_its_own(claim)
    return bool(chosen)


def _stand_for_its_own(claim: Claim) -> None:
    stock.put_back(claim.reward_id)
    claims.promise_again(claim)


def _redeem(op: Operation, membership: Membership, reward: Reward) -> Chosen:
    op.redeems = True
    visits.must_be_in_use(op, membership)
    _check(op, membership, reward)
    if reward.cost is None:
        raise NotOffered
    account = accounts.find(op, membership, reward.programme)
    accounts.follow(account, accounts.newest_rules(reward.programme, op.occurred_at))
    if missing := max(0, reward.cost - accounts.spendable(op, account)):
        raise PointsMissing(missing=missing)
    stock.take_one(reward)
    posting.post(op, posting.Line(account, Kind.SPEND, -reward.cost, reason=CHOSEN))
    stay_awake(op, account)
    today = local_day(op.shop, op.occurred_at)
    claim = claims.issue_claim(
        op,
        membership=membership,
        account=account,
        source=Claim.Source.POINTS,
        cost=reward.cost,
        **_promise_of(reward, today),
    )
    return _deliver(op, claim, reward, cost=reward.cost)


def _check(op: Operation, membership: Membership, reward: Reward) -> None:
    reward.refresh_from_db()  # under the lock: the owner may have been quicker
    today = local_day(op.shop, op.occurred_at)
    if over := no_more_honoured(reward.programme, today):
        raise over
    if not reward.is_offered(today):
        raise NotOffered
    _check_whom(op, membership, reward)
    if reward.per_member is not None:
        had = Claim.objects.filter(membership=membership, reward=reward).standing().count()
        if had >= reward.per_member:
            raise EnoughOfIt(most=reward.per_member)


def _check_whom(op: Operation, membership: Membership, reward: Reward) -> None:
    """Who loses their level or leaves the group later keeps what they have chosen."""
    member = whom.asked_by([reward], membership, op.occurred_at)
    if not member.belongs(reward):
        raise NotInGroup
    if reward.tier and not member.reaches(reward):
        raise NotYourLevel(level=reward.tier.name)


def _promise_of(reward: Reward, today: date) -> dict[str, Any]:
    days = reward.use_within_days
    return {
        "reward": reward,
        "title": reward.name,
        "terms": reward.terms,
        "value_minor": reward.value_minor,
        "minimum_minor": reward.minimum_minor,
        "percent": reward.percent,
        "off_minor": reward.amount_minor,
        "expires_on": today + timedelta(days=days) if days else None,
    }


def _deliver(op: Operation, claim: Claim, reward: Reward, *, cost: int) -> Chosen:
    """Bonus points need nobody to hand them out."""
    handed = reward.behaviour == Reward.Behaviour.BONUS
    if handed:
        claims.hand(op, claim)
        if bonus(op, claim.membership, reward.bonus or 0) is None:
            raise NotOffered  # it has nowhere to arrive
    account = accounts.find(op, claim.membership, reward.programme)
    return {
        "claim": claim.pk,
        "title": claim.title,
        "cost": cost,
        "after": account.balance,
        "handed": handed,
        "unit": _unit(account),
    }


def _unit(account: Account) -> list[str]:
    if account.programme.kind != "points":
        return []
    return [*PointRules.read(account.rule_version.rules).called]
