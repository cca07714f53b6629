"""Early access as its owner sees it: what there is, how it goes, and who has reserved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from itertools import groupby

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from loyalty.models import Shop
from loyalty.numbers import figure
from members.models import Membership
from rewards.models import Claim
from rewards.vip import audience, choices, moments
from rewards.vip.models import Drop, Opening, Reservation, Vip
from stampcards.counter import telling

Audience = Opening.Audience
State = Reservation.State
NEXT = ("open", "scheduled", "draft", "over")  # what concerns the owner most comes first


class Phase(StrEnum):
    """How far it has come. The value is a class of tag."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    OVER = "over"

    @property
    def label(self) -> str | Promise:
        return NAMES[self]

    @property
    def look(self) -> str:
        """How its tag is coloured."""
        return {Phase.OPEN: "good", Phase.SCHEDULED: "accent"}.get(self, "")


NAMES = {
    Phase.DRAFT: gettext_lazy("Draft"),
    Phase.SCHEDULED: gettext_lazy("Scheduled"),
    Phase.OPEN: gettext_lazy("Open"),
    Phase.OVER: gettext_lazy("Over"),
}


def phase_of(drop: Drop, now: datetime) -> Phase:
    """Needs its openings."""
    if drop.scheduled_at is None:
        return Phase.DRAFT
    if drop.is_over(now):
        return Phase.OVER
    opened = any(opening.at <= now for opening in drop.openings.all())
    return Phase.OPEN if opened else Phase.SCHEDULED


def drops_of(shop: Shop) -> QuerySet[Drop]:
    """Each with its openings and its picture, and how many have it, had it, said no or wait."""
    held = Q(reservations__claim__state__in=Claim.STANDING)
    used = Q(reservations__claim__state=Claim.State.HANDED_OVER)
    lost = Q(reservations__claim__state=Claim.State.EXPIRED)
    count = partial(Count, "reservations")
    openings = Prefetch("openings", Opening.objects.select_related("tier"))
    return (
        Drop.objects.filter(shop=shop)
        .select_related("shop", "picture")
        .defer("picture__data")
        .prefetch_related(openings)
        .annotate(
            taken=count(filter=held),
            used=count(filter=used),
            lost=count(filter=lost),
            waiting=count(filter=Q(reservations__state=State.WAITING)),
        )
    )


# --- The list -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Listed:
    """One line: what it is, how far it has come, and the sentence that matters now."""

    drop: Drop
    phase: Phase
    line: str
    caution: str = ""

    @property
    def on_sale(self) -> bool:
        return self.phase in (Phase.OPEN, Phase.OVER)


def listed(shop: Shop, now: datetime) -> list[tuple[str | Promise, list[Listed]]]:
    """Everything by how far it has come; within it, what opens or opened last comes first."""
    rows = [_listed(drop, now) for drop in drops_of(shop).order_by("-pk")]
    rows.sort(key=lambda row: NEXT.index(row.phase))
    return [(phase.label, list(some)) for phase, some in groupby(rows, key=lambda row: row.phase)]


def _listed(drop: Drop, now: datetime) -> Listed:
    phase = phase_of(drop, now)
    if phase == Phase.OPEN:
        return Listed(drop, phase, " ".join(filter(None, [figures(drop), still_opens(drop, now)])))
    if phase == Phase.OVER:
        return Listed(drop, phase, " ".join(filter(None, [figures(drop), outcome(drop, phase)])))
    late = any(opening.at <= now for opening in drop.openings.all())
    gone = _("That time has gone by. Choose a new one.") if late else ""
    return Listed(drop, phase, openings_in_line(drop), gone)


def openings_in_line(drop: Drop) -> str:
    """Gold: Thu 09:00 · Everyone: Sat 09:00"""
    each = (
        _("%(who)s: %(when)s")
        % {"who": choices.in_words(opening), "when": moments.in_words(opening.at)}
        for opening in drop.openings.all()
    )
    return " · ".join(each)


