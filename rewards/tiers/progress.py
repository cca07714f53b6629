"""How far a member is on the ladder, as pages show it. Reads only, within the scope of a shop."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import DateField, Exists, OuterRef, Q, QuerySet, Subquery

from members.family import pks_of
from members.models import Membership
from rewards.tiers import ahead, measure, perks, telling, words
from rewards.tiers.ahead import Risk
from rewards.tiers.measure import Yardstick
from rewards.tiers.models import Ladder, Standing, Tier, TierPerk
from rewards.tiers.perks import OwnPerk


@dataclass(frozen=True)
class Step:
    """One level, as everybody may read it: what it takes, and what it gives to whoever is there."""

    tier: Tier
    takes: str
    missing: str  # 3 visits to go
    gives: list[str]
    includes: str  # the level below, if there is something to have; "": nothing
    is_own: bool
    is_locked: bool


@dataclass(frozen=True)
class Progress:
    """Where a member is, and what is missing to the next level."""

    membership: Membership
    ladder: Ladder
    tiers: list[Tier]  # lowest first
    level: Tier  # perhaps one that is no more, until the worker has been there
    measured: int
    unit: list[str]
    risk: Risk | None
    given: list[TierPerk] = field(default_factory=list)  # all that can be had, the lowest's first
    own: list[OwnPerk] = field(default_factory=list)  # what can be asked for

    @cached_property
    def next(self) -> Tier | None:
        """None: they are at the highest."""
        return next((each for each in self.tiers if each.threshold > self.level.threshold), None)

    @property
    def line(self) -> str:
        """Silver. 3 visits to Gold."""
        return words.line(self.level.name, self.next, self.measured, self.unit)

    @property
    def warning(self) -> str:
        """Gold until 31 December. 3 visits to keep it. "": nothing is at risk."""
        if self.risk is None:
            return ""
        return words.keeps(self.level.name, self.risk.until, self.risk.missing, self.unit)

    @property
    def bar_words(self) -> str:
        """The bar, for whoever can't see it."""
        return words.of_all(self.next, self.measured, self.unit) if self.next else ""

    @property
    def bar_value(self) -> int:
        """How far the bar goes; never beyond what the next level takes."""
        return min(max(self.measured, 0), self.next.threshold) if self.next else 0

    @property
    def gives(self) -> list[str]:
        """What their level itself gives."""
        return telling.gives(self.level)

    @property
    def locked(self) -> list[str]:
        """What the next level gives, a line for each."""
        return self._gives(self.next) if self.next else []

    @property
    def steps(self) -> Iterator[Step]:
        for lower, tier in zip([None, *self.tiers], self.tiers, strict=False):
            yield Step(
                tier=tier,
                takes=words.takes(self.ladder, tier, self.unit),
                missing=words.to_go(tier.threshold - self.measured, self.unit),
                gives=self._gives(tier),
                includes=lower.name if lower and self._brings(lower) else "",
                is_own=tier == self.level,
                is_locked=tier.threshold > self.level.threshold,
            )

    def _brings(self, tier: Tier) -> bool:
        """Is there something to have on this level, or on one below?"""
        return any(perk.tier.threshold <= tier.threshold for perk in self.given)

    def _gives(self, tier: Tier) -> list[str]:
        own = [telling.often(each) for each in self.given if each.tier_id == tier.pk]
        return [*telling.gives(tier), *own]


def of_member(membership: Membership, now: datetime) -> Progress | None:
    """None: the shop has no levels that are on, and that is one query.

    Otherwise three, and one each if the shop counts points or something can be asked for; in the
    last month of a level that may be lost, two more.
    """
    tiers: list[Any] = list(_tiers(membership))
    if not tiers:
        return None
    ladder, own = tiers[0].ladder, next((each for each in tiers if each.stands), tiers[0])
    cards = pks_of(membership) if own.merged else [membership.pk]
    standing = Standing(membership=membership, tier=own, held_until=own.until)
    given = [perk for perk in perks.perks_of(tiers[-1]) if perk.kind == TierPerk.Kind.CLAIM]
    theirs = [perk for perk in given if perk.tier.threshold <= own.threshold]
    return Progress(
        membership=membership,
        ladder=ladder,
        tiers=[each for each in tiers if each.retired_at is None],
        level=own,
        measured=measure.of_card(Yardstick.of(ladder), cards, now),
        unit=telling.unit_of(ladder),
        risk=ahead.at_risk(standing, now),
        given=given,
        own=perks.left_of(membership, theirs, now),
    )


def _tiers(membership: Membership) -> "QuerySet[Tier]":
    """The levels there are, and where a member stands if that is no more, lowest first."""
    own = Standing.objects.filter(membership=membership)
    until = Subquery(own.values("held_until")[:1], output_field=DateField())
    merged = Membership.objects.filter(merged_into=membership)
    there = Q(retired_at=None) | Q(pk__in=own.values("tier"))
    on = Tier.objects.filter(there, ladder__off_since=None)
    stands = Exists(own.filter(tier=OuterRef("pk")))
    asked = on.annotate(stands=stands, until=until, merged=Exists(merged))
    return asked.select_related("ladder__shop").order_by("threshold", "pk")
