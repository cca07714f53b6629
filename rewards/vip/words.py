"""One sentence about one drop for one member: the one that matters now."""

from collections.abc import Callable
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.numbers import figure
from rewards.vip import moments
from rewards.vip.looks import Look, State
from rewards.vip.models import Drop

Says = Callable[..., str]  # a moment in words


def sentence(look: Look, *, in_full: bool = False) -> str:
    """Opens to you Thu 09:00, to everyone Sat 09:00. `in_full`: days in whole words.

    Of an OPEN drop it is what members are asked, of a HIDDEN one nothing.
    """
    tell = SENTENCES.get(look.state)
    return tell(look, partial(moments.in_words, in_full=in_full)) if tell else ""


def badge(looks: list[Look], *, picked: bool) -> str:
    """VIP and why, as it is now; "": they come as everybody does."""
    rights = (look.right for look in looks if look.state != State.LOCKED)
    why = next((right.words for right in rights if right and right.words), "")
    if picked:
        why = _("Picked by the shop")
    return _("VIP · %(why)s") % {"why": why} if why else ""


def _announced(look: Look, at: Says) -> str:
    told = {"you": at(look.opens_to_you), "all": look.opens_to_all and at(look.opens_to_all)}
    if look.opens_to_all:
        return _("Opens to you %(you)s, to everyone %(all)s.") % told
    return _("Opens to you %(you)s.") % told


def _locked(look: Look, at: Says) -> str:
    return _("Opens to everyone %(when)s.") % {"when": at(look.opens_to_all)}


def _open(look: Look, at: Says) -> str:
    if look.drop.is_event:
        return _invited(look, at)
    if look.drop.kind == Drop.Kind.SALE and look.drop.ends_at:
        return _("Open now, until %(when)s.") % {"when": at(look.drop.ends_at)}
    if look.left is None:
        return _("Open now.")
    told = {"n": figure(look.left)}
    return ngettext("Open now, %(n)s left.", "Open now, %(n)s left.", look.left) % told


def _invited(look: Look, at: Says) -> str:
    when = {"when": at(look.drop.starts_at)}
    if look.is_full:
        return _("You are invited: %(when)s. Full, with a waiting list.") % when
    return _("You are invited: %(when)s.") % when


def _reserved(look: Look, at: Says) -> str:
    if look.drop.is_event:
        return _("See you on %(when)s.") % {"when": at(look.drop.starts_at)}
    n = len(look.held)
    told = {"n": figure(n), "when": look.kept_until and at(look.kept_until)}
    if not look.kept_until:
        return ngettext("Reserved for you.", "%(n)s reserved for you.", n) % told
    return ngettext("Reserved until %(when)s.", "%(n)s reserved until %(when)s.", n) % told


def _waiting(look: Look, at: Says) -> str:
    return _("On the waiting list, place %(n)s.") % {"n": figure(look.place)}


def _enough(look: Look, at: Says) -> str:
    return _("You were here.") if look.drop.is_event else _("You have had yours.")


def _sold_out(look: Look, at: Says) -> str:
    return _("All are reserved right now.")


def _declined(look: Look, at: Says) -> str:
    return _("You said no.")


def _too_late(look: Look, at: Says) -> str:
    return _("Answers were possible until %(when)s.") % {"when": at(look.drop.answer_by)}


def _over(look: Look, at: Says) -> str:
    return _("The shop has closed this.") if look.drop.closed_at else _("This is over.")


SENTENCES: dict[State, Callable[[Look, Says], str]] = {
    State.ANNOUNCED: _announced,
    State.LOCKED: _locked,
    State.OPEN: _open,
    State.RESERVED: _reserved,
    State.WAITING: _waiting,
    State.ENOUGH: _enough,
    State.SOLD_OUT: _sold_out,
    State.DECLINED: _declined,
    State.TOO_LATE: _too_late,
    State.OVER: _over,
}