def still_opens(drop: Drop, now: datetime) -> str:
    """To whom it opens next; "": to nobody else."""
    for opening in drop.openings.all():
        if opening.at > now:
            told = {"who": choices.in_words(opening), "when": moments.in_words(opening.at)}
            return _("Next: %(who)s, %(when)s.") % told
    return ""


def figures(drop: Drop) -> str:
    """9 of 24 reserved, 15 left. "": nothing is counted. Needs what `drops_of` counts."""
    taken = drop.taken  # type: ignore[attr-defined]
    told = {"taken": figure(taken), "n": figure(drop.quantity or 0), "left": figure(drop.left or 0)}
    if drop.is_event:
        if drop.quantity is None:
            return ngettext("%(taken)s is coming.", "%(taken)s are coming.", taken) % told
        return _("%(taken)s of %(n)s places taken, %(left)s left.") % told
    if not drop.is_reserved:
        return ""
    if drop.quantity is None:
        return ngettext("%(taken)s reserved.", "%(taken)s reserved.", taken) % told
    return _("%(taken)s of %(n)s reserved, %(left)s left.") % told


def outcome(drop: Drop, phase: Phase) -> str:
    """What became of it; "": nothing yet. Needs what `drops_of` counts."""
    used, lost = drop.used, drop.lost  # type: ignore[attr-defined]
    if not used and phase != Phase.OVER:
        return ""
    said = [_("Closed early.")] if drop.closed_at else []
    if drop.is_event:
        said.append(ngettext("%(n)s came.", "%(n)s came.", used) % {"n": figure(used)})
    elif drop.is_reserved:
        told = {"n": figure(used)}
        said.append(ngettext("%(n)s collected.", "%(n)s collected.", used) % told)
    if lost and drop.is_reserved:
        missed = ngettext("%(n)s not collected.", "%(n)s not collected.", lost)
        said.append(missed % {"n": figure(lost)})
    return " ".join(said)


# --- One of them, while it runs -------------------------------------------------------------------


@dataclass(frozen=True)
class Opens:
    """One opening: to whom, in a sentence, and how many that are today."""

    who: str
    line: str
    caution: str = ""


def opens(openings: Iterable[Opening], now: datetime) -> list[Opens]:
    """Opens to 12 members Thursday 09:00. Saved or not; needs their tiers."""
    return [_opens(each, now) for each in audience.preview(openings, now)]


def came(drop: Drop) -> list[Opening]:
    """Its openings; closed early, those it came to."""
    openings = drop.openings.all()
    return [each for each in openings if drop.closed_at is None or each.at <= drop.closed_at]


def _opens(found: audience.Qualifying, now: datetime) -> Opens:
    opening = found.opening
    told = {"n": figure(found.n), "when": moments.in_words(opening.at, in_full=True)}
    who = choices.in_words(opening)
    if opening.at <= now:
        return Opens(who, _("Open since %(when)s.") % told)
    if opening.audience == Audience.EVERYBODY:
        return Opens(who, _("Opens to everyone %(when)s.") % told)
    if found.nobody:
        return Opens(who, _("Opens %(when)s.") % told, _nobody(opening))
    line = ngettext("Opens to %(n)s member %(when)s.", "Opens to %(n)s members %(when)s.", found.n)
    return Opens(who, line % told)


def _nobody(opening: Opening) -> str:
    if opening.audience == Audience.PICKED:
        return _("You have picked nobody yet. Pick members on their own pages.")
    return _("Nobody is in this group today. Choose another one, or it opens to nobody.")


@dataclass(frozen=True)
class Guest:
    """One line of the list of names."""

    reservation: Reservation
    card: Membership
    name: str
    right: str  # "Gold"; "": as everybody
    said: str
    look: str = ""  # of the tag

    @property
    def at(self) -> datetime:
        return self.reservation.asked_at


