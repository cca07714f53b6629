"""A flag in one sentence: what was counted, and nothing about why."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.guard.facts import Rule
from members.models import Membership

Words = dict[str, str | int]


def sentence(rule: Rule, numbers: dict[str, int], **names: str) -> str:
    """`names` has card, staff, counter and location; "" where there is none."""
    words: Words = {**names, **numbers}
    return SENTENCES[rule](words) % words


def name_of(card: Membership) -> str:
    """A first name, or the six digits where nobody gave one."""
    return card.name or _("card %(code)s") % {"code": card.spoken_code}


def _pair(words: Words) -> str:
    return _("%(staff)s gave %(stamps)d of the %(of)d stamps that %(card)s got in %(days)d days.")


def _busy_card(words: Words) -> str:
    return ngettext(
        "There were %(stamps)d stamps in %(times)d visit for %(card)s on one day.",
        "There were %(stamps)d stamps in %(times)d visits for %(card)s on one day.",
        int(words["times"]),
    )


def _burst(words: Words) -> str:
    minutes = int(words["minutes"])
    if not words["staff"]:
        return ngettext(
            "There were %(times)d visits within %(minutes)d minute at %(counter)s.",
            "There were %(times)d visits within %(minutes)d minutes at %(counter)s.",
            minutes,
        )
    return ngettext(
        "%(staff)s stamped %(times)d times within %(minutes)d minute at %(counter)s.",
        "%(staff)s stamped %(times)d times within %(minutes)d minutes at %(counter)s.",
        minutes,
    )


def _own_card(words: Words) -> str:
    return ngettext(
        "%(staff)s stamped their own card once on one day.",
        "%(staff)s stamped their own card %(times)d times on one day.",
        int(words["times"]),
    )


def _outside_hours(words: Words) -> str:
    times = int(words["times"])
    if not words["staff"]:
        return ngettext(
            "There was one visit outside opening hours at %(location)s.",
            "There were %(times)d visits outside opening hours at %(location)s.",
            times,
        )
    return ngettext(
        "%(staff)s stamped once outside opening hours at %(location)s.",
        "%(staff)s stamped %(times)d times outside opening hours at %(location)s.",
        times,
    )


def _far_above(words: Words) -> str:
    return _(
        "There were %(times)d visits by %(card)s in %(days)d days. "
        "Nearly all others had %(others)d or fewer."
    )


SENTENCES: dict[Rule, Callable[[Words], str]] = {
    Rule.PAIR: _pair,
    Rule.BUSY_CARD: _busy_card,
    Rule.BURST: _burst,
    Rule.OWN_CARD: _own_card,
    Rule.OUTSIDE_HOURS: _outside_hours,
    Rule.FAR_ABOVE: _far_above,
}
