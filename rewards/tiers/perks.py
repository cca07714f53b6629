"""What a level gives besides: something to have a few times in a while, and words for staff."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypedDict
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from loyalty.actors import Actor
from loyalty.calendar import months_after
from loyalty.refusals import Refused
from members import visits
from members.ledger import posting
from members.ledger.models import Operation, local_day
from members.models import Membership
from members.templatetags.days import day
from rewards import operations as claims
from rewards.catalogue.refusals import NotOffered
from rewards.models import Claim
from rewards.tiers import standing
from rewards.tiers.models import PerkUse, Tier, TierPerk

GOOD_FOR = timedelta(days=30)  # at least, however late in its period it was asked for


class NotYourLevel(Refused):
    """It belongs to a higher level: `level`, by name."""

    code = "perk_of_another_level"

    def __str__(self) -> str:
        return _("This is for members at %(level)s.") % self.values


class HadIt(Refused):
    """They had it as often as a period allows. `again`: the first day of the next (ISO)."""

    code = "perk_had"

    def __str__(self) -> str:
        again = date.fromisoformat(self.values["again"])
        return _("You have had this. You can have it again from %(day)s.") % {"day": day(again)}


class Asked(TypedDict):
    claim: int
    title: str


@dataclass(frozen=True)
class OwnPerk:
    """A perk as one member has it. `again`: when there is more of it, if none is `left`."""

    perk: TierPerk
    left: int
    again: date


def perks_of(tier: Tier) -> list[TierPerk]:
    """What a level gives, and what the lower ones give, too; those of the lowest first."""
    return list(
        _on_offer().filter(tier__ladder=tier.ladder_id, tier__threshold__lte=tier.threshold)
    )


def left_of(membership: Membership, given: Iterable[TierPerk], now: datetime) -> list[OwnPerk]:
    """How much a member has left of perks, but for words for staff. One query, or none for none."""
    asked_for = [perk for perk in given if perk.kind == TierPerk.Kind.CLAIM]
    if not asked_for:
        return []
    today = local_day(membership.shop, now)
    used = [(use.perk_id, local_day(membership.shop, use.at)) for use in _uses(membership)]
    return [
        OwnPerk(perk, max(perk.times - _had(perk, used, today), 0), next_period(perk, today))
        for perk in asked_for
    ]


@posting.operation("ask_for_perk")
def ask_for_perk(
    op: Operation, *, membership: Membership, perk: TierPerk, key: UUID, actor: Actor
) -> Asked:
    """Let a member have a perk of their level: a reward to be handed over.

    Refused: CardIsAnother, NotOffered, NotYourLevel, HadIt.
    """
    return _ask(op, membership, perk)


@posting.operation("take_perk")
def take_perk(
    op: Operation, *, membership: Membership, perk: TierPerk, key: UUID, actor: Actor
) -> Asked:
    """At the counter: the same, and handed over in one go. Refused: as that, and SaveFirst."""
    if claims.must_be_saved(membership):
        raise claims.SaveFirst
    answer = _ask(op, membership, perk, at_once=True)
    claims.hand(op, Claim.objects.get(pk=answer["claim"]))
    return answer


def _ask(op: Operation, membership: Membership, perk: TierPerk, *, at_once: bool = False) -> Asked:
    op.redeems = True
    visits.must_be_in_use(op, membership)
    wanted = _on_offer().filter(pk=perk.pk, kind=TierPerk.Kind.CLAIM).first()
    level = standing.tier_of(membership)
    if wanted is None or level is None:
        raise NotOffered
    if level.threshold < wanted.tier.threshold:
        raise NotYourLevel(level=wanted.tier.name)
    today = local_day(op.shop, op.occurred_at)
    used = [(use.perk_id, local_day(op.shop, use.at)) for use in _uses(membership)]
    again = next_period(wanted, today)
    if _had(wanted, used, today) >= wanted.times:
        raise HadIt(again=again.isoformat())
    claim = claims.issue_claim(
        op,
        membership=membership,
        source=Claim.Source.LEVEL,
        title=wanted.title,
        terms=wanted.terms,
        value_minor=wanted.value_minor,
        expires_on=max(again - timedelta(days=1), today + GOOD_FOR),
        at_once=at_once,
    )
    PerkUse.objects.create(shop=op.shop, perk=wanted, claim=claim, at=op.occurred_at)
    return {"claim": claim.pk, "title": claim.title}


def took_back(undone: Operation) -> bool:
    """Does undoing this take a perk back, for the first time? They can ask for it again."""
    undos = Operation.objects.filter(kind="undo", membership=undone.membership)
    if undos.filter(answer__undone=str(undone.key)).exists():
        return False
    return PerkUse.objects.filter(claim__operation=undone).exists()


# --- Periods ----------------------------------------------------------------------------------


def first_day(perk: TierPerk, today: date) -> date:
    """Of the month or the year that is."""
    return date(today.year, today.month if perk.per == TierPerk.Per.MONTH else 1, 1)


def next_period(perk: TierPerk, today: date) -> date:
    """The first day on which it can be had again, however often it was had."""
    return months_after(first_day(perk, today), 1 if perk.per == TierPerk.Per.MONTH else 12)


def _had(perk: TierPerk, used: list[tuple[int, date]], today: date) -> int:
    since, until = first_day(perk, today), next_period(perk, today)
    return sum(which == perk.pk and since <= when < until for which, when in used)


def _uses(membership: Membership) -> "QuerySet[PerkUse]":
    """What they had lately and nobody took back, also with a card that became part of this one."""
    cancelled = Claim.objects.filter(pk=OuterRef("claim"), state=Claim.State.CANCELLED)
    return PerkUse.objects.filter(~Exists(cancelled), claim__membership=membership)


def _on_offer() -> "QuerySet[TierPerk]":
    there = TierPerk.objects.filter(retired_at=None, tier__retired_at=None)
    on = there.filter(tier__ladder__off_since=None)
    return on.select_related("tier").order_by("tier__threshold", "pk")