def guests(drop: Drop) -> dict[str, list[Guest]]:
    """Who has one, who waits, who said no, and what lapsed or was given back. Latest last."""
    found: dict[str, list[Guest]] = {"held": [], "waiting": [], "declined": [], "gone": []}
    rows = Reservation.objects.filter(drop=drop).select_related("membership", "claim")
    answered: set[int] = set()
    for row in rows.order_by("-asked_at", "-pk"):
        where = _where(row)
        if where != "held" and drop.is_event and row.membership_id in answered:
            continue  # they changed their mind since
        answered.add(row.membership_id)
        found[where].append(_guest(drop, row))
    return {where: some[::-1] for where, some in found.items()}


def _where(row: Reservation) -> str:
    if row.claim:
        return "held" if row.claim.state in Claim.STANDING else "gone"
    return {State.WAITING: "waiting", State.DECLINED: "declined"}.get(State(row.state), "gone")


def _guest(drop: Drop, row: Reservation) -> Guest:
    said, look = _said(drop, row)
    right = choices.right_in_words(row.why) if row.why != Audience.EVERYBODY else ""
    return Guest(row, row.membership, telling.name_of(row.membership), right, said, look)


def _said(drop: Drop, row: Reservation) -> tuple[str, str]:
    """What became of it, and how that is coloured."""
    if row.claim is None:
        return str(ANSWERS[State(row.state)]), ""
    match Claim.State(row.claim.state):
        case Claim.State.HANDED_OVER:
            return (_("Came") if drop.is_event else _("Collected")), "good"
        case Claim.State.READY if drop.is_event:
            return _("Coming"), "accent"
        case Claim.State.READY:
            return _kept(row.claim), "accent"
        case Claim.State.EXPIRED:
            return (_("Did not come") if drop.is_event else _("Not collected")), "warn"
    return (_("Said no") if drop.is_event else _("Given back")), ""


def _kept(claim: Claim) -> str:
    if claim.use_by is None:
        return _("Not collected yet")
    return _("Kept until %(when)s") % {"when": moments.in_words(claim.use_by)}


ANSWERS = {
    State.WAITING: gettext_lazy("On the waiting list"),
    State.DECLINED: gettext_lazy("Said no"),
    State.OVER: gettext_lazy("Left the waiting list"),
    State.HELD: "",
}


# --- Who was picked by hand -----------------------------------------------------------------------


@dataclass(frozen=True)
class Pick:
    """A member who was picked, or was once: since when, until when, and by whom."""

    card: Membership
    name: str
    line: str
    stands: bool


def picked() -> list[Pick]:
    """Everybody who is now, by name. In the scope of a shop."""
    standing = Vip.objects.filter(
        until=None, membership__merged_into=None, membership__leaving_since=None
    ).order_by("membership__name", "pk")
    return [_pick(vip) for vip in standing.select_related("membership", "by", "ended_by")]


def picks_of(card: Membership) -> list[Pick]:
    """The log of one member, latest first."""
    own = Vip.objects.filter(membership=card).order_by("-pk")
    return [_pick(vip) for vip in own.select_related("membership", "by", "ended_by")]


def _pick(vip: Vip) -> Pick:
    name = telling.name_of(vip.membership)
    return Pick(vip.membership, name, _picked_line(vip), vip.until is None)


def _picked_line(vip: Vip) -> str:
    told = {"since": _day(vip.since), "by": vip.by, "until": "", "ended_by": vip.ended_by}
    if vip.until is None:
        if vip.by is None:
            return _("Picked on %(since)s.") % told
        return _("Picked on %(since)s by %(by)s.") % told
    told["until"] = _day(vip.until)
    if vip.ended_by is None:
        return _("Picked from %(since)s to %(until)s.") % told
    return _("Picked from %(since)s to %(until)s, ended by %(ended_by)s.") % told


def _day(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "DATE_FORMAT")
