"""What happens to a reward a member has earned: it is issued, handed over, or runs out."""

from datetime import date, datetime
from typing import Any, TypedDict
from uuid import UUID

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from loyalty import clock
from loyalty.actors import Actor
from loyalty.models import Shop
from loyalty.refusals import Refused
from members.ledger import posting
from members.ledger.models import LedgerEntry, Operation, local_day
from members.models import Membership
from members.refusals import no_more_honoured
from rewards import telling
from rewards.catalogue import stock
from rewards.models import Claim, HandOver

PROMISE = (
    "title",
    "terms",
    "value_minor",
    "minimum_minor",
    "percent",
    "off_minor",
    "expires_on",
)  # of a claim


class AlreadyUsed(Refused):
    """The reward has left the shop: at `at` (ISO), by `staff`."""

    code = "already_used"

    def __str__(self) -> str:
        at = timezone.localtime(datetime.fromisoformat(self.values["at"]))
        told = {
            "day": formats.date_format(at, "MONTH_DAY_FORMAT"),
            "time": formats.time_format(at, "TIME_FORMAT"),
            "staff": self.values["staff"] or _("the shop"),
        }
        if at.date() == timezone.localtime(clock.now()).date():
            return _("Already used today at %(time)s by %(staff)s.") % told
        return _("Already used on %(day)s at %(time)s by %(staff)s.") % told


class NotReady(Refused):
    """The reward was taken back or has run out."""

    code = "reward_not_ready"

    def __str__(self) -> str:
        return _("This reward is no longer on the card.")


class PickUpOver(Refused):
    """It was reserved, and kept until `by` (ISO)."""

    code = "pick_up_over"

    def __str__(self) -> str:
        by = timezone.localtime(datetime.fromisoformat(self.values["by"]))
        told = {
            "day": formats.date_format(by, "MONTH_DAY_FORMAT"),
            "time": formats.time_format(by, "TIME_FORMAT"),
        }
        return _("This was kept until %(day)s at %(time)s.") % told


class SaveFirst(Refused):
    """The shop hands out to saved cards only, and this one belongs to nobody yet."""

    code = "save_first"

    def __str__(self) -> str:
        return _("This card must be saved first: the customer adds an e-mail on the card page.")


class HandedOver(TypedDict):
    claim: int
    title: str


def issue_claim(
    op: Operation,
    *,
    membership: Membership,
    source: Claim.Source,
    title: str,
    value_minor: int,
    expires_on: date | None,
    at_once: bool = False,
    **more: Any,
) -> Claim:
    """Give a member the right to a reward, as part of the operation that earned it.

    `value_minor` is what it costs the shop. `at_once`: it is handed over in the same breath, so
    nobody is told that it is ready. `more`: other fields of the claim.
    """
    claim = Claim.objects.create(
        shop=op.shop,
        membership=membership,
        source=source,
        title=title,
        value_minor=value_minor,
        operation=op,
        issued_at=op.occurred_at,
        expires_on=expires_on,
        **more,
    )
    if not at_once:
        telling.tell_ready(claim)
    return claim


@posting.operation("hand_over")
def hand_over(
    op: Operation, *, membership: Membership, claim: Claim, key: UUID, actor: Actor
) -> HandedOver:
    """Hand a ready reward to its member, once.

    Refused: AlreadyUsed, NotReady, PickUpOver, HonouredNoMore, SaveFirst.
    """
    if must_be_saved(membership):
        raise SaveFirst
    op.redeems = True
    claim = ready_for(op, membership, claim)
    hand(op, claim)
    return {"claim": claim.pk, "title": claim.title}


def ready_for(op: Operation, membership: Membership, claim: Claim) -> Claim:
    """The claim as it is under the lock, if this member can use it. Refused: as `hand_over`."""
    today = local_day(op.shop, op.occurred_at)
    ready = Claim.objects.ready(today).filter(membership=membership)
    found = ready.select_related("account__programme", "operation").filter(pk=claim.pk).first()
    if found is None:
        raise _why_not(membership, claim, today)
    if found.use_by and found.is_late(op.occurred_at):
        raise PickUpOver(by=found.use_by.isoformat())
    return found


def hand(op: Operation, claim: Claim) -> None:
    """The reward leaves the shop, as part of an operation, once. Refused: AlreadyUsed, NotReady."""
    ready = Claim.objects.filter(pk=claim.pk, state=Claim.State.READY)
    if not ready.update(state=Claim.State.HANDED_OVER):
        raise _why_not(claim.membership, claim, local_day(op.shop, op.occurred_at))
    HandOver.objects.create(
        shop=op.shop,
        claim=claim,
        operation=op,
        at=op.occurred_at,
        counter=op.counter,
        staff=op.staff,
    )
    telling.tell_no_more(claim)


def must_be_saved(membership: Membership) -> bool:
    """Does the shop want an e-mail on this card before it hands out a reward? (ENR-08)"""
    unsaved = Membership.objects.filter(pk=membership.pk, person=None)
    return unsaved.filter(shop__saved_card_first=True).exists()


