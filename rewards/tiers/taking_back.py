"""What a refund, an undo, and two cards that become one do to a level (L8, TIE-09)."""

from members.family import pks_of
from members.ledger.models import Operation
from members.messages import operations as messages
from members.models import Membership
from rewards.tiers.climbing import Climber, told_once
from rewards.tiers.measure import Yardstick
from rewards.tiers.models import Standing, TierMove

Why = TierMove.Why
JUDGED_BY_TIME = (Why.KEPT, Why.PERIOD_OVER)  # what is found again when the period is closed again


def undo(op: Operation, undone: Operation) -> None:
    """Take back every level that would not have been reached without what was taken back.

    Levels below it that were crossed at once stay; what was reached before is as it was.
    """
    if undone.membership is None:
        return
    card = undone.membership.became
    if not Standing.objects.filter(membership=card).exists():
        return
    if climber := Climber.find(op, card):
        _unwind(climber)


def merge(op: Operation, gone: Membership, kept: Membership) -> None:
    """The card that is kept gets the higher of two levels, and what both together have reached."""
    climber = Climber.find(op, kept)
    if climber is None:
        return
    climber.cards = list({*pks_of(kept), *pks_of(gone)})
    theirs = TierMove.objects.filter(membership=gone).stands().latest_first()
    like = theirs.select_related("tier", "shop").first()
    if like and _is_better(like, climber.standing):
        climber.carry(like.tier, Why.MERGED, like.held_until, like)
    if climber.climbs:
        climber.climb(Why.MERGED)


def unmerge(op: Operation, undone: Operation, gone: Membership, kept: Membership) -> None:
    """Each as it was; and what was reached since, if that card reached it alone."""
    climber = Climber.find(op, kept)
    if climber is None:
        return
    climber.cards = sorted({*pks_of(kept)} - {*pks_of(gone)})
    _unwind(climber, merge=undone)


def _is_better(move: TierMove, held: Standing | None) -> bool:
    """Is it the higher level, or the same for longer?"""
    if held is None or move.tier.threshold != held.tier.threshold:
        return move.tier.threshold > (held.tier.threshold if held else 0)
    if None in (move.held_until, held.held_until):
        return held.held_until is not None
    return move.held_until > held.held_until  # type: ignore[operator]  # neither is None


def _unwind(climber: Climber, merge: Operation | None = None) -> None:
    """Back, move by move, to the latest one that was deserved. Then time goes on from there."""
    lost = _lost(climber, merge)
    if lost:
        _give_up(climber, lost)
        climber.stand_by(climber.moves().first())
        climber.leave_retired()
        _crossed_on_the_way(climber, lost)
    if climber.climbs:
        climber.close_periods()
        climber.climb(Why.TAKEN_BACK)
    own = Standing.objects.filter(membership=climber.card)
    own.filter(looked_ahead=True).update(looked_ahead=False)


def _lost(climber: Climber, merge: Operation | None) -> list[TierMove]:
    lost, top = [], True
    for move in climber.moves():
        top = top and not _is_deserved(climber, move)
        if top or (merge and move.operation_id == merge.pk):
            lost.append(move)
    return lost


def _is_deserved(climber: Climber, move: TierMove) -> bool:
    """Was it enough then, or is it by now? By the rules of that day, and by those of this one."""
    if climber.measured(move.at, Yardstick.of(move)) >= move.threshold:
        return True
    now = climber.measured(climber.op.occurred_at)
    return move.tier.retired_at is None and now >= move.tier.threshold


def _give_up(climber: Climber, lost: list[TierMove]) -> None:
    made = TierMove.objects.filter(pk__in=[move.pk for move in lost])
    made.update(undone_by=climber.op)
    for move in lost:
        messages.take_off(climber.card, told_once(move))


def _crossed_on_the_way(climber: Climber, lost: list[TierMove]) -> None:
    """One purchase led past several levels, and what is left of it still reaches one of them."""
    rules = Yardstick.of(climber.steps.ladder)
    for move in reversed(lost):
        if move.why in JUDGED_BY_TIME or Yardstick.of(move) != rules:
            continue
        n = climber.measured(move.at)
        reached = climber.steps.reached(n)
        if reached.threshold > climber.level.threshold:
            climber.move(reached, why=Why.TAKEN_BACK, measured=n, at=move.at)
