"""One member on the ladder, under the lock of an operation: judged, and moved.

A move says what it was judged by. The latest that stands is where the member is; `Standing` is
the same for pages, and is written here only.
"""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Self

from django.db.models import Exists, OuterRef, QuerySet

from members.family import pks_of
from members.ledger.models import Operation, local_day
from members.messages import operations as messages
from members.messages.models import Message
from members.models import Membership
from rewards.tiers import measure, periods
from rewards.tiers.measure import Yardstick
from rewards.tiers.models import Ladder, Standing, Tier, TierMove

Why = TierMove.Why
MAIL = "rewards/tiers/mail/reached"


@dataclass(frozen=True)
class Steps:
    """The ladder of a shop, and its levels, lowest first."""

    ladder: Ladder
    tiers: list[Tier]

    def reached(self, n: int) -> Tier:
        """The highest level that takes no more than this."""
        return [tier for tier in self.tiers if tier.threshold <= n][-1]

    def fits(self, held: Standing, today: date) -> bool:
        """Is it one of these levels, held until a day that fits the window?"""
        if held.tier.retired_at:
            return False
        until = periods.fitting(self.ladder.window, held.held_until, today)
        return held.tier == self.base or until == held.held_until

    @property
    def base(self) -> Tier:
        return self.tiers[0]

    @property
    def top(self) -> Tier:
        return self.tiers[-1]


@dataclass(frozen=True)
class Judged:
    """What a move was judged by."""

    measured: int
    at: datetime
    measure: str
    window: str
    threshold: int


