"""A drop as its owner wants it, and whether the shop can promise that."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Self

from loyalty.models import Shop
from rewards.tiers.models import Tier
from rewards.vip.models import Drop, Opening
from rewards.vip.moments import next_midnight
from rewards.vip.refusals import (
    CollectTooEarly,
    EndsTooEarly,
    EventNeeds,
    GeneralTooEarly,
    MoreThanThereAre,
    NoOpening,
    NumberMissing,
    OpensInThePast,
    OpensTooLate,
    ReplyAfterStart,
    TooFew,
    TwiceAtOnce,
)

Audience = Opening.Audience
Kind = Drop.Kind

LIMITS = ("quantity", "per_member", "hold_hours")


@dataclass(frozen=True)
class OpensTo:
    """One opening. `top`: so many of those who spent most in the last `top_days`."""

    at: datetime
    audience: str = Audience.EVERYBODY
    tier: Tier | None = None
    segment: str = ""
    top: int | None = None
    top_days: int | None = None

    @classmethod
    def of(cls, opening: Opening) -> Self:
        """What stands now. Needs its tier."""
        return cls(opening.at, opening.audience, *(getattr(opening, name) for name in NOBODY))

    @property
    def plain(self) -> Self:
        """The same, as it is stored."""
        return replace(self, **self.stored())

    def stored(self) -> dict[str, Any]:
        """As the model has it: nothing of the audiences that were not chosen."""
        said: dict[str, Any] = {"at": self.at, "audience": self.audience, **NOBODY}
        for name in SAYS.get(self.audience, ()):
            said[name] = getattr(self, name)
        return said

    def opening(self, shop: Shop) -> Opening:
        """The same, unsaved: for a preview."""
        return Opening(shop=shop, **self.stored())

    @property
    def whom(self) -> tuple[object, ...]:
        """The same for two openings to the same people."""
        return tuple(value for name, value in self.stored().items() if name != "at")


NOBODY: dict[str, Any] = {"tier": None, "segment": "", "top": None, "top_days": None}
SAYS: dict[str, tuple[str, ...]] = {
    Audience.TIER: ("tier",),
    Audience.SEGMENT: ("segment",),
    Audience.TOP: ("top", "top_days"),
}


@dataclass(frozen=True)
class Plan:
    """All of a drop. None: no limit, not asked, or not of this kind.

    `collect_by` and `hold_hours` are for what is reserved; the place and the times for events,
    `ends_at` for a sale as well.
    """

    kind: str
    name: str
    openings: tuple[OpensTo, ...] = ()
    text: str = ""
    price: str = ""
    quantity: int | None = None
    per_member: int = 1
    others: str = Drop.Others.TEASER
    hold_hours: int | None = None
    collect_by: datetime | None = None
    place: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    reply_by: datetime | None = None

    @property
    def is_event(self) -> bool:
        return self.kind in (Kind.SHOWING, Kind.EVENT)

    @property
    def is_reserved(self) -> bool:
        return self.kind in (Kind.PRODUCT, Kind.LIMITED)

    def over_at(self, shop: Shop) -> datetime | None:
        """From when on it is history; None: until its owner closes it."""
        if self.is_event and self.starts_at and not self.ends_at:
            return next_midnight(shop, self.starts_at)
        return self.ends_at or self.collect_by

    def stored(self, shop: Shop) -> dict[str, Any]:
        """As the model has it, without what is not of this kind. `left` is not in it."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        del own["openings"]
        for name in self._not_of_this_kind():
            own[name] = NONE.get(name)
        kept = Plan(**own)
        return {**own, "over_at": kept.over_at(shop)}

    def _not_of_this_kind(self) -> tuple[str, ...]:
        if self.is_event:  # one seat each
            return ("per_member", "hold_hours", "collect_by")
        if self.is_reserved:
            return ("place", "starts_at", "ends_at", "reply_by")
        return ("quantity", "per_member", "hold_hours", "collect_by", "starts_at", "reply_by")


NONE = {"per_member": 1, "place": ""}


def of(drop: Drop) -> Plan:
    """What stands now, to be changed in a form."""
    names = [field.name for field in fields(Plan) if field.name != "openings"]
    openings = drop.openings.select_related("tier")
    return Plan(
        **{name: getattr(drop, name) for name in names},
        openings=tuple(OpensTo.of(each) for each in openings),
    )


# --- Can the shop promise this? -------------------------------------------------------------------


def check(plan: Plan) -> None:
    """Refused: NumberMissing, TooFew, MoreThanThereAre, EventNeeds, ReplyAfterStart, NoOpening,
    TwiceAtOnce, GeneralTooEarly, CollectTooEarly, EndsTooEarly, OpensTooLate."""
    _check_numbers(plan)
    if plan.is_event:
        _check_event(plan)
    _check_openings(plan)
    _check_end(plan)


def check_future(plan: Plan, now: datetime, known: frozenset[OpensTo] = frozenset()) -> None:
    """Everything is still to come, but for openings that are `known`. Refused: OpensInThePast."""
    for opening in plan.openings:
        if opening.at <= now and opening.plain not in known:
            raise OpensInThePast


def _check_numbers(plan: Plan) -> None:
    if plan.kind == Kind.LIMITED and plan.quantity is None:
        raise NumberMissing
    for what in LIMITS:
        n = getattr(plan, what)
        if n is not None and n < 1:
            raise TooFew(what=what)
    if plan.is_reserved and plan.quantity is not None and plan.per_member > plan.quantity:
        raise MoreThanThereAre(most=plan.quantity)


def _check_event(plan: Plan) -> None:
    if plan.starts_at is None:
        raise EventNeeds(what="starts_at")
    if not plan.place:
        raise EventNeeds(what="place")
    if plan.ends_at and plan.ends_at <= plan.starts_at:
        raise EndsTooEarly
    if plan.reply_by and plan.reply_by > plan.starts_at:
        raise ReplyAfterStart


def _check_openings(plan: Plan) -> None:
    if not plan.openings:
        raise NoOpening
    if len({(each.at, each.whom) for each in plan.openings}) < len(plan.openings):
        raise TwiceAtOnce
    general = [each for each in plan.openings if each.audience == Audience.EVERYBODY]
    early = [each.at for each in plan.openings if each.audience != Audience.EVERYBODY]
    if len(general) > 1:
        raise TwiceAtOnce
    if general and early and general[0].at <= max(early):
        raise GeneralTooEarly


def _check_end(plan: Plan) -> None:
    """Whoever comes last still has some time for it."""
    last = max(each.at for each in plan.openings)
    if plan.is_event:
        if last >= (plan.reply_by or plan.starts_at or last):
            raise OpensTooLate
    elif plan.is_reserved:
        if plan.collect_by and plan.collect_by <= last:
            raise CollectTooEarly
    elif plan.ends_at and plan.ends_at <= last:
        raise EndsTooEarly