def _why_not(membership: Membership, claim: Claim, today: date) -> Refused:
    used = HandOver.objects.filter(claim=claim, claim__membership=membership, undone_by=None)
    earlier = used.select_related("staff").first()
    if earlier is None:
        return _why_not_ready(membership, claim, today)
    staff = earlier.staff.name if earlier.staff else ""
    return AlreadyUsed(at=earlier.at.isoformat(), staff=staff)


def _why_not_ready(membership: Membership, claim: Claim, today: date) -> Refused:
    """Somebody's own reservation says until when it was kept; a programme that ended, until when
    its rewards were handed out."""
    unused = Claim.objects.filter(pk=claim.pk, membership=membership)
    waited = unused.filter(state__in=[Claim.State.READY, Claim.State.EXPIRED])
    known = waited.exclude(account=None).select_related("account__programme").first()
    if known and known.account and (over := no_more_honoured(known.account.programme, today)):
        return over
    own = Claim.objects.reserved().filter(pk=claim.pk, membership=membership, use_by__isnull=False)
    late = own.filter(state__in=[Claim.State.READY, Claim.State.EXPIRED]).first()
    return PickUpOver(by=late.use_by.isoformat()) if late and late.use_by else NotReady()


def take_back_rewards(op: Operation, undone: Operation) -> None:
    """Undoing what earned a reward takes it back, unless it has left the shop. (AlreadyUsed)"""
    _undo_hand_overs(op, undone, claim__operation=undone)  # what it earned and handed out at once
    for claim in Claim.objects.filter(operation=undone).exclude(state=Claim.State.CANCELLED):
        if claim.state == Claim.State.HANDED_OVER:
            raise _why_not(claim.membership, claim, local_day(op.shop, op.occurred_at))
        if claim.state == Claim.State.READY:  # one that ran out was put back then
            stock.put_back(claim.reward_id)
        claim.state = Claim.State.CANCELLED
        claim.save(update_fields=["state"])
        telling.tell_no_more(claim)


def make_ready_again(op: Operation, undone: Operation) -> bool:
    """Undoing a hand-over puts the reward back on the card. False: it was no hand-over."""
    return _undo_hand_overs(op, undone)


def _undo_hand_overs(op: Operation, undone: Operation, **which: Any) -> bool:
    standing = HandOver.objects.filter(operation=undone, undone_by=None, **which)
    claims = list(standing.values_list("claim", flat=True))
    Claim.objects.filter(pk__in=claims).update(state=Claim.State.READY)
    standing.update(undone_by=op)
    return bool(claims)


def promise(claim: Claim, **promised: Any) -> None:
    """Let a claim stand for something else, and remember what it stood for first."""
    if claim.instead_of is None:
        claim.instead_of = {name: _plain(getattr(claim, name)) for name in PROMISE}
    for name, value in promised.items():
        setattr(claim, name, value)
    claim.save(update_fields=["instead_of", *promised])


def promise_again(claim: Claim) -> None:
    """Let a claim stand for what it stood for first."""
    if first := claim.instead_of:
        for name in PROMISE:
            setattr(claim, name, first[name])
        claim.expires_on = first["expires_on"] and date.fromisoformat(first["expires_on"])
        claim.instead_of = claim.reward = None
        claim.save(update_fields=["instead_of", "reward", *PROMISE])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def expire_claims(now: datetime) -> int:
    """Let rewards run out whose last day is over in their shop's time. Twice changes nothing.

    Those that cost points are left to the catalogue, which gives the points back; what was
    reserved is left to early access, where somebody else can have it then.
    """
    done = 0
    with scopes_disabled():
        for shop in Shop.objects.all():
            earned = Claim.objects.earned().filter(shop=shop, cost=0)
            lapsed = earned.lapsed(local_day(shop, now))
            for reward in lapsed.exclude(reward=None).values_list("reward", flat=True):
                stock.put_back(reward)
            done += lapsed.update(state=Claim.State.EXPIRED)
    return done


def let_run_out(membership: Membership) -> None:
    """Nobody is there any more to use what was ready. What it cost is not given back."""
    ready = Claim.objects.earned().filter(membership=membership, state=Claim.State.READY)
    for reward in ready.exclude(reward=None).values_list("reward", flat=True):
        stock.put_back(reward)
    ready.update(state=Claim.State.EXPIRED)


def move_claims(op: Operation, gone: Membership, kept: Membership) -> list[int]:
    """Rewards follow their member when two cards become one. Returns which."""
    moving = Claim.objects.filter(membership=gone)
    moved = list(moving.order_by("pk").values_list("pk", flat=True))
    moving.update(membership=kept)
    return moved


def move_claims_back(undone: Operation, gone: Membership, moved: list[int]) -> None:
    """The two cards are two again. What left the shop since does not come back, nor what was
    chosen otherwise and went on to the other card. (AlreadySpent)"""
    since = HandOver.objects.filter(claim__in=moved, undone_by=None, operation__gt=undone.pk)
    paid = LedgerEntry.objects.filter(operation__claims__in=moved, account__membership=gone)
    if since.exists() or paid.filter(reversed_by__operation__gt=undone.pk).exists():
        raise posting.AlreadySpent
    Claim.objects.filter(pk__in=moved).update(membership=gone)
