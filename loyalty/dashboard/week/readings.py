"""Each figure of a week in words: the number, what was counted, out of what, and what it means."""

from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty import money
from loyalty.dashboard.defined import Defined
from loyalty.dashboard.week.figures import Figure, Quotient, Week
from loyalty.dashboard.week.joining import Joined
from loyalty.downloads import Cell
from loyalty.models import Shop
from loyalty.numbers import NOTHING, figure, percent, signed
from members import kinds
from members.ledger import accounts


@dataclass(frozen=True)
class Reading:
    """One figure, as the page prints it and as the file lists it."""

    shown: Defined
    counted: tuple[Cell, Cell]  # this week, the week before; "–" where there was none
    out_of: tuple[Cell, Cell] = ("", "")
    value: tuple[Cell, Cell] = ("", "")


def readings(week: Week, shop: Shop, *, only_stamps: bool) -> list[Reading]:
    """In the order of the page. What a shop does not have is not listed."""
    found = [_visits(week, only_stamps=only_stamps)]
    if week.joined:
        found += [_sign_ups(week.joined), _members(week.joined)]
    if week.came_back:
        found.append(_came_back(week.came_back))
    if week.stamps:
        found.append(_stamps(week.stamps))
    if week.points:
        found.append(_points(week.points, week))
    if week.rewards:
        found.append(_rewards(week.rewards, never_any=week.never_any))
    if week.spend:
        found.append(_spend(week.spend, shop))
    return found


def _visits(week: Week, *, only_stamps: bool) -> Reading:
    means = (
        _("Times a card was stamped. What was undone does not count.")
        if only_stamps
        else _("Times somebody collected something. What was undone does not count.")
    )
    n = week.visits.now
    part = ngettext("%(n)s visit", "%(n)s visits", n) % {"n": figure(n)}
    return _count(_("Visits"), week.visits, part, means)


def _sign_ups(joined: Joined) -> Reading:
    n = joined.now
    return _count(
        _("Sign-ups"),
        Figure(n, joined.before),
        ngettext("%(n)s new card", "%(n)s new cards", n) % {"n": figure(n)},
        _(
            "New cards, minus cards deleted the same day. Two cards that became one count once, on"
            " the day of the first."
        ),
    )


def _members(joined: Joined) -> Reading:
    n = joined.members
    return _count(
        _("Members"),
        Figure(n, joined.members_before),
        ngettext("%(n)s card in use", "%(n)s cards in use", n) % {"n": figure(n)},
        _("Cards in use at the end of these days."),
    )


def _stamps(stamps: Figure) -> Reading:
    n = stamps.now
    return _count(
        _("Stamps given"),
        stamps,
        ngettext("%(n)s stamp", "%(n)s stamps", n) % {"n": figure(n)},
        _("At the counter, without welcome stamps. What was undone does not count."),
    )


def _points(points: Figure, week: Week) -> Reading:
    programme = week.programmes["points"]
    newest = accounts.newest_rules(programme, week.stretch.now.end)
    return _count(
        _("Points given"),
        points,
        kinds.kind(programme.kind).amount_words(newest, points.now),
        _("At the counter. What was undone does not count."),
    )


def _count(title: str, counted: Figure, part: str, definition: str) -> Reading:
    shown = Defined(
        title=title,
        value=figure(counted.now),
        part=part,
        whole="",
        definition=definition,
        compared=_a_week_before(_cell(counted.before)),
        change=_change(counted),
    )
    return Reading(shown, cells(counted))


def _came_back(back: Quotient) -> Reading:
    n, of = back.part.now, back.whole.now
    shown = Defined(
        title=_("Came back"),
        value=figure(n),
        part=ngettext("%(n)s member active in both", "%(n)s members active in both", n)
        % {"n": figure(n)},
        whole=ngettext(
            "%(n)s member active in the 30 days before",
            "%(n)s members active in the 30 days before",
            of,
        )
        % {"n": figure(of)},
        definition=_(
            "Members active in both the last 30 days and the 30 before, divided by those active in"
            " the 30 before. Active: came by, or got or used a reward."
        ),
        compared=_a_week_before(_cell(back.part.before)),
        change=_change(back.part),
        beside=_("%(share)s of %(n)s") % {"share": percent(n, of), "n": figure(of)}
        if of
        else NOTHING,
    )
    return Reading(
        shown, cells(back.part), cells(back.whole), (_percent(back.now), _percent(back.before))
    )


def _rewards(rewards: Quotient, *, never_any: bool) -> Reading:
    n, of = rewards.part.now, rewards.whole.now
    shown = Defined(
        title=_("Rewards handed out"),
        value=figure(n),
        part=ngettext("%(n)s reward handed out", "%(n)s rewards handed out", n) % {"n": figure(n)},
        whole=ngettext("%(n)s reward earned", "%(n)s rewards earned", of) % {"n": figure(of)},
        definition=_(
            "Rewards handed out in these days, and rewards that became ready in them. One from"
            " before may be handed out now. What was taken back does not count."
        ),
        compared=_("No rewards used yet. The first usually comes after two or three weeks.")
        if never_any
        else _a_week_before(_cell(rewards.part.before)),
        change=_change(rewards.part),
        beside=_("of %(n)s earned") % {"n": figure(of)} if of else _("none earned"),
    )
    value = _percent(rewards.now), _percent(rewards.before)
    return Reading(shown, cells(rewards.part), cells(rewards.whole), value)


def _spend(spend: Quotient, shop: Shop) -> Reading:
    now, before = (_money(each, shop) for each in (spend.now, spend.before))
    of = spend.whole.now
    shown = Defined(
        title=_("Spend per visit"),
        value=now,
        part=_("%(amount)s paid by members") % {"amount": _paid(spend.part.now, shop)},
        whole=ngettext("%(n)s visit with an amount", "%(n)s visits with an amount", of)
        % {"n": figure(of)},
        definition=_("Sum of recorded amounts divided by visits with an amount. Members only."),
        compared=_a_week_before(before),
    )
    paid = _paid(spend.part.now, shop), _paid(spend.part.before, shop)
    return Reading(shown, paid, cells(spend.whole), (now, before))


def _change(counted: Figure) -> str:
    return signed(counted.change) if counted.before is not None and counted.change else ""


def _a_week_before(words: Cell) -> str:
    return _("A week before: %(n)s") % {"n": figure(words) if isinstance(words, int) else words}


def _cell(n: int | None) -> Cell:
    return NOTHING if n is None else n


def cells(counted: Figure) -> tuple[Cell, Cell]:
    """Of this week, and of the week before."""
    return counted.now, _cell(counted.before)


def _percent(share: Fraction | None) -> str:
    return NOTHING if share is None else percent(share, 1)


def _money(minor: Fraction | None, shop: Shop) -> str:
    return NOTHING if minor is None else money.shown(money.half_up(minor), shop.currency)


def _paid(minor: int | None, shop: Shop) -> str:
    return NOTHING if minor is None else money.shown(minor, shop.currency)