@dataclass
class Climber:
    """A member, and an operation that holds their lock."""

    op: Operation
    card: Membership
    steps: Steps
    cards: list[int]  # pks: this one and all that became part of it
    known: dict[Any, int] = field(default_factory=dict)  # what was measured already

    @classmethod
    def find(cls, op: Operation, card: Membership) -> Self | None:
        """A member of a shop that has a ladder, on or off. One query, if nothing was merged."""
        own = Standing.objects.filter(membership=card)
        stands = own.filter(tier=OuterRef("pk"))
        merged = Membership.objects.filter(merged_into=card)
        tiers = list(
            Tier.objects.standing()
            .filter(shop=op.shop)
            .select_related("ladder__shop")
            .annotate(stands=Exists(stands), merged=Exists(merged), somewhere=Exists(own))
            .annotate(looked=Exists(own.filter(looked_ahead=True)))
        )
        if not tiers:
            return None
        cards = pks_of(card) if getattr(tiers[0], "merged", False) else [card.pk]
        return cls(op, card, Steps(tiers[0].ladder, tiers), cards)

    @cached_property
    def standing(self) -> Standing | None:
        found = Standing.objects.filter(membership=self.card)
        return found.select_related("tier").first()

    @property
    def level(self) -> Tier:
        """Where they are; read with the ladder, so that a visit that moves nobody asks no more."""
        if "standing" not in self.__dict__:
            stands = [tier for tier in self.steps.tiers if getattr(tier, "stands", False)]
            if stands or not getattr(self.steps.base, "somewhere", False):
                return stands[0] if stands else self.steps.base
        return self.standing.tier if self.standing else self.steps.base

    @property
    def was_warned(self) -> bool:
        """Perhaps: their period ends soon, and the worker looked. Read with the ladder, too."""
        return bool(getattr(self.steps.base, "looked", False))

    @property
    def climbs(self) -> bool:
        """Is the ladder on? Nobody moves while it is off, or the shop on pause."""
        ladder, shop = self.steps.ladder, self.op.shop
        return not (ladder.off_since or shop.paused_since) and shop.live_since is not None

    @property
    def today(self) -> date:
        return local_day(self.op.shop, self.op.occurred_at)

    def measured(self, at: datetime, yardstick: Yardstick | None = None) -> int:
        yardstick = yardstick or Yardstick.of(self.steps.ladder)
        asked = (local_day(self.op.shop, at), yardstick.measure, yardstick.window)
        if asked not in self.known:
            self.known[asked] = measure.of_card(yardstick, self.cards, at)
        return self.known[asked]

    # --- Moving -------------------------------------------------------------------------------

    def climb(self, why: TierMove.Why = Why.REACHED) -> TierMove | None:
        """Move up to what was reached, if it is higher. What came late is measured for its own day
        and for this one."""
        if self.level.retired_at:
            self.leave_retired()
        if self.level == self.steps.top:
            return None
        days = {
            local_day(self.op.shop, at): at for at in (self.op.recorded_at, self.op.occurred_at)
        }
        at = max(
            sorted(days.values()), key=lambda at: self.steps.reached(self.measured(at)).threshold
        )
        n = self.measured(at)
        reached = self.steps.reached(n)
        if reached.threshold <= self.level.threshold:
            return None
        return self.move(reached, why=why, measured=n, at=at)

    def warn_no_more(self) -> None:
        """What they were told before their period ends is not true any more."""
        if (held := self.standing) and held.held_until:
            messages.take_off(self.card, warned_once(held))

    def close_periods(self) -> bool:
        """Look again at the end of every period that is over: held for another, or down to what
        the measure gave that day. A job that comes late finds what it would have found in time.

        True: they went down.
        """
        down = False
        while (held := self.standing) and held.held_until and held.held_until < self.today:
            at = periods.ends(held.held_until, self.op.shop.zone)
            n = self.measured(at)
            reached = self.steps.reached(n)
            kept = reached.threshold >= held.tier.threshold
            tier, why = (held.tier, Why.KEPT) if kept else (reached, Why.PERIOD_OVER)
            self.move(tier, why=why, measured=n, at=at)
            down = down or not kept
        return down

    def leave_retired(self) -> None:
        """A level that is no more: to the next lower one that was left, held as long."""
        if self.standing and (tier := self.standing.tier).retired_at:
            while tier.retired_at:
                tier = tier.instead or self.steps.base
            self.carry(tier, Why.RULES, self.standing.held_until)

    def fit_window(self) -> None:
        """The shop measures another window now: held until a day that fits it."""
        if (held := self.standing) and not self.steps.fits(held, self.today):
            until = periods.fitting(self.steps.ladder.window, held.held_until, self.today)
            self.carry(held.tier, Why.RULES, until)

    def carry(
        self, tier: Tier, why: TierMove.Why, until: date | None, like: TierMove | None = None
    ) -> TierMove:
        """Move by what an earlier move was judged by: the latest of this card, or one `like` it."""
        like = like or self.moves()[0]
        threshold = like.threshold
        if Yardstick.of(like) == Yardstick.of(self.steps.ladder):
            threshold = min(threshold, tier.threshold)
        since = like.since if tier == like.tier else like.at
        judged = Judged(like.measured, like.at, like.measure, like.window, threshold)
        return self._write(tier, why, judged, since=since, until=until)

    def move(self, tier: Tier, *, why: TierMove.Why, measured: int, at: datetime) -> TierMove:
        """Move by the rules of now. Reaching a higher level starts its period."""
        ladder, up = self.steps.ladder, tier.threshold > self.level.threshold
        judged = Judged(measured, at, ladder.measure, ladder.window, tier.threshold)
        same = self.standing if self.standing and self.standing.tier == tier else None
        until = periods.held_until(ladder.window, local_day(self.op.shop, at))
        made = self._write(tier, why, judged, since=same.since if same else at, until=until)
        if up and why != Why.TAKEN_BACK:
            self._tell(made)
        return made

    def _write(
        self, tier: Tier, why: str, judged: Judged, *, since: datetime, until: date | None
    ) -> TierMove:
        self.warn_no_more()
        made = TierMove.objects.create(
            shop=self.op.shop,
            membership=self.card,
            tier=tier,
            before=self.standing.tier if self.standing else None,
            why=why,
            since=since,
            held_until=None if tier == self.steps.base else until,
            operation=self.op,
            **asdict(judged),
        )
        self.stand_by(made)
        return made

    def _tell(self, move: TierMove) -> None:
        last, zone = move.held_until, self.op.shop.zone
        messages.tell(
            self.card,
            template=MAIL,
            values={"level": move.tier.name},
            purpose=Message.Purpose.SERVICE,
            once=told_once(move),
            at=self.op.occurred_at,
            until=periods.ends(last, zone) if last else None,
        )

    # --- What stands ----------------------------------------------------------------------------

    def moves(self) -> "QuerySet[TierMove]":
        """The moves of this card that stand, latest first."""
        own = TierMove.objects.filter(membership=self.card).stands()
        return own.latest_first().select_related("tier", "shop")

    def stand_by(self, move: TierMove | None) -> None:
        """Let pages show where this move led. None: at the base, as if nothing had been."""
        if move is None:
            Standing.objects.filter(membership=self.card).delete()
            self.standing = None
            return
        where = {"tier": move.tier, "since": move.since, "held_until": move.held_until}
        self.standing, _made = Standing.objects.update_or_create(
            membership=self.card, defaults={"shop": self.op.shop, "looked_ahead": False, **where}
        )


def told_once(move: TierMove) -> str:
    """Under which a message about a move is told, and taken off the card."""
    return f"tier-{move.pk}"


def warned_once(held: Standing) -> str:
    """The same for a word before a level may be lost."""
    return f"tier-ahead-{held.tier_id}-{held.held_until}"
