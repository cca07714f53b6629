"""What members and owners read of levels, in whole sentences. No database."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty import money
from members.templatetags.days import day as in_words
from rewards.tiers.models import Ladder, Tier, TierMove
from rewards.tiers.owning import Moves
from rewards.tiers.telling import amount

Why, Window = TierMove.Why, Ladder.Window


# --- A member's line ----------------------------------------------------------------------------


def line(level: str, following: Tier | None, measured: int, unit: list[str]) -> str:
    """Silver. 3 visits to Gold. Of the highest level, that it is."""
    if following is None:
        return _("%(level)s. This is the highest level.") % {"level": level}
    missing = following.threshold - measured
    if missing <= 0:  # reached, and not looked at yet
        return _("%(level)s. You have enough for %(next)s.") % {
            "level": level,
            "next": following.name,
        }
    told = {"level": level, "amount": amount(missing, unit), "next": following.name}
    return _("%(level)s. %(amount)s to %(next)s.") % told


def of_all(following: Tier, measured: int, unit: list[str]) -> str:
    """7 of 10 visits: what the bar shows."""
    told = {"have": amount(measured, unit), "need": amount(following.threshold, unit)}
    return _("%(have)s of the %(need)s that %(next)s takes") % {**told, "next": following.name}


def keeps(level: str, until: date, missing: int, unit: list[str]) -> str:
    """Gold until 31 December. 3 visits to keep it. `missing`: 0 if nothing is."""
    told = {"level": level, "day": in_words(until), "amount": amount(missing, unit)}
    if missing <= 0:
        return _("%(level)s until %(day)s.") % told
    return _("%(level)s until %(day)s. %(amount)s to keep it.") % told


def takes(ladder: Ladder, tier: Tier, unit: list[str]) -> str:
    """10 visits in 12 months; of the first level, that everyone starts there."""
    if not tier.threshold:
        return _("Everyone starts here.")
    told = {"amount": amount(tier.threshold, unit)}
    if ladder.window == Window.ROLLING:
        return _("From %(amount)s in 12 months") % told
    if ladder.window == Window.YEAR:
        return _("From %(amount)s in a calendar year") % told
    return _("From %(amount)s in all") % told


def to_go(missing: int, unit: list[str]) -> str:
    """3 visits to go. "": nothing is missing."""
    return _("%(amount)s to go") % {"amount": amount(missing, unit)} if missing > 0 else ""


def left(n: int, again: date) -> str:
    """How much of a perk is left; or when there is more."""
    if not n:
        return _("You have had it. Again from %(day)s.") % {"day": in_words(again)}
    return ngettext("%(n)d left", "%(n)d left", n) % {"n": n}


# --- What happened ------------------------------------------------------------------------------


def of_move(move: TierMove, *, kept: bool = True) -> str:
    """Moved up to Gold. Needs move.tier and before. `kept`: an extension is told, too."""
    told = {"level": move.tier.name}
    before = move.before.threshold if move.before else 0
    if move.tier.threshold > before:
        return _("Moved up to %(level)s") % told
    if move.tier.threshold < before:
        return _("Moved down to %(level)s") % told
    if move.held_until is None:
        return _("Stays at %(level)s") % told
    return _("Stays at %(level)s until %(day)s") % {**told, "day": in_words(move.held_until)}


def why(move: TierMove, unit: list[str]) -> str:
    """Reached: 10 visits. What it was judged by, where that led to it."""
    if move.why in (Why.REACHED, Why.KEPT, Why.PERIOD_OVER):
        told = {"why": move.get_why_display(), "amount": amount(move.measured, unit)}
        return _("%(why)s: %(amount)s") % told
    return move.get_why_display()


def in_full(level: str, since: datetime, until: date | None) -> str:
    """Gold since 3 March, kept until 3 March 2028."""
    told = {"level": level, "since": in_words(timezone.localtime(since).date())}
    if until is None:
        return _("%(level)s since %(since)s") % told
    return _("%(level)s since %(since)s, kept until %(until)s") % {**told, "until": in_words(until)}


# --- What a change would do ---------------------------------------------------------------------


def moves_lines(moves: Moves, *, runs: bool) -> list[str]:
    """How many members a change moves. `runs`: at once, because levels are on and the shop is."""
    lines = [_up(moves.up, runs=runs), _down(moves.down), _later(moves.later, moves.first)]
    return [line for line in lines if line] or [_("Nobody moves by this.")]


def _up(n: int, *, runs: bool) -> str:
    if not n:
        return ""
    if not runs:
        return ngettext(
            "%(n)d member will move up once levels run.",
            "%(n)d members will move up once levels run.",
            n,
        ) % {"n": n}
    return ngettext("%(n)d member moves up now.", "%(n)d members move up now.", n) % {"n": n}


def _down(n: int) -> str:
    if not n:
        return ""
    return ngettext(
        "%(n)d member loses a level that is taken away.",
        "%(n)d members lose a level that is taken away.",
        n,
    ) % {"n": n}


def _later(n: int, first: date | None) -> str:
    if first is None:
        return ""
    told = {"n": n, "day": in_words(first)}
    return (
        ngettext(
            "%(n)d member would go down when their period ends, on %(day)s.",
            "%(n)d members would go down when their period ends, the first on %(day)s.",
            n,
        )
        % told
    )


def cost_line(level: str, minor: int, currency: str) -> str:
    """What the things of a level cost the shop in a year, if a member has all of them."""
    told = {"level": level, "cost": money.shown(minor, currency)}
    return _("What %(level)s can have costs you at most %(cost)s a year for each member.") % told
