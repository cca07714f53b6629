"""Early access as one member sees it at one moment."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from members.models import Membership
from rewards.models import Claim
from rewards.vip import audience
from rewards.vip.audience import Right
from rewards.vip.models import Drop, Opening, Reservation

Audience = Opening.Audience
Reply = Reservation.State


class State(StrEnum):
    """What a member can know and do, in the order in which a page tells it."""

    RESERVED = "reserved"  # one is kept for them; of an event: they are coming
    OPEN = "open"  # they may have one; of an event: they may say yes or no
    WAITING = "waiting"  # on the waiting list of an event
    ANNOUNCED = "announced"  # it opens to them, later
    LOCKED = "locked"  # it opens to others; they see the day it opens to everyone, if it does
    ENOUGH = "enough"  # they had as many as anybody may
    SOLD_OUT = "sold_out"
    DECLINED = "declined"  # said no to an event
    TOO_LATE = "too_late"  # answers are closed, and they gave none
    OVER = "over"
    HIDDEN = "hidden"  # nothing of it is shown to them


ORDER = list(State)
GONE = (State.HIDDEN, State.OVER)  # not on a card


@dataclass(frozen=True)
class Look:
    """One drop for one member. Of what is locked a page shows name, picture and `opens_to_all`."""

    drop: Drop
    state: State
    now: datetime
    right: Right | None = None  # by which they may, or will from `opens_to_you` on
    opens_to_all: datetime | None = None  # still to come; None: it has, or never will
    held: tuple[Reservation, ...] = ()  # what is kept for them, soonest to lapse first
    had: int = 0  # how many of it they have or had
    waits: Reservation | None = None
    place: int = 0  # in the waiting list: 1 is next

    @property
    def opens_to_you(self) -> datetime | None:
        """When, if that is still to come."""
        at = self.right.opening.at if self.right else None
        return at if at and at > self.now else None

    @property
    def why(self) -> str:
        """The badge: "Gold", "Picked by the shop"; "": everybody may."""
        kept = self.held[0].why if self.held else ""
        if kept:
            return audience.in_words(kept)
        return self.right.words if self.right else ""

    @property
    def left(self) -> int | None:
        """How many nobody has reserved. None: as many as wanted."""
        return self.drop.left

    @property
    def is_full(self) -> bool:
        """Of an event: a yes is a place on the waiting list."""
        return self.drop.is_event and self.drop.left == 0

    @property
    def kept_until(self) -> datetime | None:
        """When the first of what is reserved lapses. None: it is kept until it is collected."""
        claim = self.held[0].claim if self.held else None
        return claim.use_by if claim else None

    @property
    def has_begun(self) -> bool:
        """Of an event: nobody moves up any more."""
        return self.drop.starts_at is not None and self.drop.starts_at <= self.now

    @property
    def can_reserve(self) -> bool:
        """One more of a thing. The operation asks again."""
        wanted = self.had < self.drop.per_member and self.drop.left != 0
        return self._may and self.drop.is_reserved and wanted

    @property
    def can_reply(self) -> bool:
        """Say yes or no to an event, or change one's mind."""
        return self.drop.is_event and not self._too_late and (self._may or self._replied)

    @property
    def can_let_go(self) -> bool:
        return bool(self.held) and not self._too_late

    @property
    def _may(self) -> bool:
        opened = self.right is not None and self.opens_to_you is None
        return opened and not self.drop.is_over(self.now)

    @property
    def _replied(self) -> bool:
        return bool(self.held) or self.waits is not None

    @property
    def _too_late(self) -> bool:
        by = self.drop.answer_by
        return by is not None and by < self.now


def looks(membership: Membership, now: datetime) -> list[Look]:
    """All a member sees of early access, what concerns them most first; nothing that is over.

    One query where there is nothing, three more elsewhere, however many there are. (Who is nearly
    at a reward, the kinds of programme are asked as well.)
    """
    drops = list(_shown(membership, now))
    if not drops:
        return []
    found = _look_at(drops, membership, now)
    shown = [look for look in found if look.state not in GONE]
    return sorted(shown, key=_by_concern)


def look_of(drop: Drop, membership: Membership, now: datetime) -> Look:
    """One of them, whatever it looks like: a draft is hidden."""
    whole = _with_openings(Drop.objects.filter(pk=drop.pk)).get()
    [look] = _look_at([whole], membership, now)
    return look


