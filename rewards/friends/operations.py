"""A friend joins, buys, and two people are thanked; or it is taken back.

The friend's side is part of their own purchase. The other card is not locked there: two tills
that lock two cards each could wait for each other for ever. It has an operation of its own, which
reads under the lock what is still due, so that it happens once however often it is tried: by a
task that the purchase leaves behind, and by the tick for whatever was left.
"""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django_scopes import scope, scopes_disabled
from django_tasks import task

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from loyalty.calendar import month_of
from loyalty.models import Shop
from loyalty.refusals import Refused
from members import rooms
from members.ledger import accounts, posting, reversing
from members.ledger.models import LedgerEntry, Operation, Visit
from members.models import Membership
from members.visits import Purchase
from rewards.friends.doubts import known_before
from rewards.friends.models import Inviting, Referral, Thanked, Thanks
from rewards.friends.thanking import Gave, say_no, tell_no_more, thank
from rewards.models import Claim

Kind = LedgerEntry.Kind
Pays, Side, State = Inviting.Pays, Thanks.Side, Referral.State
PAYS_AGAIN = (State.BOUGHT, State.REWARDED, State.OVER_CAP)  # at the next first purchase
BONUS = "bonus"  # the reason of what came from the shop
CAME = "friends"  # the kind of part that tells of a first purchase
TAKING = "take_thanks_back"
NOT_EARNED = "not_earned"  # the reason of what goes back to it


def inviting_of(shop: Shop) -> Inviting | None:
    """How bringing a friend works here now. None: it does not."""
    return Inviting.objects.on().select_related("shop").filter(shop=shop).first()


# --- Joining ------------------------------------------------------------------------------


def tie(op: Operation, friend: Membership) -> None:
    """Remember who a new member came through; but whoever had a card here before is no friend."""
    if friend.source != Membership.Source.FRIEND or not friend.source_detail:
        return
    inviting = inviting_of(op.shop)
    member = Membership.objects.filter(friend_code=friend.source_detail).first()
    if inviting is None or member is None or member.became.leaving_since:
        return
    referral = Referral(
        shop=op.shop,
        friend=friend,
        member=member.became,
        pays=inviting.pays,
        joined_at=op.occurred_at,
    )
    if known_before(referral):
        say_no(friend, op.occurred_at)
        return
    referral.save(force_insert=True)
    if inviting.pays == Pays.JOINING:
        _earned(op, referral)


# --- The friend buys ----------------------------------------------------------------------


class Came(TypedDict):
    """What the till is told; `kind` is how `told` of this room finds it."""

    kind: str
    gave: Gave | None
    refused: bool


def waiting_for(card: int | OuterRef) -> QuerySet[Referral]:
    """A row, if this card's next purchase may be a friend's first."""
    on = Inviting.objects.on().filter(shop=OuterRef("shop"))
    return Referral.objects.waiting().filter(friend=card).filter(Exists(on))


def buy(op: Operation, visit: Visit, purchase: Purchase) -> list[Came]:
    """A friend's first purchase thanks them, and lets whoever brought them be thanked."""
    referral = _locked(waiting_for(visit.membership_id))
    if referral is None or not qualifies(referral, purchase):
        return []
    if referral.pays == Pays.PURCHASE and known_before(referral):
        refuse(op, referral)
        say_no(referral.friend, op.occurred_at)
        return [{"kind": CAME, "gave": None, "refused": True}]
    referral.bought, referral.bought_at = op, op.occurred_at
    referral.save(update_fields=["bought", "bought_at"])
    if referral.pays == Pays.JOINING:
        return []  # it was paid then
    gave = _earned(op, referral)
    return [{"kind": CAME, "gave": gave, "refused": False}] if gave else []


def qualifies(referral: Referral, purchase: Purchase) -> bool:
    """Coming by is no purchase; and where there is a least amount, nobody takes it on trust."""
    if not purchase.bought or purchase.attended or purchase.amount_minor == 0:
        return False
    least = Inviting.objects.filter(shop=referral.shop_id).values_list("minimum_minor", flat=True)
    return referral.pays == Pays.JOINING or (purchase.amount_minor or 0) >= least.get()


def _earned(op: Operation, referral: Referral) -> Gave | None:
    """The friend's thanks, now; the other side's at once, but not in here.

    What the shop took back itself it gives nobody again: the friend has theirs, and that is all.
    """
    gave = thank(op, referral, Side.FRIEND, referral.friend)
    if referral.state != State.TAKEN_BACK:
        _move(referral, State.BOUGHT)
        follow_up.enqueue()
    return gave


