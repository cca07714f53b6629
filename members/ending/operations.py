"""An owner announces the end of a programme, or calls it off; and in its time, it is over."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TypedDict
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django_scopes import scope, scopes_disabled

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from loyalty.journal import operations as journal
from loyalty.models import Shop
from members import programmes
from members.ending import telling
from members.ending.dates import End, announced, check
from members.ending.refusals import EndStands, ItHasEnded
from members.ledger import posting
from members.ledger.models import Account, Lot, Operation, local_day
from members.models import Membership, Programme

AT_ONCE = 200  # accounts
BOTH = ("collects_until", "honoured_until")


@transaction.atomic
def announce_end(
    programme: Programme, *, collects_until: date, honoured_until: date, actor: Actor
) -> None:
    """Members collect through the one day and use what they have through the other, in shop time.

    Announced again, both may be put off. The worker tells members, a few minutes later. Refused:
    ItHasEnded, and whatever `dates.check` refuses.
    """
    today = clock.today(actor.shop.zone)
    wanted = End(collects_until, honoured_until)
    found = programmes.lock(programme)
    if found.ended(today):
        raise ItHasEnded
    check(wanted, announced(found), today)
    _keep(found, wanted, "programme_ends", actor)
    _show(programme, found)


@transaction.atomic
def call_off_end(programme: Programme, *, actor: Actor) -> None:
    """It goes on as if nothing had been said; who was told by mail is told so.

    Refused: EndStands, once collecting is over.
    """
    found = programmes.lock(programme)
    end = announced(found)
    if end and clock.today(actor.shop.zone) > end.collects_until:
        raise EndStands(day=end.collects_until.isoformat())
    if end:
        _keep(found, None, "programme_goes_on", actor)
        telling.stop_mail(found)
    _show(programme, found)


def _keep(programme: Programme, end: End | None, what: str, actor: Actor) -> None:
    before = {name: getattr(programme, name) for name in BOTH}
    for name in BOTH:
        setattr(programme, name, getattr(end, name, None))
    programme.save(update_fields=BOTH)
    after = {name: getattr(programme, name) for name in BOTH}
    journal.write(actor, what, about=programme.name, before=before, after=after)


def _show(programme: Programme, found: Programme) -> None:
    programme.collects_until, programme.honoured_until = found.collects_until, found.honoured_until


# --- Time ------------------------------------------------------------------------------------


def pass_time(now: datetime) -> None:
    """Let run out, and switch off, what has had its last day. Twice changes nothing."""
    with scopes_disabled():
        ending = Programme.objects.filter(honoured_until__isnull=False)
        shops = list(Shop.objects.filter(pk__in=ending.values("shop")))
    for shop in shops:
        with scope(shop=shop):
            _end_in(shop, now)


def _end_in(shop: Shop, now: datetime) -> None:
    for programme in Programme.objects.filter(honoured_until__lt=local_day(shop, now)):
        programme.shop = shop
        _let_run_out(programme, now)
        _switch_off(programme, Actor(shop, Channel.JOB, at=now))


def _let_run_out(programme: Programme, now: datetime) -> None:
    """The key knows what was booked: what an undo gives back after the end runs out as well."""
    last, actor = 0, Actor(programme.shop, Channel.JOB, at=now)
    while some := list(_with_something_left(programme).filter(pk__gt=last)[:AT_ONCE]):
        for account in some:
            key = keys.derived("end", account.pk, programme.honoured_until, account.last_seq)
            run_out(membership=account.membership, account=account, key=key, actor=actor)
        last = some[-1].pk


def _with_something_left(programme: Programme) -> "QuerySet[Account]":
    left = Lot.objects.filter(account=OuterRef("pk")).left()
    found = Account.objects.filter(Exists(left), programme=programme)
    return found.select_related("membership").order_by("pk")


class RanOut(TypedDict):
    amount: int


@posting.operation("expire")
def run_out(
    op: Operation, *, membership: Membership, account: Account, key: UUID, actor: Actor
) -> RanOut:
    """Take what is left in a programme that has ended off the balance, in whole units."""
    ended = Programme.objects.filter(pk=account.programme_id)
    if not ended.filter(honoured_until__lt=local_day(op.shop, op.occurred_at)).exists():
        return {"amount": 0}
    lots = Lot.objects.filter(account=account).left().soonest_first()
    return {"amount": _expire(op, lots.select_related("account__rule_version"))}


def _expire(op: Operation, lots: Iterable[Lot]) -> int:
    return -sum(posting.expire(op, lot).amount for lot in lots)


@transaction.atomic
def _switch_off(programme: Programme, actor: Actor) -> None:
    """Unless its owner has begun it again meanwhile."""
    ended = Programme.objects.filter(pk=programme.pk, honoured_until=programme.honoured_until)
    shown = ended.filter(off_since=None)
    if shown.update(off_since=actor.at):
        journal.write(actor, "programme_ended", about=programme.name)
