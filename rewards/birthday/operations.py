"""Who gets a treat today, and what members and staff are told of it."""

from datetime import date, datetime, timedelta
from typing import TypedDict
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django_scopes import scope, scopes_disabled

from loyalty import keys
from loyalty.actors import Actor, Channel
from members.ledger import posting
from members.ledger.models import Operation, local_day
from members.models import Membership
from rewards import operations as claims
from rewards.birthday import days
from rewards.birthday.days import Window
from rewards.birthday.models import BirthdayGift, BirthdayTreat
from rewards.models import Claim
from rewards.points.operations import bonus
from rewards.points.scheme import points_scheme

APART = timedelta(days=180)  # from one treat to the next of a card, whatever its birthday says


class Given(TypedDict):
    claim: int  # 0: none


def give_treats(now: datetime) -> int:
    """Give everybody their treat whose days have come, in each shop's own time. Counts treats.

    Late, it still gives them while the days last, and never after. Twice changes nothing.
    """
    with scopes_disabled():
        treats = list(BirthdayTreat.objects.on().select_related("shop"))
    return sum(_give_to_members(treat, now) for treat in treats)


def _give_to_members(treat: BirthdayTreat, now: datetime) -> int:
    shop, today = treat.shop, local_day(treat.shop, now)
    with scope(shop=shop):
        if treat.bonus and not points_run(today):
            return 0
        due = [(card, _window(treat, card, today)) for card in _in_their_days(treat, today, now)]
        given = [
            give_treat(
                membership=card,
                year=window.birthday.year,
                key=keys.derived("birthday", card.pk, window.birthday.year),
                actor=Actor(shop, Channel.JOB, at=now),
            )
            for card, window in due
            if window and not had(card, window.birthday.year, now)
        ]
    return sum(bool(one["claim"]) for one in given)


def points_run(today: date) -> bool:
    """Is there a points scheme that gives points on this day?"""
    return points_scheme().running().goes_on(today).exists()


def _in_their_days(treat: BirthdayTreat, today: date, now: datetime) -> list[Membership]:
    """Cards whose birthday is near, but for those that had a treat lately."""
    first = today - timedelta(days=treat.days_after)
    last = today + timedelta(days=treat.days_before)
    lately = BirthdayGift.objects.filter(
        claim__membership=OuterRef("pk"), claim__issued_at__gt=now - APART
    )
    near = Membership.objects.current().filter(days.between(first, last), ~Exists(lately))
    return list(near.order_by("pk"))


def _window(treat: BirthdayTreat, card: Membership, today: date) -> Window | None:
    return treat.window_on(today, card.birthday) if card.birthday else None


def had(membership: Membership, year: int, now: datetime) -> bool:
    """Has this card had its treat for the birthday of a year, or one within 180 days?

    Both are asked, because a birthday can be changed. Maja gives 28 December, gets the treat of
    that year on the 21st, and types 2 January: that is a birthday of the next year, so the year
    alone would give her a second one. Had she typed 2 July, the days alone would.
    """
    own = BirthdayGift.objects.of(membership)
    return own.filter(Q(year=year) | Q(claim__issued_at__gt=now - APART)).exists()


@posting.operation("birthday")
def give_treat(
    op: Operation, *, membership: Membership, year: int, key: UUID, actor: Actor
) -> Given:
    """Give a member the treat for the birthday of a year, to be used in the days round it.

    Points arrive at once. Nothing is given to a card that became part of another one, or had it.
    """
    in_use = Membership.objects.current().filter(pk=membership.pk).exists()
    if not in_use or not membership.birthday or had(membership, year, op.occurred_at):
        return {"claim": 0}
    treat = BirthdayTreat.objects.get(shop=op.shop)
    claim = claims.issue_claim(
        op,
        membership=membership,
        source=Claim.Source.BIRTHDAY,
        title=treat.title,
        terms=treat.terms,
        value_minor=treat.value_minor,
        expires_on=treat.window(membership.birthday, year).last,
        at_once=bool(treat.bonus),
    )
    BirthdayGift.objects.create(shop=op.shop, membership=membership, year=year, claim=claim)
    if treat.bonus:
        claims.hand(op, claim)
        bonus(op, membership, treat.bonus)
    return {"claim": claim.pk}


# --- What is told ---------------------------------------------------------------------------


def treat_for(membership: Membership) -> BirthdayTreat | None:
    """What the shop gives this member. None: nothing, or they told no birthday."""
    if membership.birthday is None:
        return None
    return BirthdayTreat.objects.on().filter(shop=membership.shop_id).first()


def is_near(membership: Membership, today: date) -> bool:
    """Are these the days round the birthday, in a shop that celebrates it?"""
    treat = treat_for(membership)
    return treat is not None and _window(treat, membership, today) is not None


def next_treat(membership: Membership, today: date) -> tuple[BirthdayTreat, date] | None:
    """The treat to come, and the birthday it is for. None: there is none, or it was given."""
    treat = treat_for(membership)
    if treat is None or membership.birthday is None:
        return None
    given = list(BirthdayGift.objects.of(membership).values_list("year", "claim__issued_at"))
    used = {year for year, _at in given}
    latest = max((local_day(membership.shop, at) for _year, at in given), default=date.min)
    for window in treat.windows_from(today, membership.birthday):
        possible = window.birthday.year not in used and window.last - APART >= latest
        if possible:
            return treat, window.birthday
        if today in window:
            return None  # what they had is still on the card, or was a moment ago
    return None


# --- Undone, merged -------------------------------------------------------------------------


def took_back(undone: Operation) -> bool:
    """Does undoing this take a treat back, for the first time? Its year stays used."""
    undos = Operation.objects.filter(kind="undo", membership=undone.membership)
    if undos.filter(answer__undone=str(undone.key)).exists():
        return False
    return BirthdayGift.objects.filter(claim__operation=undone).exists()


def count_once(gone: Membership, kept: Membership) -> list[int]:
    """Two cards of one person had a treat each for one year: one of them is enough.

    What left the shop has left it. Returns the claims that were cancelled.
    """
    gifts = BirthdayGift.objects.filter(claim__membership__in=[gone, kept])
    standing = gifts.exclude(claim__state=Claim.State.CANCELLED).select_related("claim")
    had_in: set[int] = set()
    too_many = []
    for gift in sorted(standing, key=lambda gift: gift.claim.state == Claim.State.READY):
        if gift.year in had_in and gift.claim.state == Claim.State.READY:
            too_many.append(gift.claim_id)
        had_in.add(gift.year)
    Claim.objects.filter(pk__in=too_many).update(state=Claim.State.CANCELLED)
    return too_many


def count_twice(cancelled: list[int]) -> None:
    """The two cards are two again."""
    gone = Claim.objects.filter(pk__in=cancelled, state=Claim.State.CANCELLED)
    gone.update(state=Claim.State.READY)