def _locked(referrals: QuerySet[Referral]) -> Referral | None:
    """Under its lock: a purchase, the thanks for it and its undoing wait for each other here.

    Cards are locked before it, never after. It is locked alone and read again with its cards: if
    it comes to point to another card while PostgreSQL waits for it, joined it would not be found.
    """
    held = referrals.select_for_update(of=("self",)).order_by("pk").first()
    if held is None:
        return None
    both = Referral.objects.select_related("friend__person", "friend__shop", "member__shop")
    return both.get(pk=held.pk)


# --- Who brought them ---------------------------------------------------------------------


class Paid(TypedDict):
    paid: bool
    referral: int


@posting.operation("thank_member")
def pay_member(
    op: Operation, *, membership: Membership, referral: Referral, key: UUID, actor: Actor
) -> Paid:
    """Give whoever brought a friend what they get, unless they had it or their month is full.

    Only their own card is locked. Nothing is given if the purchase was undone meanwhile.
    """
    due = _locked(Referral.objects.to_pay().filter(pk=referral.pk))
    if due is None or due.member.became.pk != membership.pk:
        return {"paid": False, "referral": referral.pk}
    if known_before(due):
        refuse(op, due)
    elif standing := _standing(due).filter(side=Side.MEMBER).first():
        _earned_after_all(due, standing)
    elif paid_this_month(membership, op.occurred_at) >= _most(op.shop):
        _move(due, State.OVER_CAP)
    else:
        thank(op, due, Side.MEMBER, membership)
        _move(due, State.REWARDED)
    return {"paid": due.state == State.REWARDED, "referral": due.pk}


def _standing(referral: Referral) -> QuerySet[Thanked]:
    return Thanked.objects.standing().filter(referral=referral)


def _earned_after_all(referral: Referral, standing: Thanked) -> None:
    """They kept what an earlier purchase of this friend brought, and that one was undone."""
    standing.asked_back_by = None
    standing.save(update_fields=["asked_back_by"])
    _move(referral, State.REWARDED)


def paid_this_month(member: Membership, at: datetime) -> int:
    """Friends that paid for a member in the month of a moment, in shop time."""
    start, end = month_of(at, member.shop.zone)
    own = Thanked.objects.standing().filter(referral__member=member, side=Side.MEMBER)
    return own.filter(at__gte=start, at__lt=end).count()


def _most(shop: Shop) -> int:
    return Inviting.objects.filter(shop=shop).values_list("most_a_month", flat=True).get()


def _move(referral: Referral, state: Referral.State) -> None:
    referral.state = state
    referral.save(update_fields=["state"])


# --- Taken back ---------------------------------------------------------------------------


def refuse(op: Operation, referral: Referral) -> None:
    """The friend was known here before. What is unused goes back."""
    _move(referral, State.REFUSED)
    ask_back(op, referral, *Side)


def ask_back(op: Operation, referral: Referral, *sides: Thanks.Side) -> None:
    """Let what these sides have be taken back, each by an operation on its own card."""
    given = _standing(referral).filter(side__in=sides, asked_back_by=None)
    if given.update(asked_back_by=op):
        follow_up.enqueue()


def give_back_first(op: Operation, undone: Operation) -> None:
    """Before a purchase is undone: what was taken of its thanks, as the undoing takes them all."""
    taken = Thanked.objects.filter(operation=undone, side=Side.FRIEND, claim=None)
    for taking in Operation.objects.filter(kind=TAKING, pk__in=taken.values("taken_back_by")):
        reversing.reverse(op, taking)


def took_back(op: Operation, undone: Operation) -> bool:
    """A friend's purchase was undone, or what somebody got for one. False: it was neither."""
    referral = _locked(Referral.objects.filter(bought=undone))
    if referral is not None:
        _not_bought(op, referral, undone)
    return referral is not None or _gave_back(op, undone)


def _not_bought(op: Operation, referral: Referral, undone: Operation) -> None:
    """Back to waiting: a real first purchase may pay later, and no side twice."""
    referral.bought = referral.bought_at = None
    referral.save(update_fields=["bought", "bought_at"])
    for own in _standing(referral).filter(operation=undone, side=Side.FRIEND):
        _is_back(op, own, referral.friend)
    if referral.pays == Pays.PURCHASE and referral.state in PAYS_AGAIN:
        _move(referral, State.JOINED)
        ask_back(op, referral, Side.MEMBER)


def _gave_back(op: Operation, undone: Operation) -> bool:
    """The shop takes a member's thanks back by itself; that friend pays no more."""
    own = Thanked.objects.standing().filter(operation=undone, side=Side.MEMBER)
    thanked = own.select_related("referral__member").first()
    if thanked is None:
        return False
    _is_back(op, thanked, thanked.referral.member)
    if thanked.referral.state == State.REWARDED:
        _move(thanked.referral, State.TAKEN_BACK)
    return True