def _by_concern(look: Look) -> tuple[int, datetime, int]:
    opens = look.opens_to_you or look.opens_to_all or look.kept_until or look.now
    return ORDER.index(look.state), opens, look.drop.pk


def _shown(membership: Membership, now: datetime) -> QuerySet[Drop]:
    """What is announced or open, and whatever is still kept for this member."""
    kept = Reservation.objects.filter(membership=membership, drop=OuterRef("pk")).ready()
    current = Q(pk__in=Drop.objects.current(now).values("pk"))
    return _with_openings(Drop.objects.filter(current | Exists(kept)))


def _with_openings(drops: QuerySet[Drop]) -> QuerySet[Drop]:
    openings = Opening.objects.select_related("tier")
    return drops.select_related("picture").prefetch_related(Prefetch("openings", openings))


def _look_at(drops: list[Drop], membership: Membership, now: datetime) -> list[Look]:
    openings = [opening for drop in drops for opening in drop.openings.all()]
    rights = audience.rights_of(openings, membership, now)
    own = list(_own(drops, membership))
    return [
        _look(
            drop,
            [right for right in rights if right.opening.drop_id == drop.pk],
            [one for one in own if one.drop_id == drop.pk],
            now,
        )
        for drop in drops
    ]


def _own(drops: Iterable[Drop], membership: Membership) -> QuerySet[Reservation]:
    """What this member has, wants or does not want, each with how many wait `ahead`."""
    before = Q(asked_at__lt=OuterRef("asked_at")) | Q(
        asked_at=OuterRef("asked_at"), pk__lt=OuterRef("pk")
    )
    line = Reservation.objects.filter(before, drop=OuterRef("drop"), state=Reply.WAITING)
    ahead = Subquery(line.order_by().values("drop").annotate(n=Count("pk")).values("n"))
    own = Reservation.objects.filter(membership=membership, drop__in=[each.pk for each in drops])
    soonest = F("claim__use_by").asc(nulls_last=True)
    return own.select_related("claim").annotate(ahead=Coalesce(ahead, 0)).order_by(soonest, "pk")


def _look(drop: Drop, rights: list[Right], own: list[Reservation], now: datetime) -> Look:
    standing = [one for one in own if one.claim and one.claim.state in Claim.STANDING]
    held = tuple(one for one in standing if one.claim and one.claim.can_be_used(now))
    waits = next((one for one in own if one.state == Reply.WAITING), None)
    right = rights[0] if rights else None
    look = Look(
        drop=drop,
        state=State.HIDDEN,
        now=now,
        right=right,
        opens_to_all=_general(drop, now),
        held=held,
        had=len(standing),
        waits=waits,
        place=getattr(waits, "ahead", 0) + 1 if waits else 0,
    )
    return replace(look, state=_state(look, own))


def _general(drop: Drop, now: datetime) -> datetime | None:
    general = (each.at for each in drop.openings.all() if each.audience == Audience.EVERYBODY)
    return next((at for at in general if at > now), None)


def _state(look: Look, own: list[Reservation]) -> State:
    drop, now = look.drop, look.now
    if look.held:
        return State.RESERVED
    if drop.scheduled_at is None:
        return State.HIDDEN
    if drop.is_over(now):
        return State.OVER
    if look.waits:
        return State.TOO_LATE if look.has_begun else State.WAITING
    if not look._may:
        return _not_yet(look)
    return _replying(look, own) if drop.is_event else _taking(look)


def _not_yet(look: Look) -> State:
    """It opens to them before everybody, or they are everybody. Who had theirs and has lost the
    right to more still sees that."""
    if look.right and look.right.opening.audience != Audience.EVERYBODY:
        return State.ANNOUNCED
    if look.drop.others == Drop.Others.TEASER and look.opens_to_all:
        return State.LOCKED
    return State.ENOUGH if look.had else State.HIDDEN


def _replying(look: Look, own: list[Reservation]) -> State:
    if look.had:
        return State.ENOUGH  # they have come in
    latest = max(own, key=lambda one: one.pk, default=None)
    if latest and latest.state == Reply.DECLINED:
        return State.DECLINED
    return State.TOO_LATE if look._too_late else State.OPEN


def _taking(look: Look) -> State:
    if look.had >= look.drop.per_member:
        return State.ENOUGH
    return State.SOLD_OUT if look.left == 0 and look.drop.is_reserved else State.OPEN