def _is_back(op: Operation, thanked: Thanked, card: Membership) -> None:
    thanked.taken_back_by = op
    thanked.save(update_fields=["taken_back_by"])
    tell_no_more(thanked, card)


class TookBack(TypedDict):
    taken: bool
    thanked: int


@posting.operation(TAKING)
def take_thanks_back(
    op: Operation, *, membership: Membership, thanked: Thanked, key: UUID, actor: Actor
) -> TookBack:
    """Take back what was not earned after all, as far as it is unused: what was handed out stays.

    Points that are spent are owed, as whenever a shop takes something back.
    """
    list(Thanked.objects.filter(pk=thanked.pk).select_for_update().values_list("pk"))
    due = Thanked.objects.to_take_back(op.occurred_at).select_related("claim", "operation")
    asked = due.filter(pk=thanked.pk).first()
    if asked is None:
        return {"taken": False, "thanked": thanked.pk}
    taken = _take(op, asked, membership)
    if taken:
        _is_back(op, asked, membership)
    else:
        asked.asked_back_by = None  # it stays, and the list says so
        asked.save(update_fields=["asked_back_by"])
    return {"taken": taken, "thanked": asked.pk}


def _take(op: Operation, thanked: Thanked, card: Membership) -> bool:
    if thanked.claim is not None:
        ready = Claim.objects.filter(pk=thanked.claim.pk, state=Claim.State.READY)
        used = thanked.claim.state == Claim.State.HANDED_OVER
        return bool(ready.update(state=Claim.State.CANCELLED)) or not used
    if thanked.side == Side.FRIEND:
        _take_bonus(op, thanked.operation, card)
        return True
    try:
        with transaction.atomic():
            _reverse(op, thanked.operation, card)
    except Refused:  # it filled a card, and that reward has left the shop
        return False
    return True


def _reverse(op: Operation, paid: Operation, card: Membership) -> None:
    for may_undo in rooms.answering("may_undo"):
        may_undo(op, paid)
    touched = reversing.reverse(op, paid, owe=True, reason=NOT_EARNED, onto=card)
    for account in touched:
        for settle in rooms.answering("settle"):
            settle(op, account)


def _take_bonus(op: Operation, purchase: Operation, card: Membership) -> None:
    """Of a purchase that stands, what came with it from the shop; as far as it is there."""
    given = LedgerEntry.objects.filter(operation=purchase, reason=BONUS, reversed_by=None)
    for entry in given.select_related("account__programme"):
        account = accounts.find(op, card, entry.account.programme)
        if n := min(entry.amount, accounts.spendable(op, account)):
            posting.post(op, posting.Line(account, Kind.ADJUST, -n, reason=NOT_EARNED))


# --- What was left ------------------------------------------------------------------------


@task()
def follow_up() -> int:
    """Pay and take back what is due. Lost or doubled it does no harm: the rows are the truth."""
    return catch_up(clock.now())


def catch_up(now: datetime) -> int:
    """As `follow_up`, at a moment. Returns how many there were. Twice changes nothing."""
    with scopes_disabled():
        to_pay = list(Referral.objects.to_pay().select_related("member__shop").order_by("pk"))
        back = Thanked.objects.to_take_back(now).select_related("claim__membership__shop")
        to_take = list(back.select_related("operation__membership__shop", "referral__friend__shop"))
    for thanked in to_take:
        _take_back_now(thanked, now)
    for referral in to_pay:
        pay_now(referral, now)
    return len(to_pay) + len(to_take)


def pay_now(referral: Referral, now: datetime) -> None:
    """Pay for one friend. Needs the member with their shop.

    Each moment asks anew: what was not due a while ago, as two cards were one, may be due now.
    """
    with scope(shop=referral.member.shop):
        card = referral.member.became
        before = referral.thanked.count()  # after an undo it is paid once more
        key = keys.derived("friend", referral.pk, card.pk, referral.bought_id, before, now)
        actor = Actor(card.shop, Channel.JOB, at=now)
        pay_member(membership=card, referral=referral, key=key, actor=actor)


def _take_back_now(thanked: Thanked, now: datetime) -> None:
    card = thanked.claim.membership if thanked.claim else thanked.operation.membership
    card = card or thanked.referral.friend  # thanked for joining
    with scope(shop=card.shop):
        card = card.became
        key = keys.derived("friend-back", thanked.pk, card.pk, thanked.asked_back_by_id)
        actor = Actor(card.shop, Channel.JOB, at=now)
        take_thanks_back(membership=card, thanked=thanked, key=key, actor=actor)
